// SPDX-License-Identifier: GPL-3.0-or-later
// The live view of a run that goes on.
#include "audio/wav.hpp"
#include "tests/browser/browser.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cmath>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace fs = std::filesystem;

namespace {

/// `fugato run` over thousands of names of one tone and one file that is no audio; it takes longer than anybody looks.
class long_run {
public:
  long_run() {
    const fs::path genre = folder_ / "music" / "tones";
    fs::create_directories(genre);
    std::vector<std::int16_t> tone(30 * 22050);
    for (std::size_t t = 0; t < tone.size(); ++t)
      tone[t] = static_cast<std::int16_t>(9000 * std::sin(2 * std::numbers::pi * 440 * double(t) / 22050));
    fugato::write_wav(genre / "tone.wav", tone, 22050);
    for (int i = 0; i < 40'000; ++i) // a file system allows 65,000
      fs::create_hard_link(genre / "tone.wav", genre / ("tone." + std::to_string(i) + ".wav"));
    std::ofstream{genre / "broken.wav"} << "no <b>audio</b>";
    std::ofstream{folder_ / "run.json"} << R"({"corpus": "music", "features": {"preset": "extended"},
      "dispatch": {"dashboard": "127.0.0.1:0", "policy": "processes", "workers": 2}})";
    start();
  }
  ~long_run() {
    stop();
    fs::remove_all(folder_);
  }
  long_run(const long_run&) = delete;
  long_run& operator=(const long_run&) = delete;

  /// Where it shows itself.
  std::string url() const {
    const std::string words = "live view: ";
    for (int i = 0; i < 600; ++i) {
      std::ostringstream told;
      told << std::ifstream(folder_ / "err.txt").rdbuf();
      const std::string text = told.str();
      const auto at = text.find(words);
      if (at != std::string::npos && text.find('\n', at) != std::string::npos)
        return text.substr(at + words.size(), text.find('\n', at) - at - words.size());
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    FAIL("the run does not say where it shows itself");
    return "";
  }

  void stop() {
    if (process_ == 0)
      return;
    kill(process_, SIGTERM);
    waitpid(process_, nullptr, 0);
    process_ = 0;
  }

private:
  void start() {
    process_ = fork();
    if (process_ != 0)
      return;
    const int told = open((folder_ / "err.txt").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(told, STDERR_FILENO);
    dup2(told, STDOUT_FILENO);
    if (chdir(folder_.c_str()) == 0)
      execl(FUGATO_BINARY, "fugato", "run", "run.json", "--out", "result", nullptr);
    _exit(127);
  }

  fs::path folder_ = fs::temp_directory_path() / ("fugato-live-" + std::to_string(getpid()));
  pid_t process_ = 0;
};

} // namespace

TEST_CASE("a run shows itself while it goes on") {
  if (!browsing::available())
    return;
  long_run run;
  const std::string url = run.url();
  browsing::browser chromium;
  chromium.open(url, 1280);
  chromium.wait_until("document.querySelector('#failures tr + tr')");
  CHECK(chromium.evaluate("document.querySelector('#phase').textContent") == "\"Extracting\"");
  CHECK(chromium.evaluate("document.querySelector('#failures td + td').textContent") == "\"not-audio\"");
  CHECK(chromium.evaluate("document.querySelector('#failures b')") == "null");
  chromium.wait_until("document.querySelectorAll('#stream rect.task0').length > 3");
  chromium.wait_until("[...document.querySelectorAll('#lines td')].some(x => x.textContent.startsWith('tone.'))");
  chromium.wait_until("parseFloat(document.querySelector('#rate').textContent) > 0");
  const std::string labels = "Chart.getChart('rates').data.labels";
  chromium.wait_until(labels + ".length > 3");
  const std::string first = chromium.evaluate(labels + "[0]");
  const std::string before = chromium.evaluate("document.querySelector('#share-note').textContent");
  chromium.wait_until("document.querySelector('#share-note').textContent != " + before);
  CHECK(chromium.complaints().empty());

  CHECK(chromium.look(
            "live", url,
            {"#phase", "#progress i", "#share", "#rate", "#eta", "#memory", "canvas#rates", "#stream", "#lines"},
            url) == "");

  chromium.open(url, 1280);
  chromium.wait_until("document.querySelector('#connection').textContent == 'live'");
  chromium.wait_until(labels + ".length > 0");
  CHECK(chromium.evaluate(labels + "[0]") == first); // it knows what was before it was opened
  run.stop();
  chromium.wait_until("document.querySelector('#connection').textContent == 'ended'");
  CHECK(chromium.complaints().empty());
}
