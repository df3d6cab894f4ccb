// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "audio/bytes.hpp"
#include "config/error.hpp"

#include <doctest/doctest.h>
#include <sndfile.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <span>
#include <string>
#include <vector>

/// What the tests of audio/ share: a folder that goes away, files in all formats,
/// signals, and a look at errors.
namespace fugato::test {

class temporary_folder {
public:
  temporary_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "fugato-audio-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  ~temporary_folder() { std::filesystem::remove_all(path_); }

  std::filesystem::path path() const { return path_; }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

private:
  std::filesystem::path path_;
};

inline void write_bytes(const std::string& path, std::span<const std::byte> bytes) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()), std::ssize(bytes));
  REQUIRE(out.good());
}

inline void write_text(const std::string& path, const std::string& text) {
  write_bytes(path, std::as_bytes(std::span(text)));
}

/// A sine in each channel, the first of amplitude @p amplitude, the second of half of it ...
inline std::vector<float> sine(double frequency, double amplitude, std::uint32_t rate, std::size_t frames,
                               unsigned channels = 1) {
  std::vector<float> result;
  for (std::size_t i = 0; i < frames; ++i)
    for (unsigned c = 0; c < channels; ++c)
      result.push_back(static_cast<float>(amplitude / (c + 1) *
                                          std::sin(2 * std::numbers::pi * frequency * static_cast<double>(i) / rate)));
  return result;
}

/// A sine of amplitude 0.25 in noise of the same amplitude, which keeps encoders busy.
inline std::vector<float> noisy(std::uint32_t rate, std::size_t frames) {
  std::vector<float> result = sine(440, 0.25, rate, frames);
  std::uint32_t state = 1;
  for (float& x : result) {
    state = state * 1664525U + 1013904223U;
    x += 0.25F * (static_cast<float>(state >> 8U) / 8388608.0F - 1.0F);
  }
  return result;
}

inline int bits_of(int format) {
  switch (format & SF_FORMAT_SUBMASK) {
  case SF_FORMAT_PCM_U8:
    return 8;
  case SF_FORMAT_PCM_16:
    return 16;
  case SF_FORMAT_PCM_24:
    return 24;
  case SF_FORMAT_PCM_32:
    return 32;
  default:
    return 0;
  }
}

/// The bytes of a file as libsndfile writes it; @p format is e.g. SF_FORMAT_WAV | SF_FORMAT_PCM_16.
/// x becomes the integer nearest to 2^(bits - 1) x: libsndfile itself scales by one less.
inline std::vector<std::byte> encode(int format, std::uint32_t rate, unsigned channels,
                                     const std::vector<float>& interleaved) {
  const temporary_folder folder;
  SF_INFO info{};
  info.format = format;
  info.samplerate = static_cast<int>(rate);
  info.channels = static_cast<int>(channels);
  SNDFILE* file = sf_open((folder / "x").c_str(), SFM_WRITE, &info);
  REQUIRE_MESSAGE(file != nullptr, sf_strerror(nullptr));
  const auto size = static_cast<sf_count_t>(interleaved.size());
  sf_count_t written = 0;
  if (const int bits = bits_of(format); bits != 0) {
    std::vector<int> integers;
    for (const float x : interleaved)
      integers.push_back(static_cast<int>(std::llround(std::ldexp(static_cast<double>(x), bits - 1)) *
                                          (std::int64_t{1} << (32 - bits))));
    written = sf_write_int(file, integers.data(), size);
  } else
    written = sf_write_float(file, interleaved.data(), size);
  sf_close(file);
  REQUIRE(written == size);
  return read_file(folder / "x", 1U << 30U);
}

/// Overwrites @p count bytes at @p at with a little-endian number.
inline void patch(std::vector<std::byte>& bytes, std::size_t at, std::size_t count, std::uint64_t value) {
  for (std::size_t i = 0; i < count; ++i)
    bytes.at(at + i) = static_cast<std::byte>(i < sizeof value ? value >> (8 * i) : 0);
}

/// Where the data of a WAV file made by `encode` begins.
inline std::size_t data_of(const std::vector<std::byte>& wav) {
  const std::string text(reinterpret_cast<const char*>(wav.data()), wav.size());
  const auto at = text.find("data");
  REQUIRE(at != std::string::npos);
  return at + 8;
}

/// The error that @p action ends with; fails the test when there is none.
template <class Action>
error caught(Action action) {
  try {
    action();
  } catch (const error& e) {
    return e;
  }
  FAIL("an error was expected");
  return {errc::internal, ""};
}

} // namespace fugato::test
