// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/clip.hpp"

#include "audio/bytes.hpp"
#include "audio/resample.hpp"
#include "audio/trim.hpp"
#include "config/error.hpp"

#include <algorithm>
#include <cmath>

namespace fugato {
namespace {

void trim_ends(std::vector<float>& samples, double top_db, const std::string& name) {
  const sample_range kept = trim(samples, top_db);
  if (kept.first == kept.last)
    throw error(errc::no_samples, name + ": nothing is left after audio.trim");
  samples.resize(kept.last);
  samples.erase(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(kept.first));
}

/// Filters overshoot: what lies near the end of all floats may go beyond.
std::vector<float> resampled(const decoded& x, std::uint32_t rate, const std::string& name) {
  std::vector<float> result = resample(x.mono, x.rate, rate);
  if (!std::all_of(result.begin(), result.end(), [](float value) { return std::isfinite(value); }))
    throw error(errc::non_finite, name + ": samples must stay finite when they are resampled, but are too great");
  return result;
}

} // namespace

std::uint64_t max_file_bytes(const audio_settings& settings) {
  constexpr double bytes_per_second = 48000 * 2 * 4;
  constexpr std::uint64_t tags_and_pictures = 16U << 20U;
  return tags_and_pictures + static_cast<std::uint64_t>(settings.max_seconds * bytes_per_second);
}

clip make_clip(std::span<const std::byte> bytes, const std::string& name, const audio_settings& settings) {
  decoded found = decode(bytes, name, settings);
  clip result;
  result.rate = settings.rate;
  result.file_bytes = bytes.size();
  result.file_seconds = static_cast<double>(found.mono.size()) / found.rate;
  result.damage = std::move(found.damage);
  result.warning = std::move(found.warning);
  result.samples = found.rate == settings.rate ? std::move(found.mono) : resampled(found, settings.rate, name);
  if (settings.trim)
    trim_ends(result.samples, settings.trim_db, name);
  return result;
}

clip read_clip(const std::string& path, const audio_settings& settings, const std::string& root) {
  return make_clip(read_file(path, max_file_bytes(settings), root), path, settings);
}

} // namespace fugato
