// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "audio/tags.hpp"
#include "config/catalog.hpp"
#include "config/describe.hpp"
#include "tools/aliases.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// A training corpus from the tags of somebody's music: labels from genres, and groups that must not be torn
/// apart from artists and albums. Knows no files: what it is given decides.
namespace fugato {

/// A file and what is known of it.
struct tagged_track {
  std::string path; ///< absolute
  music_tags tags;
  std::string problem; ///< why its tags cannot be read; else empty
};

/// What holds tracks together: a row of the catalog.
struct grouping {
  std::string_view name;
  std::string_view summary;
  bool by_artist;
  bool by_album;
};

const catalog<grouping>& groupings();

/// What to do with a track of several genres: a row of the catalog.
struct several_genres {
  std::string_view name;
  std::string_view summary;
  bool take_first;
};

const catalog<several_genres>& genre_choices();

struct corpus_rules {
  std::string groups = "both";
  std::string several = "first";
  std::uint32_t min_per_class = 10; ///< tracks
  std::uint32_t min_groups = 2;     ///< of a class: with one, it could be learnt or judged, not both
  std::vector<alias> aliases;
};

/// A track of the corpus.
struct chosen_track {
  std::string path;
  std::string label;
  std::string group; ///< unique; its number, artist and album
};

struct left_out_track {
  std::string path;
  std::string reason;
};

struct label_count {
  std::string label;
  std::uint32_t tracks = 0;
  std::uint32_t groups = 0;
  std::vector<std::string> spellings; ///< of the genre, where there are several
};

struct reason_count {
  std::string reason;
  std::uint32_t tracks = 0;
};

/// What `fugato corpus from-tags` tells.
struct corpus_summary {
  std::uint32_t tracks = 0; ///< chosen
  std::uint32_t groups = 0;
  std::uint32_t largest_group = 0;  ///< tracks
  std::uint32_t several_genres = 0; ///< chosen tracks that have several genres
  std::uint32_t by_folder = 0;      ///< chosen tracks without such tags: their folder holds them together
  std::uint32_t seed = 0;           ///< of the split, so that each label is on both sides
  double test_size = 0;             ///< the same
  std::vector<label_count> labels;
  std::vector<reason_count> left_out;
};

void describe(visitor& v, label_count& x);
void describe(visitor& v, reason_count& x);
void describe(visitor& v, corpus_summary& x);

struct tagged_corpus {
  std::vector<chosen_track> tracks; ///< in the order given
  std::vector<left_out_track> left_out;
  corpus_summary summary;
};

/// Genres that differ in case, blanks and punctuation only are one label, spelt as most tracks do; aliases are
/// found the same way, and an empty one leaves the genre out.
/// Two tracks belong to one group when they share an artist, an album, or others that do: an album is its title
/// with its album artist (or artist), or with its folder (of `CD 1` and such the one above). Names like "Various
/// Artists" and "Unknown" tie nothing together. Tracks without such tags are tied to each other by their folder, and
/// to the others there where those are of a single group.
tagged_corpus corpus_of_tags(const std::vector<tagged_track>& tracks, const corpus_rules& rules);

/// The genre in the form by which genres are compared: "Hip-Hop" and "hip hop" are "hiphop".
std::string genre_key(const std::string& genre);

/// Counts for people.
std::string corpus_text(const corpus_summary& x);

} // namespace fugato
