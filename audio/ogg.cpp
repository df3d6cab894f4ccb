// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/ogg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>

namespace fugato {
namespace {

// RFC 3533, section 6: fixed part of a page header, and where things are in it
constexpr std::size_t fixed_header = 27;
constexpr std::size_t flags_at = 5;
constexpr std::size_t position_at = 6;
constexpr std::size_t serial_at = 14;
constexpr std::size_t sequence_at = 18;
constexpr std::size_t checksum_at = 22;
constexpr std::size_t segments_at = 26;
constexpr std::byte first_page{0x02};
constexpr std::byte last_page{0x04};

constexpr std::array<std::uint32_t, 256> crc_table = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    table[i] = i << 24U;
    for (int bit = 0; bit < 8; ++bit)
      table[i] = (table[i] << 1U) ^ ((table[i] >> 31U) * 0x04C11DB7U);
  }
  return table;
}();

/// The page's checksum: CRC-32 over it with its own field taken as zero.
std::uint32_t checksum(std::span<const std::byte> page) {
  std::uint32_t crc = 0;
  for (std::size_t i = 0; i < page.size(); ++i) {
    const bool own_field = i >= checksum_at && i < checksum_at + 4;
    const auto byte = own_field ? 0U : std::to_integer<std::uint32_t>(page[i]);
    crc = (crc << 8U) ^ crc_table[(crc >> 24U) ^ byte];
  }
  return crc;
}

std::uint32_t number(std::span<const std::byte> page, std::size_t at) {
  std::uint32_t result = 0;
  for (std::size_t i = 4; i-- > 0;)
    result = result << 8U | std::to_integer<std::uint32_t>(page[at + i]);
  return result;
}

bool begins_page(std::span<const std::byte> bytes) {
  constexpr std::array magic{std::byte{'O'}, std::byte{'g'}, std::byte{'g'}, std::byte{'S'}};
  return bytes.size() >= magic.size() && std::equal(magic.begin(), magic.end(), bytes.begin());
}

/// Size of the page at the front as its header states it; 0 when the header
/// itself is cut off.
std::size_t page_size(std::span<const std::byte> bytes) {
  if (bytes.size() < fixed_header)
    return 0;
  const auto segments = std::to_integer<std::size_t>(bytes[segments_at]);
  if (bytes.size() < fixed_header + segments)
    return 0;
  std::size_t size = fixed_header + segments;
  for (const std::byte lacing : bytes.subspan(fixed_header, segments))
    size += std::to_integer<std::size_t>(lacing);
  return size;
}

bool has_flag(std::span<const std::byte> page, std::byte flag) { return (page[flags_at] & flag) != std::byte{0}; }

/// The position of headers is 0; all bits set mean that no packet ends on the page.
bool ends_audio(std::span<const std::byte> page) {
  const std::uint64_t position = std::uint64_t{number(page, position_at + 4)} << 32U | number(page, position_at);
  return position != 0 && position != ~std::uint64_t{0};
}

/// The page numbers of the logical streams within the file.
class sequences {
public:
  /// @returns whether the page follows its stream's page before
  bool take(std::span<const std::byte> page) {
    const std::uint32_t sequence = number(page, sequence_at);
    const auto [last, fresh] = last_.try_emplace(number(page, serial_at), sequence);
    const bool follows = fresh || has_flag(page, first_page) || sequence == last->second + 1;
    last->second = sequence;
    return follows;
  }

private:
  std::map<std::uint32_t, std::uint32_t> last_; // by serial number
};

} // namespace

ogg_pages check_ogg_pages(std::span<const std::byte> bytes) {
  sequences streams;
  ogg_pages result;
  bool begun = false; // streams of one group begin together, before any goes on
  std::size_t& at = result.intact;
  while (begins_page(bytes.subspan(at))) {
    const std::size_t size = page_size(bytes.subspan(at));
    if (size == 0 || size > bytes.size() - at) {
      result.damage = fmt::format("the file ends within the Ogg page that begins at byte {}", at);
      return result;
    }
    const auto page = bytes.subspan(at, size);
    if (checksum(page) != number(page, checksum_at)) {
      result.damage = fmt::format("the Ogg page that begins at byte {} has a wrong checksum", at);
      return result;
    }
    if (!streams.take(page)) {
      result.damage = fmt::format("pages are missing before the Ogg page that begins at byte {}", at);
      return result;
    }
    const bool begins = has_flag(page, first_page);
    if (begins && begun && result.chained == 0)
      result.chained = at;
    begun = begun || !begins;
    result.audio = result.audio || ends_audio(page);
    result.ended = result.ended || has_flag(page, last_page);
    at += size;
  }
  result.intact = bytes.size();
  return result;
}

} // namespace fugato
