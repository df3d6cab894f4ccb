// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "features/settings.hpp"

#include <cstdint>
#include <memory>
#include <span>

namespace fugato {

/// Whether an extractor can be made of these, at a fraction of its cost.
/// @throws error(settings) as it would.
void check(const feature_settings& settings, std::uint32_t rate);

/// Turns chunks into rows. Names are resolved once, when it is made; its buffers
/// are kept from chunk to chunk, so that a chunk costs no allocation once the
/// longest was seen. Not for use by two threads at once.
class extractor {
public:
  /// @param rate of the samples [Hz]
  /// @throws error(settings) for settings that make no sense together.
  extractor(const feature_settings& settings, std::uint32_t rate);
  ~extractor();
  extractor(extractor&&) noexcept;
  extractor& operator=(extractor&&) noexcept;

  /// Columns of a row.
  std::size_t width() const;

  /// Writes `width()` values. Chunks of fewer than 9 frames get 0 for deltas
  /// (librosa refuses them).
  /// @throws error(no_samples) for an empty chunk, error(non_finite) for samples that are not finite or
  ///         beyond 1e10 in magnitude.
  void extract(std::span<const float> chunk, std::span<float> row);

  /// Frames that a chunk of `samples` samples has: 1 + samples / hop_length.
  std::size_t frames(std::size_t samples) const;

private:
  struct plan;
  std::unique_ptr<plan> plan_;
};

} // namespace fugato
