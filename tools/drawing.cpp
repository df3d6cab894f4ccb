// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/drawing.hpp"

#include "config/printable.hpp"
#include "tools/terminal.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fugato {
namespace {

constexpr const char* program = "rsvg-convert";

/// @returns 0, its exit code, or -1 with errno when it could not be started
int convert(const std::string& from, const std::string& to) {
  std::string arguments[] = {program, "--zoom=2", "--output=" + to, "--", from};
  char* argv[] = {arguments[0].data(), arguments[1].data(), arguments[2].data(),
                  arguments[3].data(), arguments[4].data(), nullptr};
  pid_t child = 0;
  if (const int why = posix_spawnp(&child, program, nullptr, nullptr, argv, environ); why != 0) {
    errno = why;
    return -1;
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

} // namespace

std::size_t draw_png(const std::vector<std::string>& svg_files) {
  std::size_t made = 0;
  for (const std::string& from : svg_files) {
    const std::string to = from.substr(0, from.rfind('.')) + ".png";
    const int code = convert(from, to);
    if (code == 0) {
      ++made;
      continue;
    }
    warn(code < 0 ? fmt::format("no PNG files: {} must be installed (Debian: librsvg2-bin): {}", program,
                                std::strerror(errno))
                  : fmt::format("no PNG files beyond {}: {} ended with code {}", printable(to), program, code));
    break;
  }
  return made;
}

} // namespace fugato
