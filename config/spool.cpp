// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/spool.hpp"

#include "config/error.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace fugato {
namespace {

constexpr std::size_t most_waiting = 1 << 16;

/// Some file systems know no files without a name: there it loses its name at once.
int open_nameless(const std::string& folder) {
  const int fd = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
    return fd;
  std::string name = folder + "/fugato-rows-XXXXXX";
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0)
    ::unlink(name.c_str());
  return named;
}

} // namespace

spool::spool(std::string folder) : folder_(std::move(folder)) {}

spool::~spool() {
  if (fd_ >= 0)
    ::close(fd_);
}

std::uint64_t spool::append(std::string_view bytes) {
  const std::uint64_t at = written_ + waiting_.size();
  waiting_ += bytes;
  if (!folder_.empty() && waiting_.size() > most_waiting)
    write_out();
  return at;
}

void spool::write_out() {
  if (fd_ < 0)
    fd_ = open_nameless(folder_);
  if (fd_ < 0)
    fail("be writable");
  std::string_view left = waiting_;
  while (!left.empty()) {
    const ssize_t n = ::write(fd_, left.data(), left.size());
    if (n < 0 && errno != EINTR)
      fail("have room for the rows");
    if (n > 0)
      left.remove_prefix(static_cast<std::size_t>(n));
  }
  written_ += waiting_.size();
  waiting_.clear();
}

void spool::read(std::uint64_t at, char* to, std::size_t size) const {
  while (size > 0 && at < written_) {
    const std::size_t here = std::min<std::uint64_t>(size, written_ - at);
    const ssize_t n = ::pread(fd_, to, here, static_cast<off_t>(at));
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      fail("give the rows back");
    at += static_cast<std::uint64_t>(n);
    to += n;
    size -= static_cast<std::size_t>(n);
  }
  if (size > 0)
    std::memcpy(to, waiting_.data() + (at - written_), size);
}

void spool::fail(const char* what) const {
  throw error(errc::output, folder_ + ": must " + what + ": " + std::strerror(errno));
}

} // namespace fugato
