// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/tag_log.hpp"

#include "config/error.hpp"
#include "config/json.hpp"
#include "config/read_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace fugato {
namespace {

/// Equal bytes between two runs that cost less than a run of their own.
constexpr std::size_t least_gap = 32;

/// Where the old content's byte stands in the new one, as a shift; it may lie outside.
std::int64_t shift(std::size_t old_size, std::size_t new_size, bool from_end) {
  return from_end ? static_cast<std::int64_t>(new_size) - static_cast<std::int64_t>(old_size) : 0;
}

/// The parts of the old content that the new one does not have at the same place.
std::vector<std::pair<std::size_t, std::size_t>> differing(std::span<const std::byte> old,
                                                           std::span<const std::byte> now, bool from_end) {
  std::vector<std::pair<std::size_t, std::size_t>> result; // first, last + 1
  const std::int64_t by = shift(old.size(), now.size(), from_end);
  for (std::size_t i = 0; i < old.size(); ++i) {
    const std::int64_t there = static_cast<std::int64_t>(i) + by;
    if (there >= 0 && there < std::ssize(now) && now[static_cast<std::size_t>(there)] == old[i])
      continue;
    if (!result.empty() && i - result.back().second < least_gap)
      result.back().second = i + 1;
    else
      result.emplace_back(i, i + 1);
  }
  return result;
}

std::size_t weight(const std::vector<std::pair<std::size_t, std::size_t>>& runs) {
  std::size_t result = 0;
  for (const auto& [first, end] : runs)
    result += end - first + least_gap;
  return result;
}

std::string line_of(const tag_change& x) {
  using nlohmann::ordered_json;
  return ordered_json::parse(to_json(x)).dump(-1, ' ', true, ordered_json::error_handler_t::replace);
}

tag_change change_of(const std::string& line, const std::string& place) {
  tag_change result;
  try {
    read_json(line, {place, ""}, description_of(result));
  } catch (const error& e) {
    throw error(errc::usage, e.what());
  }
  if (result.format != 1 || result.path_hex.empty() || result.sha256_after.size() != 64 ||
      result.sha256_before.size() != 64)
    throw error(errc::usage, place + ": must be as `fugato tag` writes it (format 1), with every field");
  return result;
}

} // namespace

void describe(visitor& v, byte_run& x) {
  v("at", x.at, anything{}, "position in the old content [bytes]");
  v("hex", x.hex, anything{}, "what stood there");
}

void describe(visitor& v, way_back& x) {
  v("size", x.size, anything{}, "of the old content [bytes]");
  v("from_end", x.from_end, anything{}, "whether old and new content are laid beside each other from their ends");
  v("runs", x.runs, "what the new content does not have at the same place");
}

void describe(visitor& v, tag_change& x) {
  v("format", x.format, anything{}, "of this line");
  v("path", x.path, anything{}, "of the file");
  v("path_hex", x.path_hex, anything{}, "the same to the byte");
  v("before", x.before, anything{}, "genres");
  v("after", x.after, anything{}, "genres");
  v("modified_ns", x.modified_ns, anything{}, "the file's time before [ns since 1970]");
  v("sha256_before", x.sha256_before, anything{}, "of the whole file");
  v("sha256_after", x.sha256_after, anything{}, "of the whole file");
  v("back", x.back, "how to make the old file of the new one");
}

way_back difference(std::span<const std::byte> old, std::span<const std::byte> now) {
  const auto by_begin = differing(old, now, false);
  const auto by_end = differing(old, now, true);
  way_back result{old.size(), weight(by_end) < weight(by_begin), {}};
  for (const auto& [first, end] : result.from_end ? by_end : by_begin)
    result.runs.push_back({first, to_hex(old.subspan(first, end - first))});
  return result;
}

std::vector<std::byte> undone(std::span<const std::byte> now, const way_back& way) {
  std::size_t kept = 0;
  for (const byte_run& run : way.runs)
    kept += run.hex.size() / 2;
  if (way.size > now.size() + kept)
    throw error(errc::usage, "the log must know each byte of the old file that the new one lacks, but does not");
  std::vector<std::byte> result(way.size);
  const std::int64_t by = shift(result.size(), now.size(), way.from_end);
  for (std::size_t i = 0; i < result.size(); ++i)
    if (const std::int64_t there = static_cast<std::int64_t>(i) + by; there >= 0 && there < std::ssize(now))
      result[i] = now[static_cast<std::size_t>(there)];
  for (const byte_run& run : way.runs) {
    const std::vector<std::byte> bytes = from_hex(run.hex);
    if (run.at > result.size() || bytes.size() > result.size() - run.at)
      throw error(errc::usage, fmt::format("a run of {} bytes at {} must lie within the old file's {} bytes",
                                           bytes.size(), run.at, result.size()));
    std::copy(bytes.begin(), bytes.end(), result.begin() + static_cast<std::ptrdiff_t>(run.at));
  }
  return result;
}

std::string to_hex(std::span<const std::byte> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  result.reserve(2 * bytes.size());
  for (const std::byte b : bytes) {
    result += digits[std::to_integer<unsigned>(b) >> 4U];
    result += digits[std::to_integer<unsigned>(b) & 15U];
  }
  return result;
}

std::vector<std::byte> from_hex(const std::string& text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::vector<std::byte> result(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto digit = digits.find(text[i]);
    if (digit == std::string_view::npos || text.size() % 2 != 0)
      throw error(errc::usage, "bytes must be written as pairs of hexadecimal digits");
    result[i / 2] = result[i / 2] << 4U | static_cast<std::byte>(digit);
  }
  return result;
}

tag_log::tag_log(std::string path)
    : path_(std::move(path)), fd_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666)) {
  if (fd_ < 0 && errno == EEXIST)
    throw error(errc::usage, path_ + ": must not exist yet, for a log is the only way back; give another --log");
  if (fd_ < 0)
    throw error(errc::output, path_ + ": must be writable: " + std::strerror(errno));
}

tag_log::~tag_log() { ::close(fd_); }

void tag_log::append(const tag_change& x) {
  const std::string line = line_of(x) + "\n";
  for (std::string_view left = line; !left.empty();) {
    const ssize_t written = ::write(fd_, left.data(), left.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      throw error(errc::output, path_ + ": must be writable: " + std::strerror(errno));
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(fd_) != 0)
    throw error(errc::output, path_ + ": must reach the medium: " + std::strerror(errno));
}

std::vector<tag_change> read_tag_log(const std::string& path) {
  const std::string text = read_text(path, errc::usage);
  std::vector<tag_change> result;
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    if (end == std::string::npos)
      break;
    result.push_back(change_of(text.substr(at, end - at), fmt::format("{}:{}", path, ++number)));
    at = end + 1;
  }
  return result;
}

} // namespace fugato
