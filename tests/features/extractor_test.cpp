// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/extractor.hpp"

#include "config/error.hpp"
#include "features/catalog.hpp"
#include "tests/features/golden.hpp"
#include "tests/features/tones.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <new>
#include <thread>

namespace {

std::atomic<std::size_t> allocations = 0;
std::atomic<std::size_t> allocated_bytes = 0;

void* counted(std::size_t size, std::size_t alignment) {
  ++allocations;
  allocated_bytes += size;
  if (void* p = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment))
    return p;
  throw std::bad_alloc();
}

} // namespace

// Count every allocation of this executable.
void* operator new(std::size_t size) { return counted(size, alignof(std::max_align_t)); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

using namespace fugato;

namespace {

feature_settings settings_of(std::string_view preset) {
  const feature_preset& p = feature_presets().at(preset);
  feature_settings x;
  x.names = p.names;
  x.statistics = p.statistics;
  x.n_mfcc = p.n_mfcc;
  return x;
}

const std::vector<float>& track() {
  static const std::vector<float> y = golden::samples("e2e/disco.00001.flac");
  return y;
}

/// Chunks of a track as the report cuts them; the last is shorter.
std::span<const float> chunk_of(std::size_t i) {
  return std::span(track()).subspan(72765 * i, std::min<std::size_t>(72766, track().size() - 72765 * i));
}

std::vector<float> row_of(extractor& e, std::span<const float> chunk) {
  std::vector<float> row(e.width(), -1);
  e.extract(chunk, row);
  return row;
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

std::string refusal(const feature_settings& settings, std::uint32_t rate = 22050) {
  try {
    extractor e(settings, rate);
  } catch (const error& e) {
    CHECK(e.code() == errc::settings);
    return e.what();
  }
  return "accepted";
}

} // namespace

TEST_CASE("once a chunk was seen, others of its length cost no allocation") {
  for (const char* preset : {"report", "extended"}) {
    CAPTURE(preset);
    extractor e(settings_of(preset), 22050);
    std::vector<float> row(e.width());
    for (const std::size_t i : {0u, 1u, 9u})
      e.extract(chunk_of(i), row);
    const std::size_t before = allocations;
    for (const std::size_t i : {2u, 3u, 9u, 4u})
      e.extract(chunk_of(i), row);
    CHECK(allocations == before);
  }
}

TEST_CASE("the zero crossing rate alone makes no spectrum") {
  feature_settings settings;
  settings.names = {"zero_crossing_rate", "zero_crossings"};
  extractor e(settings, 22050);
  std::vector<float> row(e.width());
  const std::size_t before = allocated_bytes;
  e.extract(chunk_of(0), row);
  // Not even room for the padded signal, let alone 1025 bins of 143 frames.
  CHECK(allocated_bytes - before < 10000);
  CHECK(row[0] > 0);
}

TEST_CASE("rows are bit-identical whichever extractor makes them and whatever it saw before") {
  for (const char* preset : {"report", "extended"}) {
    CAPTURE(preset);
    extractor fresh(settings_of(preset), 22050);
    const auto expected = row_of(fresh, chunk_of(2));
    extractor used(settings_of(preset), 22050);
    row_of(used, tones::noise(100000));
    row_of(used, tones::sine(300, 440));
    CHECK(same_bits(row_of(used, chunk_of(2)), expected));
    row_of(used, chunk_of(9));
    CHECK(same_bits(row_of(used, chunk_of(2)), expected));
  }
}

TEST_CASE("extractors of several threads make bit-identical rows") {
  extractor alone(settings_of("report"), 22050);
  const auto expected = row_of(alone, chunk_of(1));
  std::vector<std::vector<float>> rows(4);
  {
    std::vector<std::jthread> threads;
    for (auto& row : rows)
      threads.emplace_back([&row] {
        extractor e(settings_of("report"), 22050);
        row = row_of(e, chunk_of(1));
      });
  }
  for (const auto& row : rows)
    CHECK(same_bits(row, expected));
}

TEST_CASE("a feature has the same value whatever else is asked for") {
  const feature_settings all = settings_of("extended");
  extractor e(all, 22050);
  const auto row = row_of(e, chunk_of(3));
  std::size_t next = 0;
  const auto columns = columns_of(all);
  for (const feature& f : features()) {
    CAPTURE(f.name);
    feature_settings one = all;
    one.names = {std::string(f.name)};
    extractor alone(one, 22050);
    const auto values = row_of(alone, chunk_of(3));
    std::size_t i = 0;
    for (std::size_t c = 0; c < columns.size(); ++c)
      if (columns[c].feature == f.name) {
        CHECK(row[c] == values[i++]);
        ++next;
      }
    CHECK(i == values.size());
  }
  CHECK(next == row.size());
}

TEST_CASE("any length from one sample on yields finite rows") {
  extractor e(settings_of("extended"), 22050);
  for (const std::size_t n : {1u, 2u, 3u, 500u, 511u, 512u, 1000u, 2047u, 2048u, 2049u, 4095u, 4608u, 30000u})
    for (const auto& y : {tones::noise(n), tones::silence(n), tones::constant(n, 1)})
      for (const float x : row_of(e, y))
        REQUIRE(std::isfinite(x));
}

TEST_CASE("transforms other than the report's yield finite rows") {
  for (const auto& [n_fft, hop, padding] : {std::tuple<std::uint32_t, std::uint32_t, const char*>{256, 64, "zero"},
                                            {512, 512, "reflect"},
                                            {1000, 300, "reflect"},
                                            {4096, 1024, "zero"},
                                            {64, 1, "reflect"}}) {
    CAPTURE(n_fft);
    feature_settings x = settings_of("extended");
    x.n_fft = n_fft;
    x.hop_length = hop;
    x.padding = padding;
    if (n_fft == 64)
      std::erase(x.names, "spectral_contrast");
    extractor e(x, 22050);
    CHECK(e.frames(5000) == 1 + 5000 / hop);
    for (const std::size_t n : {1u, 300u, 5000u})
      for (const float v : row_of(e, tones::noise(n)))
        REQUIRE(std::isfinite(v));
  }
}

TEST_CASE("settings that make no sense are refused with their place") {
  feature_settings x;
  x.hop_length = 4096;
  CHECK(refusal(x) == "/features/hop_length must be at most n_fft (2048), or samples would go unseen; it is 4096");
  x = {};
  x.hop_length = 0;
  CHECK(refusal(x) == "/features/hop_length must lie in [1, 65536]; it is 0");
  x = {};
  x.n_fft = 2047;
  CHECK(refusal(x) == "/features/n_fft must be even; it is 2047");
  x = {};
  x.names.clear();
  CHECK(refusal(x) == "/features/names must name at least one; it is empty");
  x = {};
  x.statistics.clear();
  CHECK(refusal(x) == "/features/statistics must name at least one; it is empty");
  x = {};
  x.names = {"rms", "mfcc", "rms"};
  CHECK(refusal(x) == "/features/names must name each once; it has 'rms' twice");
  x = {};
  x.padding = "wrap";
  CHECK(refusal(x) == "/features/padding must be \"zero\" or \"reflect\"; it is \"wrap\"");
  x = {};
  x.n_mfcc = 129;
  CHECK(refusal(x) == "/features/n_mfcc must lie in [1, 128]; it is 129");
  x = {};
  x.names = {"rsm"};
  CHECK(refusal(x).starts_with("unknown feature 'rsm'; did you mean 'rms'?"));
  CHECK(refusal({}, 0) == "the rate of the samples must be positive; it is 0 Hz");
}

TEST_CASE("features that the rate or the transform cannot serve are refused") {
  feature_settings x;
  x.names = {"spectral_contrast"};
  CHECK(refusal(x, 8000) == "/features/names: 'spectral_contrast' needs a rate above 12800 Hz and bins at most 200 Hz "
                            "apart; n_fft is 2048 at 8000 Hz");
  x.names = {"tempo_bpm"};
  x.n_fft = x.hop_length = 65536;
  CHECK(refusal(x, 8000) == "/features/hop_length must be at most 4 s for 'tempo_bpm'; it is 65536 at 8000 Hz");
  CHECK(refusal(settings_of("report"), 8000) == "accepted");
}

TEST_CASE("a row of the wrong width is refused") {
  extractor e(feature_settings(), 22050);
  std::vector<float> row(86);
  CHECK_THROWS_WITH_AS(e.extract(tones::silence(100), row), "a row must have 87 values; it has 86", error);
}
