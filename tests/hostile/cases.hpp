// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/hostile/bytes.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace fugato::hostile {

enum class fate {
  row,        ///< rows, and nothing to say
  warned_row, ///< rows, and a warning
  failure,    ///< no rows
};

/// A bad or odd file and what must become of it.
struct specimen {
  std::string path; ///< within the corpus: <label>/<file>
  std::string_view how;
  fate expected;
  std::string_view reason; ///< the code of a failure, or words of the warning
  std::function<void(const std::string& path)> make;
};

using specimens = std::vector<specimen>;

specimens bad_headers();   ///< WAV headers that lie or are cut off
specimens other_formats(); ///< containers and codings, whole and cut
specimens odd_samples();   ///< not finite, absurd, silent, short
specimens no_files();      ///< FIFOs, devices, links, folders, names that promise another format
specimens foreign_names(); ///< names that command terminals, spreadsheets and browsers

/// All of them.
specimens all_specimens();

/// Makes the files below @p folder.
void make_corpus(const specimens& cases, const std::string& folder);

/// Whoever writes the bytes that @p make yields.
template <class Make>
std::function<void(const std::string&)> holding(Make make) {
  return [make](const std::string& path) { test::write_bytes(path, make()); };
}

/// 8000 samples of a tone in noise, as 16-bit words: a sound WAV file's data.
inline const bytes& music() {
  static const bytes data = [] {
    std::vector<std::int16_t> samples;
    for (const float x : test::noisy(22050, 8000))
      samples.push_back(static_cast<std::int16_t>(x * 20000));
    return words(samples);
  }();
  return data;
}

/// Frames of a tone in noise in a coding of libsndfile; 0.4 s, unless told.
inline bytes encoded(int format, std::uint32_t rate = 22050, unsigned channels = 1, std::size_t frames = 0) {
  const std::size_t count = frames > 0 ? frames : rate * 2 / 5;
  return test::encode(format, rate, channels, test::noisy(rate, count * channels));
}

} // namespace fugato::hostile
