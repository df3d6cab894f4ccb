// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/version.hpp"

#include "config/hash.hpp"
#include "config/version.hpp"
#include "features/catalog.hpp"
#include "features/extractor.hpp"

#include <doctest/doctest.h>

#include <gnu/libc-version.h>

using namespace fugato;

namespace {

/// Whole numbers only, so that no library has a say in them: noise whose loudness swells, over a square wave.
std::vector<float> sound() {
  std::vector<float> result(66150);
  std::uint32_t dice = 1;
  for (std::uint32_t i = 0; i < result.size(); ++i) {
    dice = dice * 1664525U + 1013904223U;
    const auto noise = static_cast<std::int32_t>(dice >> 16U) - 32768;
    const std::int32_t wave = i / 50 % 2 == 0 ? 6000 : -6000;
    const std::int64_t loudness = i / 66;
    result[i] = static_cast<float>(noise * loudness / 4000 + wave) / 32768.0F;
  }
  return result;
}

/// Of the rows of everything that the catalogs have.
std::string digest() {
  const std::vector<float> samples = sound();
  sha256 all;
  for (const feature_preset& preset : feature_presets()) {
    feature_settings settings;
    settings.preset = preset.name;
    settings.names = preset.names;
    settings.statistics = preset.statistics;
    settings.n_mfcc = preset.n_mfcc;
    extractor of{settings, 22050};
    std::vector<float> row(of.width());
    of.extract(samples, row);
    all.update({reinterpret_cast<const char*>(row.data()), row.size() * sizeof(float)});
  }
  return all.hex();
}

} // namespace

TEST_CASE("rows are those of this feature_version; if not, raise it and put the new digest here") {
  // another compiler or C library may round otherwise: a cache tells these apart by itself
  if (this_build().compiler != "GNU 12.2.0" || std::string(gnu_get_libc_version()) != "2.36") {
    MESSAGE("skipped: the digest is that of GCC 12.2.0 with glibc 2.36");
    return;
  }
  CHECK(feature_version == 1);
  CHECK(digest() == "5918686b1c5730ccb5b362419815b66d84596b312c448045fec92f75a049e83f");
}
