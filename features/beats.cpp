// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/beats.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace fugato {
namespace {

constexpr double tightness = 100;

double standard_deviation(std::span<const float> x) {
  double sum = 0;
  for (const float v : x)
    sum += double{v};
  const double mean = sum / static_cast<double>(x.size());
  double squares = 0;
  for (const float v : x)
    squares += (double{v} - mean) * (double{v} - mean);
  return x.size() < 2 ? 0 : std::sqrt(squares / static_cast<double>(x.size() - 1));
}

/// The envelope in units of its deviation, smoothed over a small part of the period.
std::vector<double> local_score(std::span<const float> onset, std::ptrdiff_t period) {
  const double spread = standard_deviation(onset);
  const double unit = spread > 0 ? spread : 1;
  std::vector<double> weights;
  for (std::ptrdiff_t d = 0; d <= period; ++d) {
    const double turns = 32.0 * static_cast<double>(d) / static_cast<double>(period);
    weights.push_back(std::exp(-0.5 * turns * turns));
  }
  const auto n = static_cast<std::ptrdiff_t>(onset.size());
  std::vector<double> score(onset.size());
  for (std::ptrdiff_t i = 0; i < n; ++i)
    for (std::ptrdiff_t j = std::max<std::ptrdiff_t>(0, i - period); j <= std::min(n - 1, i + period); ++j)
      score[static_cast<std::size_t>(i)] +=
          weights[static_cast<std::size_t>(std::abs(i - j))] * double{onset[static_cast<std::size_t>(j)]} / unit;
  return score;
}

struct paths {
  std::vector<double> total;          ///< of the best path that ends at a frame
  std::vector<std::ptrdiff_t> before; ///< its beat before that one; negative where there is none
};

paths best_paths(const std::vector<double>& score, std::ptrdiff_t period) {
  const auto nearest = static_cast<std::ptrdiff_t>(std::rint(static_cast<double>(period) / 2));
  std::vector<double> cost; // of steps of 2 periods, and ever shorter ones
  for (std::ptrdiff_t d = 2 * period; d >= nearest; --d) {
    const double octaves = std::log(static_cast<double>(d) / static_cast<double>(period));
    cost.push_back(-tightness * octaves * octaves);
  }
  const double faint = 0.01 * *std::ranges::max_element(score);
  paths result;
  bool begun = false;
  for (std::size_t i = 0; i < score.size(); ++i) {
    double best = -std::numeric_limits<double>::infinity();
    std::ptrdiff_t from = 0;
    for (std::size_t c = 0; c < cost.size(); ++c) {
      const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(i + c) - 2 * period;
      const double x = cost[c] + (at < 0 ? 0 : result.total[static_cast<std::size_t>(at)]);
      if (x > best) {
        best = x;
        from = at;
      }
    }
    begun = begun || score[i] >= faint;
    result.total.push_back(score[i] + best);
    result.before.push_back(begun ? from : -1);
  }
  return result;
}

/// The last of the local maxima that reach half their median; negative where there is none.
std::ptrdiff_t last_beat(const std::vector<double>& total) {
  std::vector<std::ptrdiff_t> peaks;
  std::vector<double> heights;
  for (std::size_t i = 1; i < total.size(); ++i)
    if (total[i] > total[i - 1] && (i + 1 == total.size() || total[i] >= total[i + 1])) {
      peaks.push_back(static_cast<std::ptrdiff_t>(i));
      heights.push_back(total[i]);
    }
  if (peaks.empty())
    return -1;
  std::vector<double> sorted = heights;
  std::ranges::sort(sorted);
  const double median = (sorted[(sorted.size() - 1) / 2] + sorted[sorted.size() / 2]) / 2;
  for (std::size_t i = peaks.size(); i-- > 0;)
    if (2 * heights[i] > median)
      return peaks[i];
  return -1;
}

/// Without the weak ones at either end; as in librosa 0.10.1, the last strong one goes too.
std::vector<std::uint32_t> without_weak_ends(const std::vector<std::uint32_t>& beats,
                                             const std::vector<double>& score) {
  const std::size_t n = beats.size();
  std::vector<double> smooth(n); // by a Hann window of 5: 0, 1/2, 1, 1/2, 0
  double squares = 0;
  for (std::size_t i = 0; i < n; ++i) {
    smooth[i] = score[beats[i]] + (i > 0 ? score[beats[i - 1]] / 2 : 0) + (i + 1 < n ? score[beats[i + 1]] / 2 : 0);
    squares += smooth[i] * smooth[i];
  }
  const double threshold = 0.5 * std::sqrt(squares / static_cast<double>(n));
  const auto strong = [threshold](double x) { return x > threshold; };
  const auto first = std::ranges::find_if(smooth, strong);
  if (first == smooth.end())
    return {};
  const auto last = std::find_if(smooth.rbegin(), smooth.rend(), strong);
  return {beats.begin() + (first - smooth.begin()), beats.begin() + (smooth.rend() - last - 1)};
}

} // namespace

std::vector<std::uint32_t> beat_frames(std::span<const float> onset, double tempo, double frames_per_second) {
  if (!(tempo > 0) || std::ranges::none_of(onset, [](float x) { return x != 0; }))
    return {};
  const auto period = static_cast<std::ptrdiff_t>(std::rint(60 * frames_per_second / tempo));
  if (period < 1)
    return {};
  const std::vector<double> score = local_score(onset, period);
  const paths found = best_paths(score, period);
  std::vector<std::uint32_t> beats;
  for (std::ptrdiff_t i = last_beat(found.total); i >= 0; i = found.before[static_cast<std::size_t>(i)])
    beats.push_back(static_cast<std::uint32_t>(i));
  std::ranges::reverse(beats);
  return beats.empty() ? beats : without_weak_ends(beats, score);
}

} // namespace fugato
