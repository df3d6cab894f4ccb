// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/spawning.hpp"

#include "config/error.hpp"

#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

extern char** environ;

namespace fugato {
namespace {

/// This very program, but for tests, which are other programs.
std::string program() {
  const char* other = std::getenv("FUGATO_PROGRAM");
  return other == nullptr ? "/proc/self/exe" : other;
}

} // namespace

pid_t spawn_program(const std::vector<std::string>& arguments, int inherited) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  if (inherited >= 0)
    posix_spawn_file_actions_adddup2(&actions, inherited, STDERR_FILENO + 1);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + (inherited >= 0 ? 2 : 1));
  std::vector<std::string> words{"fugato"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words)
    pointers.push_back(word.data());
  pointers.push_back(nullptr);
  pid_t pid = 0;
  const int problem = posix_spawn(&pid, program().c_str(), &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (problem != 0)
    throw error(errc::internal, std::string("a worker process must start, but: ") + std::strerror(problem));
  return pid;
}

} // namespace fugato
