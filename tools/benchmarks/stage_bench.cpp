// SPDX-License-Identifier: GPL-3.0-or-later
// What each step of the hot path costs, by instruction set: a tile of 16 frames of the report's transform unless its
// name says otherwise. Run by tools/bench stages.
#include "audio/chunks.hpp"
#include "features/batch_fft.hpp"
#include "features/cepstral.hpp"
#include "features/extractor.hpp"
#include "features/kernels.hpp"
#include "features/stft.hpp"
#include "features/tonal.hpp"

#include <benchmark/benchmark.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

using namespace fugato;

namespace {

constexpr std::uint32_t rate = 22050;
constexpr std::size_t n_fft = 2048;
constexpr std::size_t hop = 512;
constexpr std::size_t bins = n_fft / 2 + 1;

/// A chord in noise: 3.3 s, so that the tiles have peaks.
std::vector<float> sound() {
  std::vector<float> y(72766);
  std::uint32_t state = 1;
  for (std::size_t i = 0; i < y.size(); ++i) {
    state = state * 1664525u + 1013904223u;
    const double t = static_cast<double>(i) / rate;
    const double noise = static_cast<double>(state >> 8) / 8388608.0 - 1;
    y[i] = static_cast<float>(0.2 * std::sin(1382 * t) + 0.2 * std::sin(1741 * t) + 0.1 * std::sin(2071 * t) +
                              0.05 * noise);
  }
  return y;
}

/// What the steps work on, made once a set.
struct bench {
  explicit bench(const instruction_set& isa)
      : k(*isa.table), transform(n_fft, hop, padding::zero, isa), fft(n_fft, isa) {
    transform.begin(y);
    transform.power(3, power.data(), low.data());
    k.roots(power.data(), bins * tile, magnitude.data());
    k.peaks(power.data(), bins, peaks.data());
    for (std::size_t l = 0; l < tile; ++l) {
      gate[l] = 0.1f * peaks[l];
      centre[l] = 150;
    }
    std::array<double, tile> sum;
    std::array<double, tile> moment;
    std::array<float, tile> running;
    k.moments(magnitude.data(), bins, sum.data(), moment.data(), running.data());
    for (std::size_t l = 0; l < tile; ++l)
      threshold[l] = 0.85f * running[l];
    k.mel(filters, power.data(), mel.data(), mel_stride);
    k.decibels(mel.data(), mel_bands, mel_stride, mel.data());
    for (std::size_t i = 0; i < rows.size(); ++i)
      rows[i] = power.data() + std::min(i, bins - 1) * tile;
    transform.transform(3, spectrum.data());
  }

  static constexpr std::size_t mel_stride = 2 * tile;
  std::vector<float> y = sound();
  const kernels& k;
  stft transform;
  batch_fft fft;
  std::vector<mel_filter> filters = mel_filters(rate, n_fft);
  chroma_filters chroma{rate, n_fft};
  aligned_vector<float> power = aligned_vector<float>(bins * tile);
  aligned_vector<float> low = aligned_vector<float>(2 * tile);
  aligned_vector<float> magnitude = aligned_vector<float>(bins * tile);
  aligned_vector<float> spectrum = aligned_vector<float>(2 * bins * tile);
  aligned_vector<float> frames = aligned_vector<float>(n_fft * tile);
  aligned_vector<float> out = aligned_vector<float>(2 * bins * tile);
  aligned_vector<float> mel = aligned_vector<float>(mel_bands * mel_stride + tile);
  aligned_vector<float> bands = aligned_vector<float>(mel_bands * tile);
  aligned_vector<float> turned = aligned_vector<float>(hop * 24);
  std::vector<std::uint32_t> found = std::vector<std::uint32_t>(bins * tile);
  std::array<float, tile> peaks{};
  std::array<float, tile> gate{};
  std::array<float, tile> centre{};
  std::array<float, tile> threshold{};
  std::array<double, 3 * tile> sums{};
  std::array<double, tile> more{};
  std::array<std::int32_t, tile> counts{};
  std::array<float, tile> row{};
  std::array<const float*, 1040 + 30> rows{};
};

struct step {
  const char* name;
  std::function<void(bench&)> run;
};

std::vector<step> steps() {
  return {
      {"turning",
       [](bench& b) {
         std::array<const float*, 24> columns;
         for (std::size_t c = 0; c < columns.size(); ++c)
           columns[c] = b.y.data() + c * hop;
         b.k.interleave(columns.data(), columns.size(), hop, b.turned.data(), columns.size());
       }},
      {"transform+power (with turning)", [](bench& b) { b.transform.power(3, b.power.data(), b.low.data()); }},
      {"transform (with turning)", [](bench& b) { b.transform.transform(3, b.out.data()); }},
      {"inverse transform", [](bench& b) { b.fft.inverse(b.spectrum.data(), b.frames.data()); }},
      {"roots", [](bench& b) { b.k.roots(b.power.data(), bins * tile, b.out.data()); }},
      {"largest bins", [](bench& b) { b.k.peaks(b.power.data(), bins, b.row.data()); }},
      {"peaks of pitch",
       [](bench& b) {
         benchmark::DoNotOptimize(b.k.local_peaks(b.power.data(), 14, 372, b.gate.data(), b.found.data()));
       }},
      {"moments", [](bench& b) { b.k.moments(b.magnitude.data(), bins, b.sums.data(), b.more.data(), b.row.data()); }},
      {"bandwidths", [](bench& b) { b.k.spreads(b.magnitude.data(), bins, b.centre.data(), b.sums.data()); }},
      {"rolloff", [](bench& b) { b.k.ranks(b.magnitude.data(), bins, b.threshold.data(), b.counts.data()); }},
      {"flatness", [](bench& b) { b.k.flatness(b.power.data(), bins, b.sums.data(), b.more.data()); }},
      {"mel bands", [](bench& b) { b.k.mel(b.filters, b.power.data(), b.bands.data(), tile); }},
      {"decibels", [](bench& b) { b.k.decibels(b.bands.data(), mel_bands, tile, b.out.data()); }},
      {"chroma", [](bench& b) { b.k.chroma(b.power.data(), bins, b.chroma.bank(50).data(), b.out.data(), tile); }},
      {"mean onset", [](bench& b) { b.k.mean_rise(b.mel.data(), mel_bands, bench::mel_stride, b.row.data()); }},
      {"median onset", [](bench& b) { b.k.median_rise(b.mel.data(), mel_bands, bench::mel_stride, b.row.data()); }},
      {"medians of 31", [](bench& b) { b.k.running_median(b.rows.data(), bins, b.out.data()); }},
      {"masks", [](bench& b) { b.k.soft_mask(b.power.data(), b.magnitude.data(), bins * tile, b.out.data()); }},
      {"crossings of 3.3 s",
       [](bench& b) { benchmark::DoNotOptimize(b.k.sign_changes(b.y.data() + 1, b.y.size() - 1)); }},
      {"check of 3.3 s", [](bench& b) { benchmark::DoNotOptimize(b.k.beyond(b.y.data(), b.y.size(), 1e10f)); }},
  };
}

} // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  for (const step& one : steps())
    for (const instruction_set& isa : instruction_sets())
      if (isa.supported())
        benchmark::RegisterBenchmark((std::string(one.name) + "/" + std::string(isa.name)).c_str(),
                                     [&isa, run = one.run](benchmark::State& state) {
                                       bench work(isa);
                                       for (auto _ : state) {
                                         run(work);
                                         benchmark::ClobberMemory();
                                       }
                                     })
            ->Unit(benchmark::kMicrosecond);
  benchmark::RunSpecifiedBenchmarks();
}
