// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/resample.hpp"

#include "config/error.hpp"

#include <soxr.h>

#include <cmath>

namespace fugato {

std::vector<float> resample(std::span<const float> samples, std::uint32_t from, std::uint32_t to) {
  // rounded as librosa rounds it: first the ratio, then the product
  const double ratio = static_cast<double>(to) / from;
  std::vector<float> result(static_cast<std::size_t>(std::ceil(static_cast<double>(samples.size()) * ratio)));
  if (samples.empty())
    return result;
  const soxr_io_spec_t io = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I);
  const soxr_quality_spec_t quality = soxr_quality_spec(SOXR_HQ, 0);
  const soxr_runtime_spec_t runtime = soxr_runtime_spec(1);
  std::size_t consumed = 0;
  std::size_t produced = 0;
  const soxr_error_t failure = soxr_oneshot(from, to, 1, samples.data(), samples.size(), &consumed, result.data(),
                                            result.size(), &produced, &io, &quality, &runtime);
  if (failure != nullptr)
    throw error(errc::internal, "libsoxr must resample, but says: " + std::string(failure));
  return result;
}

std::string soxr_version() { return ::soxr_version(); }

} // namespace fugato
