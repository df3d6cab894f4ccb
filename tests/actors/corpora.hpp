// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/session.hpp"
#include "audio/corpus.hpp"
#include "audio/wav.hpp"
#include "models/table.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <random>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

namespace fugato {

/// Two genres of short tracks, tones and noise, of different lengths, in a
/// folder that goes when this does.
struct small_corpus {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("fugato-corpus-" + std::to_string(getpid()));

  explicit small_corpus(unsigned tracks_per_genre = 5) {
    std::filesystem::create_directories(path / "tones");
    std::filesystem::create_directories(path / "noise");
    for (unsigned i = 0; i < tracks_per_genre; ++i) {
      std::vector<std::int16_t> tone(100'000 + 7'000 * (i % 10));
      std::vector<std::int16_t> noise(80'000 + 9'000 * (i % 10));
      for (std::size_t t = 0; t < tone.size(); ++t)
        tone[t] = static_cast<std::int16_t>(9000 * std::sin(2 * std::numbers::pi * (220 + 55 * i) * double(t) / 22050));
      std::mt19937 dice{i};
      for (auto& x : noise)
        x = static_cast<std::int16_t>(static_cast<int>(dice() % 20001) - 10000);
      write_wav(path / "tones" / ("tones." + std::to_string(i) + ".wav"), tone, 22050);
      write_wav(path / "noise" / ("noise." + std::to_string(i) + ".wav"), noise, 22050);
    }
  }
  ~small_corpus() { std::filesystem::remove_all(path); }
  small_corpus(const small_corpus&) = delete;
  small_corpus& operator=(const small_corpus&) = delete;

  void spoil(const std::string& name) const { std::ofstream{path / name} << "this is not audio"; }
};

inline dispatch_settings dispatch_of(const std::string& policy, std::uint32_t workers) {
  dispatch_settings result;
  result.policy = policy;
  result.workers = workers;
  return result;
}

inline extraction extract(
    const std::string& corpus, const dispatch_settings& dispatch,
    const progress_callback& tell = [](const progress&) {}) {
  session actors{dispatch};
  return actors.extract(list_corpus(corpus), {}, tell);
}

inline std::string table_of(const extraction& x) {
  std::ostringstream text;
  write_table(text, x.data);
  return text.str();
}

} // namespace fugato
