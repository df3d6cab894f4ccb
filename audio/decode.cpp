// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/clip.hpp"
#include "audio/container.hpp"
#include "config/error.hpp"

#include <fmt/format.h>
#include <sndfile.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <mutex>

namespace fugato {
namespace {

constexpr double min_rate = 1000;
constexpr double max_rate = 768000;
/// At higher rates max_seconds allows so many samples as at this one: a second of
/// silence takes hardly a byte of FLAC, but memory by its rate.
constexpr int usual_rate = 96000;
constexpr std::size_t block_frames = 4096;

/// A file in memory, as libsndfile's virtual I/O wants it.
struct memory_file {
  std::span<const std::byte> bytes;
  corrected field; ///< read instead of what is there
  std::size_t at = 0;

  static sf_count_t length(void* self) { return std::ssize(static_cast<memory_file*>(self)->bytes); }
  static sf_count_t tell(void* self) { return static_cast<sf_count_t>(static_cast<memory_file*>(self)->at); }
  static sf_count_t write(const void*, sf_count_t, void*) { return 0; }

  static sf_count_t seek(sf_count_t offset, int whence, void* self) {
    auto& file = *static_cast<memory_file*>(self);
    const sf_count_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? tell(self) : length(self);
    // past the end is allowed, as on a disk; mpg123 relies on it
    if (offset < -from || offset > SF_COUNT_MAX - from)
      return -1;
    file.at = static_cast<std::size_t>(from + offset);
    return tell(self);
  }

  static sf_count_t read(void* to, sf_count_t count, void* self) {
    auto& file = *static_cast<memory_file*>(self);
    const auto there = file.bytes.subspan(std::min(file.at, file.bytes.size()));
    const std::size_t got = std::min(there.size(), static_cast<std::size_t>(std::max<sf_count_t>(0, count)));
    std::copy_n(there.data(), got, static_cast<std::byte*>(to));
    const std::size_t end = std::min(file.at + got, file.field.at + file.field.bytes.size());
    for (std::size_t i = std::max(file.at, file.field.at); i < end; ++i)
      static_cast<std::byte*>(to)[i - file.at] = file.field.bytes[i - file.field.at];
    file.at += got;
    return static_cast<sf_count_t>(got);
  }
};

struct closer {
  void operator()(SNDFILE* file) const { sf_close(file); }
};
using handle = std::unique_ptr<SNDFILE, closer>;

error refused(int code, const std::string& message, const container& about, const std::string& name) {
  if (about.foreign)
    return {errc::unsupported_audio,
            fmt::format("{}: {} cannot be decoded; convert it to WAV or FLAC", name, about.format)};
  if (about.format.empty())
    return {errc::not_audio, fmt::format("{}: must be audio, but begins like no format that is known", name)};
  const bool unknown_codec =
      !about.plain || code == SF_ERR_UNSUPPORTED_ENCODING || message.find("unimplemented") != std::string::npos;
  if (unknown_codec && about.headed)
    return {errc::unsupported_audio,
            fmt::format("{}: {} with a coding that is not known: {}", name, about.format, message)};
  return {errc::damaged_audio, fmt::format("{}: {} audio that cannot be opened: {}", name, about.format, message)};
}

handle open(memory_file& memory, SF_INFO& info, const container& about, const std::string& name) {
  if (about.foreign)
    throw refused(0, "", about, name);
  SF_VIRTUAL_IO io{memory_file::length, memory_file::seek, memory_file::read, memory_file::write, memory_file::tell};
  // libsndfile keeps the reason of a failed open in a global variable
  static std::mutex opening;
  const std::lock_guard lock(opening);
  handle file{sf_open_virtual(&io, SFM_READ, &info, &memory)};
  if (!file)
    throw refused(sf_error(nullptr), sf_strerror(nullptr), about, name);
  return file;
}

void check_format(double rate, unsigned channels, const audio_settings& settings, const std::string& name) {
  if (!(rate >= min_rate && rate <= max_rate))
    throw error(errc::absurd_format, fmt::format("{}: the sample rate must be within [{}, {}] Hz, but is {}", name,
                                                 min_rate, max_rate, rate));
  if (channels < 1 || channels > settings.max_channels)
    throw error(errc::absurd_format, fmt::format("{}: must have 1 to {} channels (audio.max_channels), but has {}",
                                                 name, settings.max_channels, channels));
}

sf_count_t read_frames(SNDFILE* file, short* to, sf_count_t frames) { return sf_readf_short(file, to, frames); }
sf_count_t read_frames(SNDFILE* file, float* to, sf_count_t frames) { return sf_readf_float(file, to, frames); }

float sample(short x) { return static_cast<float>(x) / 32768.0F; }
float sample(float x) { return x; }

/// Appends the mean of the channels of each frame.
template <class T>
void mix(std::span<const T> interleaved, std::size_t channels, std::vector<float>& mono) {
  const std::size_t first = mono.size();
  mono.resize(first + interleaved.size() / channels);
  const std::span<float> to = std::span(mono).subspan(first);
  if (channels == 1) {
    std::transform(interleaved.begin(), interleaved.end(), to.begin(), [](T x) { return sample(x); });
    return;
  }
  const auto count = static_cast<float>(channels);
  for (std::size_t i = 0; i < to.size(); ++i) {
    float sum = 0;
    for (std::size_t c = 0; c < channels; ++c)
      sum += sample(interleaved[i * channels + c]);
    to[i] = sum / count;
  }
}

/// Reads until the decoder is exhausted or fails, or @p limit frames are exceeded.
/// A block in which the decoder fails is dropped: the error does not say where.
/// What follows the stated total is not read: tags at the end are no damage.
/// @returns what was wrong, a clause, or nothing
template <class T>
std::string read_all(SNDFILE* file, const SF_INFO& info, std::size_t limit, std::vector<float>& mono) {
  const auto channels = static_cast<std::size_t>(info.channels);
  const auto total = static_cast<std::size_t>(info.frames);
  std::vector<T> block(block_frames * channels);
  while (mono.size() < total && mono.size() <= limit) {
    const std::size_t wanted = std::min(block_frames, total - mono.size());
    const sf_count_t got = read_frames(file, block.data(), static_cast<sf_count_t>(wanted));
    if (sf_error(file) != SF_ERR_NO_ERROR)
      return fmt::format("decoding failed after {} samples: {}", mono.size(), sf_strerror(file));
    if (got <= 0)
      break;
    mix(std::span<const T>(block.data(), static_cast<std::size_t>(got) * channels), channels, mono);
  }
  return {};
}

/// Whether fewer samples came than the file states; @returns what was wrong
std::string missing(std::size_t have, const SF_INFO& info, const container& about) {
  // encoders disagree whether the frame that states the number counts itself
  constexpr sf_count_t two_mpeg_frames = 2 * 1152;
  const sf_count_t tolerated = (info.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_MPEG ? two_mpeg_frames : 0;
  const bool known = about.states_total && info.frames < SF_COUNT_MAX;
  if (!known || static_cast<sf_count_t>(have) >= info.frames - tolerated)
    return {};
  return fmt::format("the header promises {} samples, but only {} can be decoded", info.frames, have);
}

/// Cuts at the first sample that is infinite or undefined. @returns what was wrong
std::string keep_finite(std::vector<float>& mono) {
  const auto bad = std::find_if_not(mono.begin(), mono.end(), [](float x) { return std::isfinite(x); });
  if (bad == mono.end())
    return {};
  std::string damage = fmt::format("samples must be finite, but number {} is {}", bad - mono.begin(), *bad);
  mono.erase(bad, mono.end());
  return damage;
}

/// Features of a constant are numbers like any other, but tell nothing.
std::string monotony(const std::vector<float>& mono) {
  const bool constant = std::all_of(mono.begin(), mono.end(), [&](float x) { return x == mono.front(); });
  return constant && mono.size() > 1 ? fmt::format("all {} samples are equal ({})", mono.size(), mono.front()) : "";
}

/// Throws unless the good part is wanted and there is one.
void accept(errc code, const std::string& damage, const decoded& result, const audio_settings& settings,
            const std::string& name) {
  if (!damage.empty() && (settings.on_damage != "partial" || result.mono.empty()))
    throw error(code, fmt::format("{}: {}", name, damage));
}

} // namespace

std::string sndfile_version() { return sf_version_string(); }

decoded decode(std::span<const std::byte> bytes, const std::string& name, const audio_settings& settings) {
  if (bytes.empty())
    throw error(errc::no_samples, name + ": the file is empty");
  const container about = inspect(bytes);
  check_format(about.rate.value_or(min_rate), about.channels.value_or(1), settings, name);
  if (about.empty)
    throw error(errc::no_samples, name + ": the header states that there is no audio data");
  // without whole headers there is nothing to save, and libsndfile loses memory over those of Vorbis
  const bool useful = settings.on_damage == "partial" && (about.headed || about.format != "Ogg");
  if (!about.damage.empty() && !useful)
    throw error(errc::damaged_audio, fmt::format("{}: {}", name, about.damage));

  memory_file memory{bytes.first(about.intact), about.length.value_or(corrected{})};
  SF_INFO info{};
  const handle file = open(memory, info, about, name);
  check_format(info.samplerate, static_cast<unsigned>(info.channels), settings, name);

  decoded result{static_cast<std::uint32_t>(info.samplerate), static_cast<std::uint32_t>(info.channels), {}, {}, {}};
  const auto limit = static_cast<std::size_t>(settings.max_seconds * std::min(info.samplerate, usual_rate));
  result.mono.reserve(std::min({static_cast<std::size_t>(std::max<sf_count_t>(0, info.frames)), limit, bytes.size()}));
  const bool short_words = (info.format & SF_FORMAT_SUBMASK) == SF_FORMAT_PCM_16;
  std::string failure = short_words ? read_all<short>(file.get(), info, limit, result.mono)
                                    : read_all<float>(file.get(), info, limit, result.mono);
  if (result.mono.size() > limit)
    throw error(errc::too_large, fmt::format("{}: must last at most {} s (audio.max_seconds), but is longer", name,
                                             settings.max_seconds));
  if (failure.empty())
    failure = missing(result.mono.size(), info, about);
  const std::string infinite = short_words ? "" : keep_finite(result.mono);
  accept(errc::non_finite, infinite, result, settings, name);
  result.damage = !infinite.empty() ? infinite : !about.damage.empty() ? about.damage : failure;
  accept(errc::damaged_audio, result.damage, result, settings, name);
  if (result.mono.empty())
    throw error(errc::no_samples, name + ": the file holds no sample");
  const std::string constant = monotony(result.mono);
  result.warning = about.oddity + (about.oddity.empty() || constant.empty() ? "" : "; ") + constant;
  return result;
}

} // namespace fugato
