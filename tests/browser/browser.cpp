// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/browser/browser.hpp"

#include <nlohmann/json.hpp>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <poll.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace browsing {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using nlohmann::json;
using clock = std::chrono::steady_clock;

constexpr const char* program = "/usr/bin/chromium";
constexpr auto patience = 60s;

std::string from_base64(const std::string& text) {
  static const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string result;
  unsigned bits = 0;
  int held = 0;
  for (const char c : text) {
    const auto digit = digits.find(c);
    if (digit == std::string::npos)
      break;
    bits = (bits << 6U | static_cast<unsigned>(digit)) & 0xFFFFU;
    held += 6;
    if (held >= 8) {
      held -= 8;
      result += static_cast<char>(bits >> static_cast<unsigned>(held) & 0xFFU);
    }
  }
  return result;
}

/// What must hold of a page that has loaded, as JavaScript that yields sentences.
constexpr const char* inspection = R"js((selectors => {
  const problems = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth)
    problems.push(`content is ${root.scrollWidth} pixels wide`);
  for (const selector of selectors) {
    const found = document.querySelector(selector);
    if (!found) problems.push(`${selector} is missing`);
    else if (found.getClientRects().length === 0) problems.push(`${selector} is not visible`);
  }
  for (const canvas of document.querySelectorAll("canvas")) {
    if (!canvas.width || !canvas.height) { problems.push(`canvas ${canvas.id} has no size`); continue; }
    const copy = document.createElement("canvas"); // reading a canvas back slows it down and gives a warning
    [copy.width, copy.height] = [canvas.width, canvas.height];
    const context = copy.getContext("2d");
    context.drawImage(canvas, 0, 0);
    const pixels = context.getImageData(0, 0, copy.width, copy.height).data;
    if (!pixels.some(x => x !== 0)) problems.push(`canvas ${canvas.id} is empty`);
  }
  return problems;
}))js";

} // namespace

bool available() {
  if (fs::exists(program))
    return true;
  std::puts("skipped: there is no /usr/bin/chromium; tools/install-packages tools/browser-packages.txt installs it");
  return false;
}

std::string file_url(const std::string& path) { return "file://" + path; }

/// The process, its pipes and what it has told.
class browser::connection {
public:
  connection() : profile_(fs::temp_directory_path() / ("fugato-browser-" + std::to_string(getpid()))) {
    int commands[2];
    int answers[2];
    if (pipe2(commands, O_CLOEXEC) != 0 || pipe2(answers, O_CLOEXEC) != 0)
      throw std::runtime_error("no pipe to the browser");
    prctl(PR_SET_CHILD_SUBREAPER, 1); // whom it leaves behind comes to us
    process_ = fork();
    if (process_ == 0)
      become_chromium(commands[0], answers[1]);
    close(commands[0]);
    close(answers[1]);
    out_ = commands[1];
    in_ = answers[0];
    const json target = call("Target.createTarget", {{"url", "about:blank"}});
    session_ = call("Target.attachToTarget", {{"targetId", target["targetId"]}, {"flatten", true}})["sessionId"];
    for (const char* domain : {"Page.enable", "Runtime.enable", "Log.enable", "Network.enable"})
      call(domain);
  }

  ~connection() {
    close(out_); // it ends when its pipe does
    for (int i = 0; i < 100 && waitpid(process_, nullptr, WNOHANG) == 0; ++i)
      std::this_thread::sleep_for(20ms);
    kill(-process_, SIGKILL);
    while (waitpid(-process_, nullptr, 0) > 0 || errno == EINTR) { // its helpers too
    }
    ::close(in_);
    std::error_code ignored;
    fs::remove_all(profile_, ignored);
  }

  /// Sends a command and waits for its answer; events that come before are kept.
  json call(const std::string& method, const json& parameters = json::object()) {
    json message{{"id", ++last_id_}, {"method", method}, {"params", parameters}};
    if (!session_.empty())
      message["sessionId"] = session_;
    send(message.dump() + '\0');
    for (;;) {
      json answer = receive();
      if (answer.value("id", 0) != last_id_) {
        note(answer);
        continue;
      }
      if (answer.contains("error"))
        throw std::runtime_error(method + ": " + answer["error"].dump());
      return answer["result"];
    }
  }

  void wait_for_load() {
    while (!loaded_)
      note(receive());
  }

  void forget() {
    loaded_ = false;
    complaints_.clear();
    requests_.clear();
  }

  const std::vector<std::string>& complaints() const { return complaints_; }
  const std::vector<std::string>& requests() const { return requests_; }

private:
  [[noreturn]] void become_chromium(int commands, int answers) const {
    setpgid(0, 0);
    const int in = fcntl(commands, F_DUPFD, 10);
    const int out = fcntl(answers, F_DUPFD, 10);
    dup2(in, 3);
    dup2(out, 4);
    close(in);
    close(out);
    const int nothing = ::open("/dev/null", O_RDWR);
    dup2(nothing, 0);
    dup2(nothing, 1);
    dup2(nothing, 2);
    const std::string profile = "--user-data-dir=" + profile_.string();
    execl(program, program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage",
          "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
          "--hide-scrollbars", "--remote-debugging-pipe", profile.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }

  void send(const std::string& bytes) {
    for (std::size_t sent = 0; sent < bytes.size();) {
      const ssize_t n = write(out_, bytes.data() + sent, bytes.size() - sent);
      if (n <= 0)
        throw std::runtime_error("the browser has gone");
      sent += static_cast<std::size_t>(n);
    }
  }

  json receive() {
    const auto deadline = clock::now() + patience;
    for (;;) {
      if (const auto end = buffer_.find('\0'); end != std::string::npos) {
        json message = json::parse(buffer_.substr(0, end));
        buffer_.erase(0, end + 1);
        return message;
      }
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - clock::now()).count();
      pollfd waiting{in_, POLLIN, 0};
      if (left <= 0 || poll(&waiting, 1, static_cast<int>(left)) <= 0)
        throw std::runtime_error("the browser does not answer");
      char bytes[65536];
      const ssize_t n = read(in_, bytes, sizeof bytes);
      if (n <= 0)
        throw std::runtime_error("the browser has gone");
      buffer_.append(bytes, static_cast<std::size_t>(n));
    }
  }

  void note(const json& event) {
    const std::string method = event.value("method", "");
    const json& x = event.contains("params") ? event["params"] : event;
    if (method == "Page.loadEventFired")
      loaded_ = true;
    else if (method == "Runtime.exceptionThrown")
      complaints_.push_back("exception: " + x["exceptionDetails"].dump());
    else if (method == "Runtime.consoleAPICalled" && (x["type"] == "error" || x["type"] == "warning"))
      complaints_.push_back("console: " + x["args"].dump());
    else if (method == "Log.entryAdded" && (x["entry"]["level"] == "error" || x["entry"]["level"] == "warning"))
      complaints_.push_back("log: " + x["entry"]["text"].get<std::string>());
    else if (method == "Network.requestWillBeSent")
      requests_.push_back(x["request"]["url"]);
  }

  fs::path profile_;
  pid_t process_ = 0;
  int in_ = -1;
  int out_ = -1;
  int last_id_ = 0;
  std::string session_;
  std::string buffer_;
  bool loaded_ = false;
  std::vector<std::string> complaints_;
  std::vector<std::string> requests_;
};

browser::browser() : to_(std::make_unique<connection>()) {}
browser::~browser() = default;

void browser::open(const std::string& url, unsigned width) {
  to_->call("Emulation.setDeviceMetricsOverride",
            {{"width", width}, {"height", 900}, {"deviceScaleFactor", 1}, {"mobile", width < 600}});
  to_->forget();
  to_->call("Page.navigate", {{"url", "about:blank"}});
  to_->wait_for_load();
  to_->forget();
  const json answer = to_->call("Page.navigate", {{"url", url}});
  if (answer.contains("errorText"))
    throw std::runtime_error(url + ": " + answer["errorText"].get<std::string>());
  to_->wait_for_load();
}

std::string browser::evaluate(const std::string& expression) {
  const json answer =
      to_->call("Runtime.evaluate", {{"expression", expression}, {"returnByValue", true}, {"awaitPromise", true}});
  if (answer.contains("exceptionDetails"))
    throw std::runtime_error(expression + ": " + answer["exceptionDetails"].dump());
  return answer["result"].contains("value") ? answer["result"]["value"].dump() : "null";
}

void browser::wait_until(const std::string& expression) {
  const auto deadline = clock::now() + patience;
  while (evaluate("Boolean(" + expression + ")") != "true") {
    if (clock::now() > deadline)
      throw std::runtime_error("in vain waited for " + expression);
    std::this_thread::sleep_for(20ms);
  }
}

std::vector<std::string> browser::complaints() const { return to_->complaints(); }

std::string browser::look(const std::string& name, const std::string& url, const std::vector<std::string>& selectors,
                          const std::string& server) {
  const char* const pictures = std::getenv("FUGATO_SCREENSHOTS");
  std::string problems;
  for (const unsigned width : {1280U, 390U}) {
    const std::string where = name + " at " + std::to_string(width) + " pixels: ";
    open(url, width);
    for (const char* scheme : {"dark", "light"}) {
      to_->call("Emulation.setEmulatedMedia", {{"features", {{{"name", "prefers-color-scheme"}, {"value", scheme}}}}});
      json found;
      for (int tries = 0; tries < 10 && (tries == 0 || !found.empty()); ++tries) { // a busy machine draws late
        evaluate("new Promise(done => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), " +
                 std::to_string(20 * tries) + "))");
        found = json::parse(evaluate(inspection + ("(" + json(selectors).dump() + ")")));
      }
      for (const json& problem : found)
        problems += where + problem.get<std::string>() + "\n";
      if (pictures) {
        const std::string file = name + "-" + std::to_string(width) + "-" + scheme + ".png";
        const json picture = to_->call("Page.captureScreenshot", {{"captureBeyondViewport", true}});
        std::ofstream(fs::path(pictures) / file, std::ios::binary) << from_base64(picture["data"].get<std::string>());
      }
    }
    for (const std::string& complaint : complaints())
      problems += where + complaint + "\n";
    for (const std::string& request : to_->requests())
      if (request != url && !request.starts_with("data:") && (server.empty() || !request.starts_with(server)))
        problems += where + "requests " + request + "\n";
  }
  return problems;
}

} // namespace browsing
