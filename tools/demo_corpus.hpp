// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace fugato {

struct demo_summary {
  std::size_t tracks = 0;  ///< in the corpus
  std::size_t skipped = 0; ///< of them that were there already
  double seconds = 0;      ///< of audio in the corpus [s]
};

/// Writes a corpus in the shape of GTZAN: @p tracks_per_genre files
/// `<dir>/<genre>/<genre>.000NN.wav` in each of ten genres, mono, 22050 Hz,
/// 16 bits, of GTZAN's lengths (about 30 s); and `<dir>/README.txt`, which says
/// that this is synthetic music. A file that exists with the right size is kept.
/// The bytes depend on genre, number, soundfont and FluidSynth only, not on
/// @p tracks_per_genre or @p threads (at least 1 is used).
/// @param progress called after each track, never twice at a time, from any
///        thread; may be empty
/// @throws error(output) if a file cannot be written, error(not_found) if a
///         soundfont is needed and none is installed; then the tracks finished
///         so far stay.
demo_summary render_demo_corpus(const std::string& dir, unsigned tracks_per_genre,
                                const std::function<void(std::size_t done, std::size_t total)>& progress,
                                unsigned threads);

/// Whether @p dir was made by render_demo_corpus: its README.txt says so.
bool is_demo_corpus(const std::string& dir);

} // namespace fugato
