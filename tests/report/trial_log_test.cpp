// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/trial_log.hpp"

#include "config/json.hpp"
#include "tests/errors.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

using namespace fugato;
namespace fs = std::filesystem;

namespace {

trial_record record(std::uint32_t fold) {
  trial_record x{1, "abc", {}, {}};
  x.what.tuning_folds = 3;
  x.what.tuning_fold = fold;
  x.result.model = "xgboost";
  x.result.fold = fold;
  x.result.test_chunks.log_loss = 1.0 / 3;
  return x;
}

struct folder {
  fs::path path = fs::temp_directory_path() / ("fugato-trial-log-" + std::to_string(getpid()));
  std::string file = (path / "trials.jsonl").string();

  folder() { fs::create_directories(path); }
  ~folder() { fs::remove_all(path); }

  std::string text() const {
    std::ostringstream result;
    result << std::ifstream(file).rdbuf();
    return result.str();
  }
  void write(const std::string& text) const { std::ofstream{file} << text; }
  /// The log as a search leaves it that was interrupted after two trials.
  std::string two() const {
    fs::remove(file);
    trial_log log{file, false};
    log.append(record(0));
    log.append(record(1));
    return text();
  }
  std::string refusal() const {
    return sentence(errc::usage, [&] { trial_log{file, true}.take_up("abc"); });
  }
};

} // namespace

TEST_CASE_FIXTURE(folder, "what was appended is there again, and can be appended to") {
  const std::string whole = two();
  CHECK(std::count(whole.begin(), whole.end(), '\n') == 2);
  {
    trial_log log{file, true};
    const auto found = log.take_up("abc");
    REQUIRE(found.size() == 2);
    CHECK(to_json(found[1]) == to_json(record(1)));
    log.append(record(2));
  }
  CHECK(trial_log{file, true}.take_up("abc").size() == 3);
}

TEST_CASE_FIXTURE(folder, "a last line that was torn is cut off, wherever") {
  const std::string whole = two();
  const std::size_t second = whole.find('\n') + 1;
  for (const std::size_t size : {second, second + 1, whole.size() - 2, whole.size() - 1}) {
    write(whole.substr(0, size));
    trial_log log{file, true};
    CHECK(log.take_up("abc").size() == 1);
    log.append(record(1));
    CHECK(text() == whole);
  }
}

TEST_CASE_FIXTURE(folder, "anything else wrong is an error with the line") {
  const std::string whole = two();
  const std::string first = whole.substr(0, whole.find('\n') + 1);
  write(first + "{}\n");
  CHECK(refusal() == file + ": line 2: must be as a search writes it, with every field");
  write(first + "\n" + first);
  CHECK(refusal().starts_with(file + ": line 2: must be JSON"));
  write(first.substr(0, 40) + "\n" + first);
  CHECK(refusal().starts_with(file + ": line 1: must be JSON"));
  std::string other = whole;
  other.replace(other.find("\"accuracy\":0.0"), 14, "\"accuracy\":7.0");
  write(other);
  CHECK(refusal().find("line 1: /result/test_chunks/accuracy: must lie in [0, 1], found 7.0") != std::string::npos);
  CHECK(text() == other); // is the user's: left as it was
}

TEST_CASE_FIXTURE(folder, "another table is refused") {
  two();
  CHECK(sentence(errc::usage, [&] {
          trial_log{file, true}.take_up("abd");
        }).starts_with(file + ": line 1: belongs to a search in another table"));
}

TEST_CASE_FIXTURE(folder, "a log that is there is taken up only on request, and by one search at a time") {
  {
    const trial_log log{file, false};
    CHECK(sentence(errc::usage, [&] { trial_log{file, true}; }) == file + ": is being written by another search");
  }
  CHECK_FALSE(fs::exists(file)); // was empty
  two();
  CHECK(sentence(errc::usage, [&] { trial_log{file, false}; }).find("--resume goes on with it") != std::string::npos);
  CHECK(sentence(errc::output, [&] { trial_log{"/nowhere/x", false}; }).starts_with("/nowhere/x: must be writable"));
}
