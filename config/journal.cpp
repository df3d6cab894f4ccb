// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/journal.hpp"

#include "config/error.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <zlib.h>

namespace fugato {
namespace {

constexpr std::string_view magic = "fugato1\n";
constexpr std::size_t head_bytes = 9; // length, CRC, kind
constexpr std::size_t most_waiting = 1 << 20;
constexpr std::chrono::milliseconds commit_interval{100};

[[noreturn]] void fail(const std::string& path, const std::string& what) {
  throw error(errc::output, path + ": " + what);
}

std::uint32_t checksum(std::uint32_t length, std::uint8_t kind, std::string_view payload) {
  std::uint8_t head[5];
  std::memcpy(head, &length, sizeof length);
  head[4] = kind;
  const uLong start = crc32(0, head, sizeof head);
  return static_cast<std::uint32_t>(crc32_z(start, reinterpret_cast<const Bytef*>(payload.data()), payload.size()));
}

std::string framed(std::uint8_t kind, std::string_view payload) {
  const auto length = static_cast<std::uint32_t>(payload.size());
  const std::uint32_t crc = checksum(length, kind, payload);
  std::string result(head_bytes, '\0');
  std::memcpy(result.data(), &length, sizeof length);
  std::memcpy(result.data() + 4, &crc, sizeof crc);
  result[8] = static_cast<char>(kind);
  return result.append(payload);
}

std::string content_of(int fd, const std::string& path) {
  struct stat status {};
  if (fstat(fd, &status) != 0)
    fail(path, std::string("must be readable: ") + std::strerror(errno));
  std::string result(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t done = 0;
  while (done < result.size()) {
    const ssize_t n = pread(fd, result.data() + done, result.size() - done, static_cast<off_t>(done));
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      fail(path, std::string("must be readable: ") + std::strerror(errno));
    if (n == 0)
      break;
    done += static_cast<std::size_t>(n);
  }
  result.resize(done);
  return result;
}

/// @throws error(output) for damage that no dying writer leaves behind
journal_content parse(std::string_view text, const std::string& path) {
  journal_content result;
  if (text.size() < magic.size() && magic.starts_with(text)) {
    result.torn = !text.empty();
    return result;
  }
  if (!text.starts_with(magic))
    fail(path, "must be a journal of Fugato, but does not begin as one");
  result.bytes = magic.size();
  while (result.bytes < text.size()) {
    const std::string_view left = text.substr(result.bytes);
    std::uint32_t length = 0;
    std::uint32_t crc = 0;
    if (left.size() >= head_bytes) {
      std::memcpy(&length, left.data(), sizeof length);
      std::memcpy(&crc, left.data() + 4, sizeof crc);
    }
    if (left.size() < head_bytes || left.size() - head_bytes < length) {
      result.torn = true;
      return result;
    }
    const std::string_view payload = left.substr(head_bytes, length);
    const auto kind = static_cast<std::uint8_t>(left[8]);
    if (checksum(length, kind, payload) != crc) {
      const bool last = left.size() == head_bytes + length;
      if (!last)
        fail(path, fmt::format("must be undamaged, but the record at byte {} has a wrong checksum", result.bytes));
      result.torn = true;
      return result;
    }
    result.records.push_back({result.bytes, kind, std::string(payload)});
    result.bytes += head_bytes + length;
  }
  return result;
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

} // namespace

journal_content read_journal(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    fail(path, std::string("must be readable: ") + std::strerror(errno));
  std::string text;
  try {
    text = content_of(fd, path);
  } catch (...) {
    close(fd);
    throw;
  }
  close(fd);
  return parse(text, path);
}

journal_writer::journal_writer(const std::string& path)
    : path_(path), fd_(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
  if (fd_ < 0)
    fail(path, std::string("must be writable: ") + std::strerror(errno));
  try {
    if (flock(fd_, LOCK_EX | LOCK_NB) != 0)
      throw error(errc::usage, path + ": must not be in use, but another process writes to it");
    before_ = parse(content_of(fd_, path), path);
    const bool fresh = before_.bytes == 0;
    if (ftruncate(fd_, static_cast<off_t>(before_.bytes)) != 0 || lseek(fd_, 0, SEEK_END) < 0 ||
        (fresh && !write_all(fd_, magic)) || fdatasync(fd_) != 0)
      fail(path, std::string("must be writable: ") + std::strerror(errno));
  } catch (...) {
    close(fd_);
    throw;
  }
  clerk_ = std::jthread([this](const std::stop_token& stop) { commit_from_time_to_time(stop); });
}

journal_writer::~journal_writer() {
  clerk_ = {}; // which commits what is left
  if (fd_ >= 0)
    close(fd_);
}

void journal_writer::append(std::uint8_t kind, std::string_view payload) {
  const std::string record = framed(kind, payload);
  std::unique_lock lock{mutex_};
  check();
  // to the system at once, so that a track that ends this process is known; to the medium later, with others
  if (!write_all(fd_, record))
    problem_ = std::strerror(errno);
  waiting_ += record;
  if (waiting_.size() > most_waiting)
    write_out(lock);
  check();
}

void journal_writer::flush() {
  std::unique_lock lock{mutex_};
  write_out(lock);
  check();
}

void journal_writer::remove() {
  clerk_ = {};
  if (fd_ >= 0)
    close(std::exchange(fd_, -1));
  ::unlink(path_.c_str());
}

void journal_writer::commit_from_time_to_time(const std::stop_token& stop) {
  std::unique_lock lock{mutex_};
  while (!stop.stop_requested()) {
    wake_.wait_for(lock, stop, commit_interval, [] { return false; });
    write_out(lock);
  }
  write_out(lock);
}

/// The lock is held throughout: who appends meanwhile waits, which bounds what waits in memory.
void journal_writer::write_out(std::unique_lock<std::mutex>&) {
  if (waiting_.empty() || !problem_.empty())
    return;
  if (fdatasync(fd_) != 0)
    problem_ = std::strerror(errno);
  waiting_.clear();
}

void journal_writer::check() const {
  if (!problem_.empty())
    fail(path_, "must be writable: " + problem_ + "; what is in it stays, and the run can be resumed");
}

} // namespace fugato
