// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/resample.hpp"

#include "config/error.hpp"
#include "config/shared_library.hpp"

#include <soxr.h>

#include <cmath>

namespace fugato {
namespace {

/// Loaded when the first file of another rate is read.
const shared_library& library() {
  static const shared_library soxr(FUGATO_LIBSOXR);
  return soxr;
}

} // namespace

std::vector<float> resample(std::span<const float> samples, std::uint32_t from, std::uint32_t to) {
  // rounded as librosa rounds it: first the ratio, then the product
  const double ratio = static_cast<double>(to) / from;
  std::vector<float> result(static_cast<std::size_t>(std::ceil(static_cast<double>(samples.size()) * ratio)));
  if (samples.empty())
    return result;
  const soxr_io_spec_t io = FUGATO_FROM(library, soxr_io_spec)(SOXR_FLOAT32_I, SOXR_FLOAT32_I);
  const soxr_quality_spec_t quality = FUGATO_FROM(library, soxr_quality_spec)(SOXR_HQ, 0);
  const soxr_runtime_spec_t runtime = FUGATO_FROM(library, soxr_runtime_spec)(1);
  std::size_t consumed = 0;
  std::size_t produced = 0;
  const soxr_error_t failure =
      FUGATO_FROM(library, soxr_oneshot)(from, to, 1, samples.data(), samples.size(), &consumed, result.data(),
                                         result.size(), &produced, &io, &quality, &runtime);
  if (failure != nullptr)
    throw error(errc::internal, "libsoxr must resample, but says: " + std::string(failure));
  return result;
}

std::string soxr_version() { return reinterpret_cast<decltype(&::soxr_version)>(library().find("soxr_version"))(); }

} // namespace fugato
