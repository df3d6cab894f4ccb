// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/explore_views.hpp"

#include "features/cepstral.hpp"
#include "features/tonal.hpp"
#include "report/format.hpp"
#include "report/png.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace fugato {
namespace {

constexpr double lowest_hz = 40; ///< of logarithmic axes
constexpr double quietest = -80; ///< [dB]
constexpr std::array<const char*, chroma_bands> pitch_names{"C",  "C#", "D",  "D#", "E",  "F",
                                                            "F#", "G",  "G#", "A",  "A#", "B"};

const colour_bar decibel_bar{"magma", "-80 dB", "0 dB"};

/// Of values that count from the first sample; its marks say where that is in the recording.
axis time_axis(const curves& x) {
  axis result = linear_axis("time [s]", x.begins, x.begins + x.seconds(), 6);
  for (tick& t : result.ticks)
    t.at -= x.begins;
  result.place = [length = x.seconds()](double seconds) { return seconds / length; };
  return result;
}

std::vector<double> widened(const std::vector<float>& x) { return {x.begin(), x.end()}; }

/// A curve with a value a frame, at most so many of them: the means of neighbours.
line curve(const curves& x, const std::vector<float>& values, std::size_t most, tone look) {
  const grid fewer = fewer_columns({1, values.size(), values}, most);
  line result{{}, widened(fewer.values), look};
  for (std::size_t i = 0; i < fewer.columns; ++i) {
    const std::size_t first = i * values.size() / fewer.columns;
    const std::size_t last = (i + 1) * values.size() / fewer.columns - 1;
    result.x.push_back(std::min(x.seconds(), (x.seconds_of(first) + x.seconds_of(last)) / 2));
  }
  return result;
}

/// Lowest and highest sample of each of so many parts.
band envelope(const curves& x, const std::vector<float>& samples, std::size_t parts, tone look) {
  band result;
  result.look = look;
  parts = std::min(parts, samples.size());
  for (std::size_t i = 0; i < parts; ++i) {
    const auto first = samples.begin() + static_cast<std::ptrdiff_t>(i * samples.size() / parts);
    const auto last = samples.begin() + static_cast<std::ptrdiff_t>((i + 1) * samples.size() / parts);
    const auto [low, high] = std::minmax_element(first, last);
    result.x.push_back((static_cast<double>(i) + 0.5) / static_cast<double>(parts) * x.seconds());
    result.low.push_back(double{*low});
    result.high.push_back(double{*high});
  }
  return result;
}

double loudest(const curves& x) {
  double result = 1e-4;
  for (const float s : x.samples)
    result = std::max(result, std::abs(double{s}));
  return result;
}

axis amplitude_axis(const curves& x) { return linear_axis("amplitude", -loudest(x), loudest(x), 4); }

axis frequency_axis(const curves& x) { return log_axis("Hz", lowest_hz, x.rate / 2.0); }

/// A power spectrogram on a logarithmic axis, in decibels below the peak of the whole.
picture spectrum_picture(const std::string& name, const curves& x, const grid& power, const resolution& fine) {
  const grid rows = on_log_axis(fewer_columns(power, fine.columns), x.bin_hz(), lowest_hz, x.rate / 2.0, fine.rows);
  return {name, png_of(decibels(rows, largest(x.power)), quietest, 0, colour_maps().at("magma"), fine.levels)};
}

plot waveform(const curves& x, const resolution& fine) {
  const double peak = loudest(x);
  double squares = 0;
  for (const float s : x.samples)
    squares += double{s} * double{s};
  const double rms = std::sqrt(squares / static_cast<double>(x.samples.size()));
  line above = curve(x, x.rms, fine.columns, tone::second);
  line below = above;
  for (double& y : below.y)
    y = -y;
  return {"Waveform",
          fmt::format("peak {:.3f}, RMS {:.3f}", peak, rms),
          time_axis(x),
          amplitude_axis(x),
          {envelope(x, x.samples, fine.columns, tone::first), above, below},
          {{tone::first, "lowest to highest sample"}, {tone::second, "RMS"}},
          {}};
}

plot spectrogram(const curves& x, const resolution& fine) {
  return {
      "Power spectrogram", "", time_axis(x), frequency_axis(x), {spectrum_picture("spectrum", x, x.power, fine)}, {},
      decibel_bar};
}

plot mel_spectrogram(const curves& x, const resolution& fine) {
  axis up{"Hz (mel)", {}, [rate = x.rate](double hz) { return (mel_band_of(hz, rate) + 0.5) / mel_bands; }};
  for (const double hz : {250, 500, 1000, 2000, 4000, 8000, 16000})
    if (hz < x.rate / 2.0)
      up.ticks.push_back({hz, hz >= 1000 ? fmt::format("{:g}k", hz / 1000) : fmt::format("{:g}", hz)});
  const grid mel = fewer_columns(x.mel, fine.columns);
  return {"Mel spectrogram",
          "",
          time_axis(x),
          std::move(up),
          {picture{"mel", png_of(decibels(mel, largest(x.mel)), quietest, 0, colour_maps().at("magma"), fine.levels)}},
          {},
          decibel_bar};
}

double mean(const std::vector<float>& x) {
  double sum = 0;
  for (const float v : x)
    sum += double{v};
  return sum / static_cast<double>(x.size());
}

/// A curve that silent frames, which are 0 Hz, interrupt.
line frequency_curve(const curves& x, const std::vector<float>& hz, std::size_t most, tone look) {
  line result = curve(x, hz, most, look);
  for (std::size_t i = 0; i < result.y.size(); ++i) {
    const auto first = hz.begin() + static_cast<std::ptrdiff_t>(i * hz.size() / result.y.size());
    const auto last = hz.begin() + static_cast<std::ptrdiff_t>((i + 1) * hz.size() / result.y.size());
    if (std::find(first, last, 0.0f) != last)
      result.y[i] = std::numeric_limits<double>::quiet_NaN();
  }
  return result;
}

plot centroid_rolloff(const curves& x, const resolution& fine) {
  return {"Spectral centroid and rolloff",
          fmt::format("means {:.0f} Hz and {:.0f} Hz", mean(x.centroid), mean(x.rolloff)),
          time_axis(x),
          frequency_axis(x),
          {spectrum_picture("spectrum", x, x.power, fine), frequency_curve(x, x.centroid, fine.columns, tone::light),
           frequency_curve(x, x.rolloff, fine.columns, tone::vivid)},
          {{tone::light, "centroid"}, {tone::vivid, "rolloff (85 %)"}},
          decibel_bar};
}

plot chromagram(const curves& x, const resolution& fine) {
  constexpr std::size_t thickness = 8; // so that a browser's smoothing blurs but the edges
  axis up{"pitch", {}, [](double pitch) { return (pitch + 0.5) / chroma_bands; }};
  for (const std::size_t p : {0U, 2U, 4U, 5U, 7U, 9U, 11U})
    up.ticks.push_back({static_cast<double>(p), pitch_names[p]});
  const grid chroma = fewer_columns(x.chroma, fine.columns);
  grid thick{thickness * chroma.rows, chroma.columns, {}};
  for (std::size_t r = 0; r < thick.rows; ++r)
    for (std::size_t c = 0; c < thick.columns; ++c)
      thick.values.push_back(chroma.at(r / thickness, c));
  return {"Chromagram",
          fmt::format("tuning {:+.2f} semitones", x.tuning),
          time_axis(x),
          std::move(up),
          {picture{"chroma", png_of(thick, 0, 1, colour_maps().at("viridis"), fine.levels)}},
          {},
          {"viridis", "0", "1, the frame's largest"}};
}

plot crossing_rate(const curves& x, const resolution& fine) {
  const line rate = curve(x, x.crossings, fine.columns, tone::first);
  const double top = std::max(0.01, 1.05 * *std::ranges::max_element(rate.y));
  return {"Zero crossing rate",
          fmt::format("{} in all, {:.0f} a second", x.sign_changes, static_cast<double>(x.sign_changes) / x.seconds()),
          time_axis(x),
          linear_axis("share of samples", 0, top, 4),
          {rate},
          {},
          {}};
}

/// Where to look closely: around the loudest frame.
std::size_t zoom_begin(const curves& x, std::size_t width) {
  const auto frame = static_cast<std::size_t>(std::ranges::max_element(x.rms) - x.rms.begin());
  const std::size_t centre = frame * x.hop_length;
  const std::size_t begin = centre > width / 2 ? centre - width / 2 : 0;
  return std::min(begin, x.samples.size() - width);
}

plot crossing_zoom(const curves& x, const resolution&) {
  constexpr double width_seconds = 0.02;
  const std::size_t width =
      std::min(x.samples.size(), std::max<std::size_t>(2, static_cast<std::size_t>(width_seconds * x.rate)));
  const std::size_t begin = zoom_begin(x, width);
  const std::span<const float> shown{x.samples.data() + begin, width};
  const auto at = [&x](double sample) { return 1000 * sample / x.rate; };
  line wave;
  double peak = 1e-4;
  for (std::size_t i = 0; i < width; ++i) {
    wave.x.push_back(at(static_cast<double>(i)));
    wave.y.push_back(double{shown[i]});
    peak = std::max(peak, std::abs(double{shown[i]}));
  }
  dots crossings;
  for (const std::size_t i : sign_change_places(shown)) {
    const double before = double{shown[i - 1]};
    const double part = before == double{shown[i]} ? 0 : before / (before - double{shown[i]});
    crossings.x.push_back(at(static_cast<double>(i) - 1 + std::clamp(part, 0.0, 1.0)));
    crossings.y.push_back(0);
  }
  const double seconds = static_cast<double>(width) / x.rate;
  const std::string remark = fmt::format("{} in {:.0f} ms, from {:.3f} s on", crossings.x.size(), 1000 * seconds,
                                         x.begins + static_cast<double>(begin) / x.rate);
  return {"Zero crossings, from near",
          remark,
          linear_axis("time [ms]", at(0), at(static_cast<double>(width)), 4),
          linear_axis("amplitude", -peak, peak, 4),
          {wave, std::move(crossings)},
          {{tone::first, "samples"}, {tone::second, "sign changes"}},
          {}};
}

plot onsets(const curves& x, const resolution& fine) {
  const line strength = curve(x, x.onset, 2 * fine.columns, tone::first);
  std::vector<double> beats;
  for (const std::uint32_t b : x.beats)
    beats.push_back(x.seconds_of(b));
  const double top = std::max(1.0, 1.05 * *std::ranges::max_element(strength.y));
  return {"Onset strength, tempo and beats",
          x.tempo > 0 ? fmt::format("{:.1f} bpm, {}", x.tempo, counted(static_cast<double>(beats.size()), "beat"))
                      : "no onsets, no tempo",
          time_axis(x),
          linear_axis("dB", 0, top, 4),
          {rules{std::move(beats), tone::second}, strength},
          {{tone::first, "onset strength"}, {tone::second, "beats"}},
          {}};
}

double energy(const std::vector<float>& x) {
  double sum = 0;
  for (const float v : x)
    sum += double{v} * double{v};
  return sum;
}

plot separated_waves(const curves& x, const resolution& fine) {
  const double whole = energy(x.harmonic) + energy(x.percussive);
  return {"Harmonic and percussive parts",
          whole > 0 ? fmt::format("{:.0f} % of the energy is harmonic", 100 * energy(x.harmonic) / whole) : "silence",
          time_axis(x),
          amplitude_axis(x),
          {envelope(x, x.harmonic, fine.columns, tone::first), envelope(x, x.percussive, fine.columns, tone::second)},
          {{tone::first, "harmonic"}, {tone::second, "percussive"}},
          {}};
}

plot harmonic(const curves& x, const resolution& fine) {
  return {"Harmonic part",
          "",
          time_axis(x),
          frequency_axis(x),
          {spectrum_picture("harmonic", x, x.harmonic_power, fine)},
          {},
          decibel_bar};
}

plot percussive(const curves& x, const resolution& fine) {
  return {"Percussive part",
          "",
          time_axis(x),
          frequency_axis(x),
          {spectrum_picture("percussive", x, x.percussive_power, fine)},
          {},
          decibel_bar};
}

} // namespace

const catalog<view>& views() {
  static const catalog<view> all{
      "view",
      {
          {"waveform", "Waveform",
           "How loud, and when: the lowest and the highest sample of each moment, and the root "
           "mean square of each frame.",
           120, true, waveform},
          {"spectrogram", "Power spectrogram",
           "Which frequencies are there when: |STFT|^2 in decibels below the track's peak, on a logarithmic axis as "
           "ears "
           "hear it.",
           170, true, spectrogram},
          {"mel", "Mel spectrogram",
           "The same power in 128 bands, evenly spaced on Slaney's mel scale: what MFCC are made of.", 150, true,
           mel_spectrogram},
          {"centroid_rolloff", "Spectral centroid and rolloff",
           "Where the spectrum has its centre of mass, and the frequency below which 85 % of it lies: how bright a "
           "track "
           "sounds.",
           170, true, centroid_rolloff},
          {"chroma", "Chromagram", "The power of the 12 pitch classes, each frame divided by its largest: the harmony.",
           170, true, chromagram},
          {"zero_crossing_rate", "Zero crossing rate",
           "The share of samples in a frame whose sign is not that of the sample before: high for noise and cymbals.",
           110, true, crossing_rate},
          {"zero_crossings", "Zero crossings, from near",
           "20 ms around the loudest frame: each change of sign is marked.", 120, false, crossing_zoom},
          {"onset", "Onset strength, tempo and beats",
           "How much louder the mel bands become from frame to frame; the tempo is what repeats best near 120 bpm, the "
           "beats are the best path through the onsets at that tempo.",
           120, true, onsets},
          {"separated", "Harmonic and percussive parts",
           "What lasts in time against what spreads over frequencies (medians of 31 frames and 31 bins): the two add "
           "up "
           "to the track.",
           120, true, separated_waves},
          {"harmonic", "Harmonic part", "Its spectrogram, in decibels below the peak of the whole track.", 150, true,
           harmonic},
          {"percussive", "Percussive part", "Its spectrogram, in decibels below the peak of the whole track.", 150,
           true, percussive},
      }};
  return all;
}

std::string curves_csv(const curves& x) {
  std::string result =
      "frame,seconds,rms,zero_crossing_rate,spectral_centroid_hz,spectral_rolloff_hz,onset_strength_db";
  for (const char* pitch : pitch_names)
    result += fmt::format(",chroma_{}", pitch);
  result += ",beat\n";
  for (std::size_t t = 0; t < x.frames(); ++t) {
    result += fmt::format("{},{:.6f},{},{},{},{},{}", t, x.begins + x.seconds_of(t), x.rms[t], x.crossings[t],
                          x.centroid[t], x.rolloff[t], x.onset[t]);
    for (std::size_t p = 0; p < x.chroma.rows; ++p)
      result += fmt::format(",{}", x.chroma.at(p, t));
    const bool beat = std::ranges::binary_search(x.beats, static_cast<std::uint32_t>(t));
    result += beat ? ",1\n" : ",0\n";
  }
  return result;
}

} // namespace fugato
