// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/replace_file.hpp"

#include "config/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <string_view>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace fugato {
namespace {

namespace fs = std::filesystem;
constexpr std::int64_t billion = 1'000'000'000;

[[noreturn]] void fail(const std::string& path, const std::string& what) {
  throw error(errc::output, fmt::format("{}: must be writable: {}", path, what));
}

[[noreturn]] void fail_by_errno(const std::string& path, std::string_view what) {
  const int reason = errno;
  fail(path, fmt::format("{}: {}", what, std::strerror(reason)));
}

class descriptor {
public:
  explicit descriptor(int fd) : fd_(fd) {}
  ~descriptor() {
    if (fd_ >= 0)
      ::close(fd_);
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  int get() const { return fd_; }
  int close() { return ::close(std::exchange(fd_, -1)); }

private:
  int fd_;
};

void write_all(int fd, std::span<const std::byte> content, const std::string& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      fail_by_errno(path, "writing beside it");
    content = content.subspan(static_cast<std::size_t>(written));
  }
}

/// Access lists are extended attributes too. What the system sets itself, labels of its own security, is not ours.
void copy_attributes(int from, int to, const std::string& path) {
  std::vector<char> names(65536); // the most that Linux gives
  const ssize_t size = ::flistxattr(from, names.data(), names.size());
  if (size < 0 && errno != ENOTSUP)
    fail_by_errno(path, "listing its extended attributes");
  std::vector<char> value(65536);
  for (std::string_view left(names.data(), static_cast<std::size_t>(std::max<ssize_t>(0, size))); !left.empty();) {
    const std::string name(left.substr(0, left.find('\0')));
    left.remove_prefix(std::min(left.size(), name.size() + 1));
    const ssize_t length = ::fgetxattr(from, name.c_str(), value.data(), value.size());
    const bool kept =
        length >= 0 && ::fsetxattr(to, name.c_str(), value.data(), static_cast<std::size_t>(length), 0) == 0;
    if (!kept && !name.starts_with("security.") && !name.starts_with("trusted."))
      fail_by_errno(path, "keeping its extended attribute " + name);
  }
}

/// Owner before mode, since a change of owner clears bits of it.
void copy_rights(int from, int to, const std::string& path) {
  struct stat about {};
  struct stat fresh {};
  if (::fstat(from, &about) != 0 || ::fstat(to, &fresh) != 0)
    fail_by_errno(path, "looking at it");
  if ((about.st_uid != fresh.st_uid || about.st_gid != fresh.st_gid) && ::fchown(to, about.st_uid, about.st_gid) != 0)
    fail_by_errno(path, "keeping its owner");
  if (::fchmod(to, about.st_mode & 07777U) != 0)
    fail_by_errno(path, "keeping its mode");
  copy_attributes(from, to, path);
}

void set_time(int fd, std::int64_t modified_ns, const std::string& path) {
  const std::int64_t seconds = modified_ns / billion - (modified_ns % billion < 0 ? 1 : 0);
  const std::array<timespec, 2> times{timespec{0, UTIME_OMIT}, timespec{seconds, modified_ns - seconds * billion}};
  if (::futimens(fd, times.data()) != 0)
    fail_by_errno(path, "keeping its time");
}

file_state state_of_stat(const std::string& path, const struct stat& about) {
  return {path,
          about.st_dev,
          about.st_ino,
          about.st_nlink,
          static_cast<std::uint64_t>(about.st_size),
          about.st_mtim.tv_sec * billion + about.st_mtim.tv_nsec,
          (about.st_mode & 0222U) != 0 && ::access(path.c_str(), W_OK) == 0};
}

/// A rename is on the medium when its folder is; some file systems cannot say so.
void flush_folder(const std::string& folder) {
  const descriptor place{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (place.get() >= 0)
    ::fsync(place.get());
}

} // namespace

file_state state_of(const std::string& path) {
  struct stat about {};
  std::error_code problem;
  const std::string place = fs::canonical(path, problem).string();
  if (problem || ::stat(place.c_str(), &about) != 0)
    throw error(problem == std::errc::permission_denied ? errc::permission : errc::not_found,
                fmt::format("{}: must be there: {}", path, problem ? problem.message() : std::strerror(errno)));
  if (!S_ISREG(about.st_mode))
    throw error(errc::not_regular, path + ": must be a regular file");
  return state_of_stat(place, about);
}

void replace_content(const file_state& was, std::span<const std::byte> content,
                     std::optional<std::int64_t> modified_ns) {
  const std::string& path = was.path;
  if (!was.writable)
    fail(path, "it is read-only");
  const descriptor old{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
  if (old.get() < 0)
    fail_by_errno(path, "opening it");
  const std::string folder = fs::path(path).parent_path().string();
  std::string name = folder + "/.fugato-XXXXXX";
  descriptor fresh{::mkostemp(name.data(), O_CLOEXEC)};
  if (fresh.get() < 0)
    fail_by_errno(path, "making a file beside it");
  try {
    write_all(fresh.get(), content, path);
    copy_rights(old.get(), fresh.get(), path);
    if (modified_ns)
      set_time(fresh.get(), *modified_ns, path);
    if (::fsync(fresh.get()) != 0 || fresh.close() != 0)
      fail_by_errno(path, "writing beside it");
    if (state_of(path) != was)
      fail(path, "it has changed meanwhile");
    if (::rename(name.c_str(), path.c_str()) != 0)
      fail_by_errno(path, "renaming");
  } catch (...) {
    ::unlink(name.c_str());
    throw;
  }
  flush_folder(folder);
}

} // namespace fugato
