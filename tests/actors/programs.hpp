// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <utility>
#include <vector>

extern char** environ;

namespace fugato {

/// The program as a process of its own, ended with the test. What it says goes to a file.
class program {
public:
  explicit program(std::vector<std::string> words, const std::string& log = "/dev/null",
                   const std::vector<std::string>& more_environment = {}) {
    words.insert(words.begin(), "fugato");
    std::vector<char*> pointers;
    for (std::string& word : words)
      pointers.push_back(word.data());
    pointers.push_back(nullptr);
    std::vector<std::string> extra = more_environment;
    std::vector<char*> variables;
    for (std::string& variable : extra)
      variables.push_back(variable.data());
    for (char** each = environ; *each != nullptr; ++each)
      variables.push_back(*each);
    variables.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    const int problem =
        posix_spawn(&pid_, std::getenv("FUGATO_PROGRAM"), &actions, nullptr, pointers.data(), variables.data());
    posix_spawn_file_actions_destroy(&actions);
    REQUIRE(problem == 0);
  }
  ~program() { end(SIGKILL); }
  program(const program&) = delete;
  program& operator=(const program&) = delete;

  pid_t pid() const { return pid_; }
  bool alive() const { return pid_ > 0 && kill(pid_, 0) == 0 && !ended(); }
  int end(int signal) {
    if (pid_ > 0)
      kill(pid_, signal);
    return wait();
  }
  /// @returns the exit code, -1 for a signal.
  int wait() {
    int status = 0;
    if (pid_ > 0)
      waitpid(std::exchange(pid_, 0), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

private:
  bool ended() const {
    siginfo_t info{};
    return waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == pid_;
  }

  pid_t pid_ = 0;
};

inline std::string text_in(const std::string& path) {
  std::ifstream in{path};
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A number of /proc/PID/status, in kB: "VmRSS", "VmHWM".
inline long status_kb(pid_t pid, const std::string& key) {
  std::ifstream in{"/proc/" + std::to_string(pid) + "/status"};
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(key + ":"))
      return std::stol(line.substr(key.size() + 1));
  return -1;
}

/// Polls until it is so, for as long as a loaded machine may need.
template <class F>
bool comes_true(F condition, std::chrono::seconds limit = std::chrono::seconds(60)) {
  const auto until = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until)
      return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

} // namespace fugato
