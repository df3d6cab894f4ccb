// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/journal.hpp"

#include "config/error.hpp"
#include "config/journal_frame.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace fugato {
namespace {

using namespace journal_frame;

constexpr std::uint64_t most_uncommitted = 1 << 20;
constexpr std::chrono::milliseconds commit_interval{100};
const std::string stays = "; what is in it stays, and the run can be resumed";

[[noreturn]] void fail(const std::string& path, const std::string& what) {
  throw error(errc::output, path + ": " + what);
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno != EINTR)
      return false;
    if (n > 0)
      text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

/// The file's bytes; fewer where it ends.
std::size_t read_at(int fd, const std::string& path, std::uint64_t at, char* to, std::size_t size) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t n = ::pread(fd, to + done, size - done, static_cast<off_t>(at + done));
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      fail(path, std::string("must be readable: ") + std::strerror(errno));
    if (n == 0)
      break;
    done += static_cast<std::size_t>(n);
  }
  return done;
}

journal_extent scan_file(int fd, const std::string& path, const journal_visitor& visit) {
  struct stat status {};
  if (::fstat(fd, &status) != 0)
    fail(path, std::string("must be readable: ") + std::strerror(errno));
  return scan({static_cast<std::uint64_t>(status.st_size),
               [&](std::uint64_t at, char* to, std::size_t size) { return read_at(fd, path, at, to, size); }},
              path, visit);
}

} // namespace

journal_extent scan_journal(const std::string& path, const journal_visitor& visit) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    fail(path, std::string("must be readable: ") + std::strerror(errno));
  try {
    const journal_extent result = scan_file(fd, path, visit);
    ::close(fd);
    return result;
  } catch (...) {
    ::close(fd);
    throw;
  }
}

journal_writer::journal_writer(const std::string& path, const journal_visitor& visit) : path_(path) {
  fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (fd_ < 0)
    fail(path, std::string("must be writable: ") + std::strerror(errno));
  try {
    open(visit);
  } catch (...) {
    ::close(fd_);
    throw;
  }
  clerk_ = std::jthread([this](const std::stop_token& stop) { commit_from_time_to_time(stop); });
}

void journal_writer::open(const journal_visitor& visit) {
  if (::flock(fd_, LOCK_EX | LOCK_NB) != 0)
    throw error(errc::usage, path_ + ": must not be in use, but another process writes to it");
  before_ = scan_file(
      fd_, path_, visit ? visit : [](const journal_record&) { return true; });
  const bool fresh = before_.bytes == 0;
  if (::ftruncate(fd_, static_cast<off_t>(before_.bytes)) != 0 || ::lseek(fd_, 0, SEEK_END) < 0 ||
      (fresh && !write_all(fd_, magic)) || ::fdatasync(fd_) != 0)
    fail(path_, std::string("must be writable: ") + std::strerror(errno));
  end_ = committed_ = fresh ? magic.size() : before_.bytes;
}

journal_writer::~journal_writer() {
  clerk_ = {}; // which commits what is left
  if (fd_ >= 0)
    ::close(fd_);
}

std::uint64_t journal_writer::append(std::uint8_t kind, std::string_view payload) {
  if (payload.size() > most_payload)
    fail(path_, "a record must have at most 1 GiB");
  const std::lock_guard lock{mutex_};
  check();
  const std::uint64_t offset = put(kind, payload);
  check();
  if (end_ - committed_ > most_uncommitted)
    wake_.notify_one();
  return offset;
}

/// A record that is written in part only is taken back as far as the medium lets us.
std::uint64_t journal_writer::put(std::uint8_t kind, std::string_view payload) {
  const std::string record = framed(kind, payload);
  if (!write_all(fd_, record)) {
    problem_ = std::strerror(errno) + stays;
    [[maybe_unused]] const int ignored = ::ftruncate(fd_, static_cast<off_t>(end_));
    return end_;
  }
  return std::exchange(end_, end_ + record.size());
}

std::string journal_writer::read(std::uint64_t offset) const {
  const auto source = [&](std::uint64_t at, char* to, std::size_t size) { return read_at(fd_, path_, at, to, size); };
  std::uint64_t end = 0;
  {
    const std::lock_guard lock{mutex_};
    end = end_;
  }
  constexpr std::size_t usual = 4096;
  window around{{end, source}, usual};
  const auto found = record_at(around, offset);
  if (!found)
    fail(path_, damaged(offset));
  return std::string(found->payload);
}

void journal_writer::flush() {
  commit();
  const std::lock_guard lock{mutex_};
  check();
}

void journal_writer::remove() {
  clerk_ = {};
  if (fd_ >= 0)
    ::close(std::exchange(fd_, -1));
  ::unlink(path_.c_str());
}

void journal_writer::commit_from_time_to_time(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock{mutex_};
      wake_.wait_for(lock, stop, commit_interval, [this] { return end_ - committed_ > most_uncommitted; });
    }
    commit();
  }
  commit();
}

/// Who appends need not wait for the medium.
void journal_writer::commit() {
  const std::lock_guard turn{committing_};
  std::unique_lock lock{mutex_};
  const std::uint64_t end = end_;
  if (end == committed_ || !problem_.empty())
    return;
  lock.unlock();
  const int failure = ::fdatasync(fd_) == 0 ? 0 : errno;
  struct stat status {};
  const bool gone = ::fstat(fd_, &status) == 0 && status.st_nlink == 0;
  lock.lock();
  if (failure != 0 || gone)
    problem_ = gone ? "it was removed, and what was in it is lost" : std::strerror(failure) + stays;
  else if (problem_.empty())
    put(commit_kind, commit_payload(end_, end));
  committed_ = end_; // its own record needs no other
}

void journal_writer::check() const {
  if (!problem_.empty())
    fail(path_, "must be writable: " + problem_);
}

} // namespace fugato
