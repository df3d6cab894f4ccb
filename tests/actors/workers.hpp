// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <sys/types.h>

/// Worker processes as tests see and disturb them.
namespace fugato {

/// Sets FUGATO_FAULT for the workers that are started meanwhile.
struct fault {
  explicit fault(const char* what) { setenv("FUGATO_FAULT", what, 1); }
  ~fault() { unsetenv("FUGATO_FAULT"); }
  fault(const fault&) = delete;
  fault& operator=(const fault&) = delete;
};

/// Children of this process.
inline std::set<pid_t> children() {
  std::set<pid_t> result;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream in{task.path() / "children"};
    for (pid_t pid = 0; in >> pid;)
      result.insert(pid);
  }
  return result;
}

/// CPU time of a process so far, 0 of one that is gone.
inline std::uint64_t cpu_nanoseconds(pid_t pid) {
  std::ifstream in{"/proc/" + std::to_string(pid) + "/schedstat"};
  std::uint64_t result = 0;
  in >> result;
  return result;
}

} // namespace fugato
