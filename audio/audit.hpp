// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "audio/settings.hpp"
#include "audio/track.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace fugato {

/// What a label has, as far as it can be read.
struct label_summary {
  std::string label;
  std::uint64_t tracks = 0;
  double seconds = 0; ///< [s]
};

struct unreadable_track {
  std::string path;
  std::string reason;  ///< of the table of errors, e.g. "damaged-audio"
  std::string message; ///< a sentence
};

/// A track that can be used, but hardly should.
struct suspect_track {
  std::string path;
  std::string message; ///< a sentence
};

/// A track that differs from the rest.
struct odd_track {
  std::string path;
  std::string what; ///< "seconds", "rate" or "channels"
  double value = 0; ///< of this track
  double usual = 0; ///< the median of seconds; the most frequent rate or number of channels
};

/// Tracks that are the same recording.
struct duplicates {
  std::string same; ///< "bytes" or "samples"
  std::vector<std::string> paths;
};

/// What may spoil an experiment with a corpus.
struct corpus_audit {
  std::uint64_t tracks = 0;
  double seconds = 0; ///< of what can be read [s]
  std::vector<label_summary> labels;
  std::vector<unreadable_track> unreadable;
  std::vector<suspect_track> suspect;
  std::vector<odd_track> odd;
  std::vector<duplicates> repeated;
};

void describe(visitor& v, label_summary& x);
void describe(visitor& v, unreadable_track& x);
void describe(visitor& v, suspect_track& x);
void describe(visitor& v, odd_track& x);
void describe(visitor& v, duplicates& x);
void describe(visitor& v, corpus_audit& x);

/// Reads and decodes all tracks, one after the other, and reports per label how
/// much there is; what cannot be read and why; silence, constants and headers that
/// contradict themselves; lengths off the median by more
/// than 5 %; rates and channels other than the most frequent; and groups of equal
/// tracks by SHA-256 of the file's bytes, and of rate and decoded mono samples
/// where these tell more. Lists follow the order of @p tracks.
/// Paths and messages are made printable (config/printable.hpp).
/// @param progress is called with the number of tracks done; may be empty
corpus_audit audit(const std::vector<track>& tracks, const audio_settings& settings,
                   const std::function<void(std::size_t done)>& progress);

} // namespace fugato
