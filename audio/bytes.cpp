// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/bytes.hpp"

#include "config/error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <system_error>
#include <unistd.h>

namespace fugato {
namespace {

class descriptor {
public:
  explicit descriptor(int fd) : fd_(fd) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (fd_ >= 0)
      ::close(fd_);
  }
  int get() const { return fd_; }

private:
  int fd_;
};

errc blame(int number) {
  switch (number) {
  case ENOENT:
  case ENOTDIR:
  case ELOOP:
  case ENAMETOOLONG:
    return errc::not_found;
  case EACCES:
  case EPERM:
    return errc::permission;
  case ENXIO: // a socket, or a device without a driver
  case ENODEV:
    return errc::not_regular;
  default:
    return errc::read_error;
  }
}

error failed(const std::string& path, const char* what, int number) {
  // std::strerror is not thread-safe
  return {blame(number), fmt::format("{}: cannot {}: {}", path, what, std::generic_category().message(number))};
}

struct stat status_of(const descriptor& file, const std::string& path) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0)
    throw failed(path, "examine the file", errno);
  return status;
}

const char* name_of_type(mode_t mode) {
  return S_ISDIR(mode)    ? "a folder"
         : S_ISFIFO(mode) ? "a FIFO"
         : S_ISSOCK(mode) ? "a socket"
         : S_ISCHR(mode)  ? "a character device"
         : S_ISBLK(mode)  ? "a block device"
                          : "something else";
}

bool same_version(const struct stat& a, const struct stat& b) {
  return a.st_size == b.st_size && a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

constexpr int reading = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;

/// Opens what lies beneath `root` and nothing else, whatever links say.
int open_beneath(const std::string& root, const std::string& path) {
  const descriptor folder(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0)
    throw failed(root, "open the folder", errno);
  open_how how{};
  how.flags = reading;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  const long fd = ::syscall(SYS_openat2, folder.get(), path.c_str(), &how, sizeof how);
  if (fd < 0 && errno == EXDEV)
    throw error(errc::permission, fmt::format("{}: must lie beneath {}, but leads out of it", path, root));
  return static_cast<int>(fd);
}

descriptor open_file(const std::string& path, const std::string& root) {
  if (path.find('\0') != std::string::npos)
    throw error(errc::not_found, fmt::format("{}: a path must not hold a zero byte", path.c_str()));
  int fd = -1;
  do
    fd = root.empty() ? ::open(path.c_str(), reading) : open_beneath(root, path);
  while (fd < 0 && errno == EINTR);
  if (fd < 0)
    throw failed(path, "open the file", errno);
  return descriptor(fd);
}

} // namespace

std::vector<std::byte> read_file(const std::string& path, std::uint64_t max_bytes, const std::string& root) {
  const descriptor file = open_file(path, root);
  const struct stat before = status_of(file, path);
  if (!S_ISREG(before.st_mode))
    throw error(errc::not_regular,
                fmt::format("{}: must be a regular file, but is {}", path, name_of_type(before.st_mode)));
  const auto size = static_cast<std::uint64_t>(before.st_size);
  if (size > max_bytes)
    throw error(errc::too_large, fmt::format("{}: must have at most {} bytes, but has {}; the limit follows from "
                                             "audio.max_seconds",
                                             path, max_bytes, size));
  std::vector<std::byte> bytes(static_cast<std::size_t>(size));
  std::size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t got = ::read(file.get(), bytes.data() + have, bytes.size() - have);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      throw failed(path, fmt::format("read byte {}", have).c_str(), errno);
    if (got == 0)
      break;
    have += static_cast<std::size_t>(got);
  }
  if (have != bytes.size() || !same_version(before, status_of(file, path)))
    throw error(errc::read_error, fmt::format("{}: the file changed while it was read", path));
  return bytes;
}

} // namespace fugato
