// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/container.hpp"

#include "audio/ogg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>

namespace fugato {
namespace {

using std::uint64_t;

struct view {
  std::span<const std::byte> bytes;
  std::endian order = std::endian::big;

  bool has(std::size_t at, std::size_t count) const { return at <= bytes.size() && count <= bytes.size() - at; }

  /// An unsigned number of @p count bytes; 0 beyond the end.
  uint64_t number(std::size_t at, std::size_t count) const {
    uint64_t result = 0;
    for (std::size_t i = 0; has(at, count) && i < count; ++i)
      result = result << 8U | std::to_integer<uint64_t>(bytes[order == std::endian::big ? at + i : at + count - 1 - i]);
    return result;
  }

  corrected corrected_to(uint64_t value, std::size_t at, std::size_t count) const {
    corrected result{at, std::vector<std::byte>(count)};
    for (std::size_t i = 0; i < count; ++i, value >>= 8U)
      result.bytes[order == std::endian::little ? i : count - 1 - i] = static_cast<std::byte>(value);
    return result;
  }

  bool says(std::size_t at, std::string_view text) const {
    return has(at, text.size()) && std::equal(text.begin(), text.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at),
                                              [](char c, std::byte b) { return static_cast<std::byte>(c) == b; });
  }
};

/// A length as a writer leaves it that cannot seek back: 0, or 2^31 or 2^32
/// less some headers (sox: 0x7ffff000, or 0x7f000008 in AIFF).
bool left_open(uint64_t claim) {
  return claim == 0 || (claim >= 0x7EFF0000 && claim <= 0x80010000) || (claim >= 0xFFFE0000 && claim <= 0xFFFFFFFF);
}

void compare(container& found, uint64_t claim, uint64_t there, uint64_t tolerated) {
  if (claim > there && claim - there >= std::max<uint64_t>(tolerated, 1))
    found.damage = fmt::format("the {} header promises {} bytes of audio, but the file ends after {} of them",
                               found.format, claim, there);
}

/// Calls visit(id position, body position, claimed size) for each chunk until it
/// returns false. IDs have 4 bytes, sizes @p width; bodies are padded to @p align.
template <class Visit>
void walk(const view& file, std::size_t at, std::size_t width, std::size_t align, Visit visit) {
  while (file.has(at, 4 + width)) {
    const std::size_t body = at + 4 + width;
    const uint64_t size = file.number(at + 4, width);
    if (!visit(at, body, size) || size > file.bytes.size() - body)
      return;
    at = body + static_cast<std::size_t>((size + align - 1) / align * align);
  }
}

/// Uncompressed samples fill whole bytes, and frames are as many of them as channels.
void compare_block(container& found, uint64_t block, uint64_t bits) {
  const uint64_t channels = *found.channels;
  if (block != channels * ((bits + 7) / 8))
    found.oddity = fmt::format("the {} header states frames of {} bytes, but {} channel{} of {} bits", found.format,
                               block, channels, channels == 1 ? "" : "s", bits);
}

/// Compares the size that RIFF states of the whole file with the file and with the end
/// of the audio. Up to 8 bytes are nothing: writers count their own header differently.
void compare_riff(container& found, uint64_t stated, uint64_t audio_end, uint64_t there) {
  constexpr uint64_t tolerated = 8;
  if (!found.damage.empty() || left_open(stated - 8))
    return;
  if (stated > there + tolerated)
    found.oddity = fmt::format("the {} header promises a file of {} bytes, but it has {}; the audio is whole",
                               found.format, stated, there);
  else if (stated + tolerated < audio_end)
    found.oddity = fmt::format("the {} header counts {} bytes, but the audio alone ends at byte {}", found.format,
                               stated, audio_end);
}

void inspect_riff(container& found, view file) {
  file.order = file.says(0, "RIFX") ? std::endian::big : std::endian::little;
  uint64_t block = 1;
  uint64_t long_size = 0; // of the data, from RF64's ds64 chunk
  found.headed = false;
  walk(file, 12, 4, 2, [&](std::size_t at, std::size_t body, uint64_t size) {
    if (file.says(at, "fmt ") && size >= 16 && file.has(body, 16)) {
      const uint64_t coding = file.number(body, 2); // PCM, IEEE float, extensible
      found.plain = coding == 1 || coding == 3 || coding == 0xFFFE;
      found.channels = static_cast<unsigned>(file.number(body + 2, 2));
      found.rate = static_cast<double>(file.number(body + 4, 4));
      block = file.number(body + 12, 2);
      if (found.plain)
        compare_block(found, block, file.number(body + 14, 2));
    } else if (file.says(at, "ds64"))
      long_size = file.number(body + 8, 8);
    if (!file.says(at, "data"))
      return true;
    found.headed = true;
    const uint64_t there = file.bytes.size() - body;
    if (size == 0xFFFFFFFF && long_size != 0)
      compare(found, long_size, there, block);
    else if (!left_open(size))
      compare(found, size, there, block);
    // an unclosed file has a RIFF size of 0 or of the header alone, a closed one of all
    found.empty = size == 0 && there > 0 && file.number(4, 4) + 8 == file.bytes.size();
    if (size == 0 && !found.empty)
      found.length = file.corrected_to(there, at + 4, 4);
    if (!left_open(size))
      compare_riff(found, file.number(4, 4) + 8, body + size, file.bytes.size());
    return false;
  });
}

/// As RIFF, but with GUIDs for IDs, which begin with the same four letters, and sizes
/// of 8 bytes that count the 24 of GUID and size (Sony Wave64).
void inspect_w64(container& found, view file) {
  constexpr std::size_t head = 24;
  file.order = std::endian::little;
  uint64_t block = 1;
  found.headed = false;
  for (std::size_t at = 40; file.has(at, head);) {
    const uint64_t size = file.number(at + 16, 8);
    if (file.says(at, "fmt ") && file.has(at + head, 16)) {
      found.channels = static_cast<unsigned>(file.number(at + head + 2, 2));
      found.rate = static_cast<double>(file.number(at + head + 4, 4));
      block = file.number(at + head + 12, 2);
    }
    found.headed = file.says(at, "data");
    if (found.headed && size >= head)
      compare(found, size - head, file.bytes.size() - at - head, block);
    if (found.headed || size < head || size > file.bytes.size() - at)
      return;
    at += static_cast<std::size_t>((size + 7) / 8 * 8);
  }
}

/// Blocks of a type and a size of 3 bytes; type 0 ends the file.
void inspect_voc(container& found, view file) {
  file.order = std::endian::little;
  std::size_t at = file.number(20, 2);
  while (file.has(at, 4) && file.number(at, 1) != 0 && found.damage.empty()) {
    const uint64_t size = file.number(at + 1, 3);
    compare(found, size, file.bytes.size() - at - 4, 1);
    at += 4 + static_cast<std::size_t>(size);
  }
}

/// A header of lines `name -i number`, padded to the size that its second line states.
void inspect_nist(container& found, view file) {
  const auto text_of = [&](std::size_t from, std::size_t most) {
    const auto part = file.bytes.subspan(from, std::min(most, file.bytes.size() - from));
    return std::string_view(reinterpret_cast<const char*>(part.data()), part.size());
  };
  const std::string_view header = text_of(0, 1024);
  const auto stated = [&](std::string_view name) {
    const auto at = header.find(fmt::format("\n{} -i ", name));
    uint64_t value = 0;
    if (at != std::string_view::npos)
      std::from_chars(header.data() + at + name.size() + 5, header.data() + header.size(), value);
    return value;
  };
  const uint64_t frame = stated("channel_count") * stated("sample_n_bytes");
  const uint64_t samples = stated("sample_count");
  found.headed = header.find("\nend_head") != std::string_view::npos;
  const bool plain =
      header.find("shorten") == std::string_view::npos && header.find("wavpack") == std::string_view::npos;
  if (found.headed && plain && frame > 0 && frame < 65536 && samples < (1ULL << 40U) && file.bytes.size() >= 1024)
    compare(found, samples * frame, file.bytes.size() - 1024, frame);
}

void inspect_aiff(container& found, view file) {
  uint64_t block = 1;
  found.headed = false;
  walk(file, 12, 4, 2, [&](std::size_t at, std::size_t body, uint64_t size) {
    if (file.says(at, "COMM") && file.has(body, 8)) {
      found.channels = static_cast<unsigned>(file.number(body, 2));
      block = file.number(body, 2) * ((file.number(body + 6, 2) + 7) / 8);
    }
    if (!file.says(at, "SSND"))
      return true;
    found.headed = true;
    if (!left_open(size))
      compare(found, size, file.bytes.size() - body, block);
    return false;
  });
}

void inspect_au(container& found, view file) {
  file.order = file.says(0, "dns.") ? std::endian::little : std::endian::big;
  found.headed = file.has(0, 24);
  if (!found.headed)
    return;
  const uint64_t offset = file.number(4, 4);
  const uint64_t size = file.number(8, 4);
  found.rate = static_cast<double>(file.number(16, 4));
  found.channels = static_cast<unsigned>(file.number(20, 4));
  if (offset > file.bytes.size())
    found.damage =
        fmt::format("the AU header lets the audio begin at byte {}, but the file has {}", offset, file.bytes.size());
  else if (!left_open(size))
    compare(found, size, file.bytes.size() - offset, *found.channels);
}

void inspect_caf(container& found, view file) {
  found.headed = false;
  walk(file, 8, 8, 1, [&](std::size_t at, std::size_t body, uint64_t size) {
    if (file.says(at, "desc") && file.has(body, 32)) {
      found.rate = std::bit_cast<double>(file.number(body, 8));
      found.channels = static_cast<unsigned>(file.number(body + 24, 4));
    }
    if (!file.says(at, "data"))
      return true;
    found.headed = true;
    const uint64_t there = file.bytes.size() - body;
    const bool open = size == ~uint64_t{0} || left_open(size);
    if (!open)
      compare(found, size, there, 1);
    if (open || !found.damage.empty())
      found.length = file.corrected_to(there, at + 4, 8);
    return false;
  });
}

/// "fLaC", a block header and the block STREAMINFO (RFC 9639, section 8).
void inspect_flac(container& found, view file) { found.headed = file.has(0, 4 + 4 + 34); }

/// libsndfile takes the position that the last page states for the length. It
/// need not be the number of samples; sound pages mean that all are there.
void inspect_ogg(container& found, view file) {
  found.states_total = false;
  const ogg_pages pages = check_ogg_pages(file.bytes);
  found.intact = pages.intact;
  found.damage = pages.damage;
  found.headed = pages.audio;
  found.empty = !pages.audio && pages.ended && pages.damage.empty();
  if (!found.headed && found.damage.empty())
    found.damage = "the Ogg file ends before its audio begins";
  if (pages.chained > 0)
    found.oddity = fmt::format("further Ogg streams begin at byte {}; only what is before is read", pages.chained);
}

struct signature {
  std::string_view format;
  std::size_t at;
  std::string_view magic;
  std::string_view and_at_8; ///< a second magic at byte 8, or empty
  void (*inspect)(container&, view) = nullptr;
  bool foreign = false;
};

using namespace std::string_view_literals;

constexpr std::array signatures{
    signature{"WAV", 0, "RIFF", "WAVE", inspect_riff},
    signature{"WAV", 0, "RIFX", "WAVE", inspect_riff},
    signature{"RF64", 0, "RF64", "WAVE", inspect_riff},
    signature{"AIFF", 0, "FORM", "AIFF", inspect_aiff},
    signature{"AIFF", 0, "FORM", "AIFC", inspect_aiff},
    signature{"AU", 0, ".snd", "", inspect_au},
    signature{"AU", 0, "dns.", "", inspect_au},
    signature{"CAF", 0, "caff", "", inspect_caf},
    signature{"Ogg", 0, "OggS", "", inspect_ogg},
    signature{"FLAC", 0, "fLaC", "", inspect_flac},
    signature{"W64", 0, "riff\x2E\x91\xCF\x11"sv, "", inspect_w64},
    signature{"VOC", 0, "Creative Voice File", "", inspect_voc},
    signature{"NIST", 0, "NIST_1A\n", "", inspect_nist},
    signature{"MP4/M4A", 4, "ftyp", "", nullptr, true},
    signature{"WMA/ASF", 0, "\x30\x26\xB2\x75\x8E\x66\xCF\x11"sv, "", nullptr, true},
    signature{"Matroska/WebM", 0, "\x1A\x45\xDF\xA3"sv, "", nullptr, true},
    signature{"Monkey's Audio", 0, "MAC ", "", nullptr, true},
    signature{"WavPack", 0, "wvpk", "", nullptr, true},
    signature{"Musepack", 0, "MPCK", "", nullptr, true},
    signature{"Musepack", 0, "MP+", "", nullptr, true},
    signature{"TTA", 0, "TTA1", "", nullptr, true},
    signature{"DSF", 0, "DSD ", "", nullptr, true},
    signature{"DSDIFF", 0, "FRM8", "", nullptr, true},
    signature{"AMR", 0, "#!AMR", "", nullptr, true},
    signature{"AAC (ADTS)", 0, "\xFF\xF1"sv, "", nullptr, true},
    signature{"AAC (ADTS)", 0, "\xFF\xF9"sv, "", nullptr, true},
    signature{"MIDI", 0, "MThd", "", nullptr, true},
    // libsndfile knows it, but tells of damage in it on stdout, in the midst of tables
    signature{"MIDI Sample Dump", 0, "\xF0\x7E"sv, "", nullptr, true},
};

/// Where the audio begins behind an ID3v2 tag, as the tag states (ID3v2.4, section 3.1).
std::size_t after_tag(const view& file) {
  if (!file.says(0, "ID3") || !file.has(0, 10))
    return 0;
  std::size_t size = 10;
  for (std::size_t i = 6, shift = 21; i < 10; ++i, shift -= 7)
    size += static_cast<std::size_t>(file.number(i, 1) & 0x7FU) << shift;
  return size;
}

/// Eleven bits set, and a layer, which AAC has not (ISO 11172-3, 2.4.2.3).
bool begins_mpeg_frame(const view& file) {
  return file.number(0, 1) == 0xFF && (file.number(1, 1) & 0xE0U) == 0xE0 && (file.number(1, 1) & 0x06U) != 0;
}

/// Whether bytes that might be MPEG audio state the number of frames: a Xing, Info
/// or VBRI header lies in the first frame, behind 4 bytes and the side information.
bool states_mpeg_frames(const view& file) {
  constexpr std::array<std::size_t, 3> side_information{9, 17, 32};
  return std::any_of(side_information.begin(), side_information.end(),
                     [&](std::size_t size) { return file.says(4 + size, "Xing") || file.says(4 + size, "Info"); }) ||
         file.says(36, "VBRI");
}

} // namespace

container inspect(std::span<const std::byte> bytes) {
  const std::size_t stated = after_tag({bytes});
  const std::size_t start = stated > bytes.size() ? 0 : stated;
  const view file{bytes.subspan(start)};
  container found;
  found.intact = file.bytes.size();
  const auto known = std::find_if(signatures.begin(), signatures.end(), [&](const signature& s) {
    return file.says(s.at, s.magic) && file.says(8, s.and_at_8);
  });
  if (known != signatures.end()) {
    found.format = known->format;
    found.foreign = known->foreign;
    if (known->inspect != nullptr)
      known->inspect(found, file);
  } else {
    found.format = stated > 0 ? "MP3" : "";
    if (stated > bytes.size())
      found.damage = fmt::format("the ID3v2 tag claims {} bytes, but the file has {}", stated, bytes.size());
    found.states_total = !begins_mpeg_frame(file) || states_mpeg_frames(file);
  }
  found.intact += start;
  if (found.length)
    found.length->at += start;
  return found;
}

} // namespace fugato
