// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/files.hpp"

#include "config/error.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace fugato {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& path, const std::string& what) {
  throw error(errc::output, path + ": must be writable: " + what);
}

[[noreturn]] void fail_by_errno(const std::string& path) { fail(path, std::strerror(errno)); }

/// Makes something new beside `path`, under a name that nothing had: `make` answers below 0, with EEXIST, for a taken
/// one. Returns the name and the last answer of `make`.
template <class F>
std::pair<std::string, int> make_fresh(const std::string& path, F&& make) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::random_device random;
  std::uniform_int_distribution<std::size_t> pick{0, letters.size() - 1};
  for (int attempt = 0;; ++attempt) {
    std::string name = path + ".partial-";
    for (int i = 0; i < 6; ++i)
      name += letters[pick(random)];
    const int answer = make(name.c_str());
    if (answer >= 0 || errno != EEXIST || attempt == 100)
      return {std::move(name), answer};
  }
}

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

/// The open descriptor that `path` stands for. Opening it anew would start at the beginning of a redirected output
/// and overwrite what was printed.
std::optional<int> open_descriptor(std::string_view path) {
  if (path == "/dev/stdout")
    return STDOUT_FILENO;
  if (path == "/dev/stderr")
    return STDERR_FILENO;
  for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
    int fd = -1;
    const char* const end = path.data() + path.size();
    if (path.starts_with(folder))
      if (const auto read = std::from_chars(path.data() + folder.size(), end, fd); read.ptr == end && fd >= 0)
        return fd;
  }
  return std::nullopt;
}

void write_directly(int fd, const std::string& path, std::string_view content) {
  descriptor out{fd};
  if (out.fd < 0)
    fail_by_errno(path);
  write_all(out.fd, content, path);
  if (::close(std::exchange(out.fd, -1)) != 0)
    fail_by_errno(path);
}

/// Where a chain of symbolic links leads, whether or not something is there.
std::string resolved(const std::string& path) {
  fs::path place = path;
  std::error_code problem;
  for (int links = 0; fs::is_symlink(fs::symlink_status(place, problem)); ++links) {
    if (links == 40)
      fail(path, std::strerror(ELOOP));
    place = place.parent_path() / fs::read_symlink(place, problem);
  }
  return place.string();
}

/// Renames unless `to` exists (EEXIST). Some file systems cannot promise that; there, a plain rename at most replaces
/// an empty folder.
bool rename_to_new(const std::string& from, const std::string& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0)
    return true;
  if (errno != EINVAL && errno != ENOSYS)
    return false;
  std::error_code problem;
  if (fs::exists(fs::symlink_status(to, problem))) {
    errno = EEXIST;
    return false;
  }
  return ::rename(from.c_str(), to.c_str()) == 0;
}

/// Whether Fugato wrote this folder, so that it may be deleted for a new one.
bool is_run_folder(const std::string& folder) {
  std::error_code problem;
  const std::string path = folder + "/manifest.json";
  if (!fs::is_regular_file(path, problem))
    return false;
  std::ifstream in{path, std::ios::binary};
  const auto manifest = nlohmann::json::parse(in, nullptr, /*allow_exceptions*/ false);
  return manifest.is_object() && manifest.contains("format") && manifest.contains("versions") &&
         manifest.contains("table_sha256");
}

/// Whether the current folder is `folder` or lies inside.
bool holds_current(const std::string& folder) {
  std::error_code problem;
  for (fs::path here = fs::current_path(problem); !here.empty(); here = here.parent_path()) {
    if (fs::equivalent(folder, here, problem))
      return true;
    if (here == here.parent_path())
      break;
  }
  return false;
}

void check_target(const std::string& target, bool replace) {
  const fs::path name = fs::path(target).filename();
  if (name.empty() || name == "." || name == ".." || holds_current(target))
    throw error(errc::usage, "'" + target + "': must name a folder of its own, which does not hold the current one");
  std::error_code problem;
  if (fs::exists(fs::symlink_status(target, problem)) && !(replace && is_run_folder(target)))
    throw error(errc::usage, target + ": must not exist yet" +
                                 (replace ? ", or be a run folder of Fugato (holding its manifest.json)"
                                          : "; give another --out, or --force to replace a run folder"));
}

} // namespace

void write_file(const std::string& path, std::string_view content) {
  if (const auto fd = open_descriptor(path))
    return write_directly(::fcntl(*fd, F_DUPFD_CLOEXEC, 0), path, content);
  std::error_code problem;
  const fs::file_status status = fs::status(path, problem);
  if (fs::exists(status) && !fs::is_regular_file(status))
    return write_directly(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY), path, content);

  const std::string place = resolved(path);
  const auto [temporary, fd] =
      make_fresh(place, [](const char* name) { return ::open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666); });
  descriptor out{fd};
  if (out.fd < 0)
    fail_by_errno(path);
  try {
    write_all(out.fd, content, path);
    if (::fsync(out.fd) != 0 || ::close(std::exchange(out.fd, -1)) != 0)
      fail_by_errno(path);
    if (::rename(temporary.c_str(), place.c_str()) != 0)
      fail_by_errno(path);
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
}

staged_folder::staged_folder(std::string target, bool replace) : target_(std::move(target)), replace_(replace) {
  while (target_.size() > 1 && target_.back() == '/')
    target_.pop_back();
  check_target(target_, replace_);
  std::error_code problem;
  if (const fs::path parent = fs::path(target_).parent_path(); !parent.empty())
    fs::create_directories(parent, problem);
  if (problem)
    fail(target_, problem.message());
  auto [name, made] = make_fresh(target_, [](const char* fresh) { return ::mkdir(fresh, 0755); });
  if (made < 0)
    fail_by_errno(target_);
  path_ = std::move(name);
}

staged_folder::~staged_folder() {
  std::error_code ignored;
  if (!settled_)
    fs::remove_all(path_, ignored);
}

void staged_folder::keep(const std::string& why) {
  settled_ = true;
  throw error(errc::output, target_ + ": " + why + "; the results are in " + path_);
}

void staged_folder::commit() {
  const std::string stranger = "must not have appeared meanwhile";
  const std::string old = path_ + ".old";
  std::error_code problem;
  const bool replaces = replace_ && fs::exists(fs::symlink_status(target_, problem));
  if (replaces && !is_run_folder(target_))
    keep("must still be a run folder of Fugato to be replaced");
  if (replaces && !rename_to_new(target_, old))
    keep(std::string("must be replaceable: ") + std::strerror(errno));
  if (!rename_to_new(path_, target_)) {
    const int reason = errno;
    if (replaces)
      rename_to_new(old, target_);
    keep(reason == EEXIST ? stranger : std::string("must be writable: ") + std::strerror(reason));
  }
  settled_ = true;
  if (replaces && is_run_folder(old)) // what was moved aside, looked at again where nobody else moves it
    fs::remove_all(old, problem);
}

} // namespace fugato
