// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/encode.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <sndfile.h>
#include <vector>

namespace fugato {
namespace {

/// What libsndfile takes for a file.
struct memory_file {
  std::string bytes;
  std::size_t at = 0;

  static memory_file& of(void* x) { return *static_cast<memory_file*>(x); }
  static sf_count_t length(void* x) { return static_cast<sf_count_t>(of(x).bytes.size()); }
  static sf_count_t tell(void* x) { return static_cast<sf_count_t>(of(x).at); }
  static sf_count_t seek(sf_count_t offset, int whence, void* x) {
    const sf_count_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? tell(x) : length(x);
    of(x).at = static_cast<std::size_t>(std::max<sf_count_t>(0, from + offset));
    return tell(x);
  }
  static sf_count_t read(void* to, sf_count_t count, void* x) {
    memory_file& self = of(x);
    const std::size_t left = self.bytes.size() - std::min(self.at, self.bytes.size());
    const std::size_t n = std::min(static_cast<std::size_t>(count), left);
    std::memcpy(to, self.bytes.data() + self.at, n);
    self.at += n;
    return static_cast<sf_count_t>(n);
  }
  static sf_count_t write(const void* from, sf_count_t count, void* x) {
    memory_file& self = of(x);
    const auto n = static_cast<std::size_t>(count);
    self.bytes.resize(std::max(self.bytes.size(), self.at + n));
    std::memcpy(self.bytes.data() + self.at, from, n);
    self.at += n;
    return count;
  }
};

/// Those of MPEG layer III; libsndfile 1.2 leaks an encoder for each other that it refuses.
constexpr std::array<std::uint32_t, 9> mpeg_rates{8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000};

} // namespace

std::string encode_mp3(std::span<const float> samples, std::uint32_t rate) {
  if (std::find(mpeg_rates.begin(), mpeg_rates.end(), rate) == mpeg_rates.end())
    return {};
  SF_INFO info{};
  info.samplerate = static_cast<int>(rate);
  info.channels = 1;
  info.format = SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III;
  memory_file memory;
  SF_VIRTUAL_IO io{memory_file::length, memory_file::seek, memory_file::read, memory_file::write, memory_file::tell};
  std::unique_ptr<SNDFILE, int (*)(SNDFILE*)> file{sf_open_virtual(&io, SFM_WRITE, &info, &memory), sf_close};
  if (!file)
    return {};
  int mode = SF_BITRATE_MODE_CONSTANT;
  double level = 0.8; // of 0, the most bits, to 1
  sf_command(file.get(), SFC_SET_BITRATE_MODE, &mode, sizeof mode);
  sf_command(file.get(), SFC_SET_COMPRESSION_LEVEL, &level, sizeof level);
  sf_command(file.get(), SFC_SET_CLIPPING, nullptr, SF_TRUE);
  std::vector<float> bounded(samples.begin(), samples.end());
  for (float& x : bounded)
    x = std::clamp(x, -1.0f, 1.0f);
  const auto count = static_cast<sf_count_t>(bounded.size());
  if (sf_write_float(file.get(), bounded.data(), count) != count)
    return {};
  file.reset(); // the last frames are written now
  return memory.bytes;
}

} // namespace fugato
