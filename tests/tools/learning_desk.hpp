// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/read_text.hpp"
#include "models/table.hpp"
#include "tests/models/blobs.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

/// The program as its users meet it, learning from a small table.
namespace fugato::at_desk {

namespace fs = std::filesystem;

struct answer {
  int code = -1;
  std::string out;
  std::string err;
};

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// A folder with a small table and settings of a search that takes no time, and the program.
struct desk {
  fs::path path = fs::temp_directory_path() / ("fugato-tune-test-" + std::to_string(getpid()));

  desk() {
    fs::create_directories(path);
    fugato::write_table((path / "table.csv").string(), fugato::blobs({.noise = 1.5F}));
    write("tune.json", R"({"tune": {"parameters": ["n_estimators=3,9", "max_depth=1,4"], "folds": 2},
                           "dispatch": {"workers": 2}})");
  }
  ~desk() { fs::remove_all(path); }

  void write(const std::string& name, const std::string& text) const { std::ofstream{path / name} << text; }
  std::string text(const std::string& name) const {
    return fugato::read_text((path / name).string(), fugato::errc::internal);
  }

  std::string line(const std::string& arguments) const {
    return "cd '" + path.string() + "' && exec '" FUGATO_BINARY "' " + arguments + " >out.txt 2>err.txt";
  }

  answer run(const std::string& arguments) const {
    const int status = std::system(line(arguments).c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text("out.txt"), text("err.txt")};
  }
  answer tune(const std::string& options) const { return run("tune table.csv --config tune.json " + options); }

  /// Starts the program in the background, what it says in NAME.out and NAME.err. @param before sets variables
  pid_t start(const std::string& name, const std::string& arguments, const std::string& before = "") const {
    const pid_t child = fork();
    if (child != 0)
      return child;
    const std::string command = "cd '" + path.string() + "' && " + before + " exec '" FUGATO_BINARY "' " + arguments +
                                " >" + name + ".out 2>" + name + ".err";
    execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    _exit(127);
  }

  /// Waits until a file holds a text so many times. @returns whether it came to that in two minutes
  bool soon(const std::string& file, const std::string& what, std::size_t times) const {
    for (int i = 0; i < 12'000; ++i) {
      const std::string found = fs::exists(path / file) ? text(file) : "";
      std::size_t count = 0;
      for (auto at = found.find(what); at != std::string::npos; at = found.find(what, at + 1))
        ++count;
      if (count >= times)
        return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }

  /// Starts the program, and sends it a signal as soon as the file has so many lines. @returns how it ended
  int signal_at(const std::string& file, std::ptrdiff_t lines, int signal, const std::string& arguments) const {
    const pid_t child = fork();
    if (child == 0) {
      execl("/bin/sh", "sh", "-c", line(arguments).c_str(), nullptr);
      _exit(127);
    }
    const auto count = [&] {
      const std::string found = fs::exists(path / file) ? text(file) : "";
      return std::count(found.begin(), found.end(), '\n');
    };
    while (count() < lines && waitpid(child, nullptr, WNOHANG) == 0)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    REQUIRE(kill(child, signal) == 0);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
  }
};

/// How a child ended; one that does not within two minutes is killed.
inline int exit_code(pid_t child) {
  int status = 0;
  bool ended = false;
  for (int i = 0; i < 12'000 && !ended; ++i) {
    ended = waitpid(child, &status, WNOHANG) == child;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  if (!ended) {
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

} // namespace fugato::at_desk
