// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/files.hpp"

#include "config/error.hpp"
#include "config/unfinished.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <sys/stat.h>
#include <tuple>
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
    if (written < 0 && errno == EPIPE)
      end_by_closed_pipe();
    if (written < 0)
      fail_by_errno(path);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
}

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

/// Names of files and folders in the making.
class unfinished_things {
public:
  void add(const std::string& name) {
    std::set<std::string> fresh{name}; // an allocation that fails may want all removed: not with the lock held
    const std::lock_guard lock{mutex_};
    names_.merge(fresh);
  }
  void forget(const std::string& name) {
    const std::lock_guard lock{mutex_};
    names_.erase(name);
  }
  void remove_all() {
    const std::lock_guard lock{mutex_};
    std::error_code ignored;
    for (const std::string& name : names_)
      fs::remove_all(name, ignored);
  }

private:
  std::mutex mutex_;
  std::set<std::string> names_;
};

unfinished_things& unfinished() {
  static unfinished_things all;
  return all;
}

} // namespace

void end_by_closed_pipe() {
  remove_unfinished();
  std::signal(SIGPIPE, SIG_DFL);
  std::raise(SIGPIPE);
  ::_exit(128 + SIGPIPE); // where the signal is blocked
}

passing_thing::passing_thing(std::string path) : path_(std::move(path)) { unfinished().add(path_); }
passing_thing::~passing_thing() { unfinished().forget(path_); }

void remove_unfinished() { unfinished().remove_all(); }

void check_writable(const std::string& folder) {
  const std::string within = folder + "/fugato";
  const auto [name, fd] = make_fresh(
      within, [](const char* fresh) { return ::open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600); });
  if (fd < 0)
    fail_by_errno(folder);
  ::close(fd);
  ::unlink(name.c_str());
}

file_writer::file_writer(std::string path, bool durable) : path_(std::move(path)), durable_(durable) {
  std::error_code problem;
  if (const auto open = open_descriptor(path_))
    fd_ = ::fcntl(*open, F_DUPFD_CLOEXEC, 0);
  else if (const fs::file_status status = fs::status(path_, problem);
           fs::exists(status) && !fs::is_regular_file(status))
    fd_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  else {
    place_ = resolved(path_);
    std::tie(temporary_, fd_) = make_fresh(
        place_, [](const char* name) { return ::open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666); });
  }
  if (fd_ < 0)
    fail_by_errno(path_);
  if (!temporary_.empty())
    unfinished().add(temporary_);
}

file_writer::~file_writer() {
  if (fd_ >= 0)
    ::close(fd_);
  if (temporary_.empty())
    return;
  ::unlink(temporary_.c_str());
  unfinished().forget(temporary_);
}

void file_writer::write(std::string_view text) {
  constexpr std::size_t enough = 1 << 16;
  waiting_ += text;
  if (waiting_.size() >= enough)
    write_out();
}

void file_writer::write_out() {
  write_all(fd_, waiting_, path_);
  waiting_.clear();
}

void file_writer::commit() {
  write_out();
  if ((durable_ && !temporary_.empty() && ::fsync(fd_) != 0) || ::close(std::exchange(fd_, -1)) != 0)
    fail_by_errno(path_);
  if (temporary_.empty())
    return;
  if (::rename(temporary_.c_str(), place_.c_str()) != 0)
    fail_by_errno(path_);
  unfinished().forget(temporary_);
  temporary_.clear();
}

void write_file(const std::string& path, std::string_view content) {
  file_writer out{path};
  out.write(content);
  out.commit();
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
  unfinished().add(path_);
}

staged_folder::~staged_folder() {
  std::error_code ignored;
  if (settled_)
    return;
  fs::remove_all(path_, ignored);
  unfinished().forget(path_);
}

void staged_folder::settle() {
  settled_ = true;
  unfinished().forget(path_);
}

void staged_folder::keep(const std::string& why) {
  settle();
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
  settle();
  if (replaces && is_run_folder(old)) // what was moved aside, looked at again where nobody else moves it
    fs::remove_all(old, problem);
}

} // namespace fugato
