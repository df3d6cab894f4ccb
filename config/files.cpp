// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/files.hpp"

#include "config/error.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>
#include <utility>

namespace fugato {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& path, const std::string& what) {
  throw error(errc::output, path + ": must be writable: " + what);
}

[[noreturn]] void fail_by_errno(const std::string& path) { fail(path, std::strerror(errno)); }

/// A name beside `path` that no other process takes.
std::string temporary_name(const std::string& path) { return path + ".partial-" + std::to_string(getpid()); }

void write_all(int fd, std::string_view content, const std::string& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      fail_by_errno(path);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
}

/// A descriptor that is closed at the end of its scope.
struct descriptor {
  int fd;
  ~descriptor() {
    if (fd >= 0)
      ::close(fd);
  }
};

} // namespace

void write_file(const std::string& path, std::string_view content) {
  const std::string temporary = temporary_name(path);
  try {
    descriptor out{::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)};
    if (out.fd < 0)
      fail_by_errno(path);
    write_all(out.fd, content, path);
    if (::fsync(out.fd) != 0 || ::close(std::exchange(out.fd, -1)) != 0)
      fail_by_errno(path);
    if (::rename(temporary.c_str(), path.c_str()) != 0)
      fail_by_errno(path);
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
}

staged_folder::staged_folder(std::string target, bool replace) : target_(std::move(target)) {
  while (target_.size() > 1 && target_.back() == '/')
    target_.pop_back();
  std::error_code problem;
  if (fs::exists(fs::symlink_status(target_, problem)) && !(replace && fs::exists(target_ + "/manifest.json", problem)))
    throw error(errc::usage, target_ + ": must not exist yet" +
                                 (replace ? ", or be a run folder of Fugato (holding manifest.json)"
                                          : "; give another --out, or --force to replace a run folder"));
  path_ = temporary_name(target_);
  fs::create_directories(path_, problem);
  if (problem)
    fail(target_, problem.message());
}

staged_folder::~staged_folder() {
  std::error_code ignored;
  if (!committed_)
    fs::remove_all(path_, ignored);
}

void staged_folder::commit() {
  std::error_code problem;
  const std::string old = path_ + ".old";
  const bool replaces = fs::exists(target_);
  if (replaces)
    fs::rename(target_, old, problem);
  if (!problem)
    fs::rename(path_, target_, problem);
  if (problem)
    fail(target_, problem.message());
  committed_ = true;
  if (replaces)
    fs::remove_all(old, problem);
}

} // namespace fugato
