// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/audio/samples.hpp"

#include <bit>
#include <cstdint>
#include <string_view>
#include <vector>

/// Files written byte by byte, so that every field of a header can lie.
namespace fugato::hostile {

using bytes = std::vector<std::byte>;

class writer {
public:
  writer& text(std::string_view x) { return raw(std::as_bytes(std::span(x))); }
  writer& raw(std::span<const std::byte> x) {
    made_.insert(made_.end(), x.begin(), x.end());
    return *this;
  }
  /// A number of @p count bytes, the least significant first.
  writer& little(std::size_t count, std::uint64_t x) {
    for (std::size_t i = 0; i < count; ++i)
      made_.push_back(static_cast<std::byte>(x >> (8 * i)));
    return *this;
  }
  writer& big(std::size_t count, std::uint64_t x) {
    for (std::size_t i = count; i-- > 0;)
      made_.push_back(static_cast<std::byte>(x >> (8 * i)));
    return *this;
  }
  writer& zeros(std::size_t count) {
    made_.resize(made_.size() + count);
    return *this;
  }
  bytes take() { return std::move(made_); }

private:
  bytes made_;
};

/// What a WAV header claims; the defaults are true of `wav(claims, samples)`.
struct wav_claims {
  std::uint64_t coding = 1; ///< 1 PCM, 3 IEEE float
  std::uint64_t channels = 1;
  std::uint64_t rate = 22050;
  std::uint64_t bits = 16;
  std::int64_t block = -1; ///< -1: what follows from the others
  std::int64_t riff_size = -1;
  std::int64_t format_size = 16;
  std::int64_t data_size = -1;
};

inline std::uint64_t or_else(std::int64_t claim, std::uint64_t truth) {
  return claim < 0 ? truth : static_cast<std::uint64_t>(claim);
}

/// The chunk "fmt " of a WAV file.
inline bytes wav_format(const wav_claims& x) {
  const std::uint64_t block = or_else(x.block, x.channels * (x.bits + 7) / 8);
  return writer()
      .text("fmt ")
      .little(4, static_cast<std::uint64_t>(x.format_size))
      .little(2, x.coding)
      .little(2, x.channels)
      .little(4, x.rate)
      .little(4, x.rate * block)
      .little(2, block)
      .little(2, x.bits)
      .take();
}

/// A WAV file of two chunks.
inline bytes wav(const wav_claims& x, std::span<const std::byte> data) {
  return writer()
      .text("RIFF")
      .little(4, or_else(x.riff_size, 36 + data.size()))
      .text("WAVE")
      .raw(wav_format(x))
      .text("data")
      .little(4, or_else(x.data_size, data.size()))
      .raw(data)
      .take();
}

/// A WAV file with other chunks between "WAVE" and "data".
inline bytes wav_with(std::span<const std::byte> chunks, std::span<const std::byte> data) {
  return writer()
      .text("RIFF")
      .little(4, 4 + chunks.size() + 8 + data.size())
      .text("WAVE")
      .raw(chunks)
      .text("data")
      .little(4, data.size())
      .raw(data)
      .take();
}

inline bytes chunk(std::string_view id, std::span<const std::byte> body) {
  return writer().text(id).little(4, body.size()).raw(body).zeros(body.size() % 2).take();
}

inline bytes joined(std::initializer_list<bytes> parts) {
  writer result;
  for (const bytes& part : parts)
    result.raw(part);
  return result.take();
}

inline bytes first(bytes x, std::size_t count) {
  x.resize(std::min(count, x.size()));
  return x;
}

/// The first @p share of a file.
inline bytes cut(const bytes& x, double share) {
  return first(x, static_cast<std::size_t>(share * static_cast<double>(x.size())));
}

/// One byte turned over.
inline bytes flipped(bytes x, std::size_t at) {
  x.at(at) ^= std::byte{0xFF};
  return x;
}

inline bytes patched(bytes x, std::size_t at, std::size_t count, std::uint64_t value) {
  test::patch(x, at, count, value);
  return x;
}

/// 16-bit samples, the least significant byte first.
inline bytes words(const std::vector<std::int16_t>& x) {
  writer result;
  for (const std::int16_t sample : x)
    result.little(2, static_cast<std::uint16_t>(sample));
  return result.take();
}

inline bytes floats(const std::vector<float>& x) {
  writer result;
  for (const float sample : x)
    result.little(4, std::bit_cast<std::uint32_t>(sample));
  return result.take();
}

/// An ID3v2.4 tag that claims @p size bytes behind its header and has as many zeros as @p there.
inline bytes id3(std::uint32_t size, std::size_t there) {
  writer tag;
  tag.text("ID3").little(3, 4); // version 4.0, no flags
  for (const unsigned shift : {21U, 14U, 7U, 0U})
    tag.little(1, (size >> shift) & 0x7FU);
  return tag.zeros(there).take();
}

} // namespace fugato::hostile
