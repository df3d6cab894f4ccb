// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/journal_frame.hpp"

#include "config/error.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>

namespace fugato::journal_frame {
namespace {

/// What a commit says.
struct commit {
  std::uint64_t at = 0;
  std::uint64_t covered = 0;
};

constexpr std::size_t piece = 1 << 18;

std::uint32_t checksum(std::uint32_t length, std::uint8_t kind, std::string_view payload) {
  std::uint8_t head[5];
  std::memcpy(head, &length, sizeof length);
  head[4] = kind;
  const uLong start = crc32(0, head, sizeof head);
  return static_cast<std::uint32_t>(crc32_z(start, reinterpret_cast<const Bytef*>(payload.data()), payload.size()));
}

std::optional<commit> commit_in(const journal_record& x) {
  commit result;
  if (x.kind != commit_kind || x.payload.size() != sizeof result)
    return std::nullopt;
  std::memcpy(&result, x.payload.data(), sizeof result);
  return result.at == x.offset && result.covered <= x.offset ? std::optional(result) : std::nullopt;
}

/// Whether a commit behind the broken record covers it: then it was whole once. Where commits
/// stand is not known any more, but each names its own place.
bool was_committed(window& from, std::uint64_t broken) {
  constexpr std::size_t whole = head_bytes + sizeof(commit);
  for (std::uint64_t at = broken; at + whole <= from.size();) {
    const std::string text{from.view(at, piece)};
    for (std::size_t i = 0; i + whole <= text.size(); ++i) {
      std::uint32_t length = 0;
      std::memcpy(&length, text.data() + i, sizeof length);
      if (length != sizeof(commit) || static_cast<std::uint8_t>(text[i + head_bytes - 1]) != commit_kind)
        continue;
      if (const auto found = record_at(from, at + i))
        if (const auto said = commit_in(*found); said && said->covered > broken)
          return true;
    }
    at += text.size() < whole ? whole : text.size() - whole + 1;
  }
  return false;
}

bool only_zeros(window& from) {
  for (std::uint64_t at = 0; at < from.size(); at += piece) {
    const std::string_view text = from.view(at, piece);
    if (text.find_first_not_of('\0') != std::string_view::npos)
      return false;
  }
  return true;
}

} // namespace

std::string framed(std::uint8_t kind, std::string_view payload) {
  const auto length = static_cast<std::uint32_t>(payload.size());
  const std::uint32_t crc = checksum(length, kind, payload);
  std::string result(head_bytes, '\0');
  std::memcpy(result.data(), &length, sizeof length);
  std::memcpy(result.data() + 4, &crc, sizeof crc);
  result[8] = static_cast<char>(kind);
  return result.append(payload);
}

std::string commit_payload(std::uint64_t at, std::uint64_t covered) {
  const commit said{at, covered};
  return {reinterpret_cast<const char*>(&said), sizeof said};
}

std::string damaged(std::uint64_t offset) {
  return fmt::format("must be undamaged, but the record at byte {} is not what was written there", offset);
}

std::string_view window::view(std::uint64_t at, std::size_t size) {
  if (at >= from_.size)
    return {};
  size = static_cast<std::size_t>(std::min<std::uint64_t>(size, from_.size - at));
  if (at < first_ || at + size > first_ + held_.size()) {
    held_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(std::max(size, piece_), from_.size - at)));
    held_.resize(from_.read(at, held_.data(), held_.size()));
    first_ = at;
  }
  return std::string_view(held_).substr(static_cast<std::size_t>(at - first_), size);
}

std::optional<journal_record> record_at(window& from, std::uint64_t offset) {
  const std::string_view head = from.view(offset, head_bytes);
  if (head.size() < head_bytes)
    return std::nullopt;
  std::uint32_t length = 0;
  std::uint32_t crc = 0;
  std::memcpy(&length, head.data(), sizeof length);
  std::memcpy(&crc, head.data() + 4, sizeof crc);
  const auto kind = static_cast<std::uint8_t>(head[8]);
  if (length > most_payload || from.size() - offset - head_bytes < length)
    return std::nullopt;
  const std::string_view whole = from.view(offset, head_bytes + length);
  if (whole.size() < head_bytes + length || checksum(length, kind, whole.substr(head_bytes)) != crc)
    return std::nullopt;
  return journal_record{offset, kind, whole.substr(head_bytes)};
}

journal_extent scan(source bytes, const std::string& name, const journal_visitor& visit) {
  window from{std::move(bytes), piece};
  const std::string start{from.view(0, magic.size())};
  if ((start.size() < magic.size() && magic.starts_with(start)) || only_zeros(from))
    return {0, from.size()};
  if (start != magic)
    throw error(errc::output, name + ": must be a journal of this version of Fugato, but does not begin as one");
  std::uint64_t at = magic.size();
  while (at < from.size()) {
    const auto record = record_at(from, at);
    if (!record || (record->kind == commit_kind && !commit_in(*record))) {
      if (was_committed(from, at))
        throw error(errc::output, name + ": " + damaged(at));
      break;
    }
    at += head_bytes + record->payload.size();
    if (record->kind != commit_kind && !visit(*record))
      break;
  }
  return {at, from.size() - at};
}

} // namespace fugato::journal_frame

namespace fugato {

journal_extent scan_journal(std::string_view bytes, const std::string& name, const journal_visitor& visit) {
  return journal_frame::scan({bytes.size(),
                              [bytes](std::uint64_t at, char* to, std::size_t size) {
                                const std::string_view part = bytes.substr(at, size);
                                std::copy(part.begin(), part.end(), to);
                                return part.size();
                              }},
                             name, visit);
}

} // namespace fugato
