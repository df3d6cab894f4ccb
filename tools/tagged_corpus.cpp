// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/tagged_corpus.hpp"

#include "config/error.hpp"
#include "config/printable.hpp"
#include "report/columns.hpp"
#include "report/format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <numeric>
#include <set>

namespace fugato {
namespace {

namespace fs = std::filesystem;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// ASCII letters in lower case, blanks single; other alphabets stay as they are.
std::string normal(const std::string& text) {
  std::string result;
  for (const char c : text)
    if (c != ' ' && c != '\t')
      result += lower(c);
    else if (!result.empty() && result.back() != ' ')
      result += ' ';
  if (result.ends_with(' '))
    result.pop_back();
  return result;
}

/// Whether a name says who or what it is.
bool tells(const std::string& name) {
  constexpr std::array<std::string_view, 13> nobody{
      "",          "various artists", "various",          "va",
      "v.a.",      "unknown",         "unknown artist",   "unknown album",
      "[unknown]", "<unknown>",       "[unknown artist]", "[non-album tracks]",
      "untitled"};
  return std::find(nobody.begin(), nobody.end(), normal(name)) == nobody.end();
}

/// "CD 1", "disc2", "Disk_03".
bool is_disc(const std::string& folder) {
  const std::string name = normal(folder);
  for (const std::string_view word : {"cd", "disc", "disk"})
    if (name.starts_with(word)) {
      const std::string rest = name.substr(word.size());
      const auto digits = rest.find_first_not_of(" _-");
      return digits != std::string::npos && rest.find_first_not_of("0123456789", digits) == std::string::npos;
    }
  return false;
}

std::string album_folder(const std::string& path) {
  fs::path folder = fs::path(path).parent_path();
  if (is_disc(folder.filename().string()))
    folder = folder.parent_path();
  return folder.string();
}

/// What a track shares with those of its group. A separator that no tag holds keeps kinds and parts apart.
std::vector<std::string> ties_of(const tagged_track& x, const grouping& by) {
  std::vector<std::string> result;
  const auto tie = [&result](std::string_view kind, const std::string& a, const std::string& b) {
    result.push_back(fmt::format("{}\n{}\n{}", kind, a, b));
  };
  std::vector<std::string> artists = x.tags.artists;
  artists.insert(artists.end(), x.tags.album_artists.begin(), x.tags.album_artists.end());
  std::erase_if(artists, [](const std::string& name) { return !tells(name); });
  if (by.by_artist)
    for (const std::string& name : artists)
      tie("artist", normal(name), "");
  if (by.by_album && tells(x.tags.album)) {
    const std::string title = normal(x.tags.album);
    const auto& owners = x.tags.album_artists.empty() ? x.tags.artists : x.tags.album_artists;
    for (const std::string& name : owners)
      if (tells(name) || !x.tags.album_artists.empty())
        tie("album", title, normal(name));
    tie("folder", title, album_folder(x.path));
  }
  if (result.empty())
    tie("folder", "", album_folder(x.path));
  return result;
}

bool held_by_folder(const std::vector<std::string>& ties) { return ties.front().starts_with("folder\n\n"); }

/// Sets that are joined where they touch.
class components {
public:
  explicit components(std::size_t count) : parent_(count) { std::iota(parent_.begin(), parent_.end(), std::size_t{0}); }

  std::size_t of(std::size_t i) {
    while (parent_[i] != i)
      i = parent_[i] = parent_[parent_[i]];
    return i;
  }

  /// The lower number stands for both, so that names do not depend on the order of joining.
  void join(std::size_t a, std::size_t b) {
    a = of(a);
    b = of(b);
    parent_[std::max(a, b)] = std::min(a, b);
  }

private:
  std::vector<std::size_t> parent_;
};

/// A track on its way into the corpus.
struct candidate {
  const tagged_track* source = nullptr;
  std::string genre; ///< as spelt, or the alias
  std::string key;
};

class choosing {
public:
  choosing(const std::vector<tagged_track>& tracks, const corpus_rules& rules)
      : rules_(rules), by_(groupings().at(rules.groups)), take_first_(genre_choices().at(rules.several).take_first) {
    for (const alias& x : rules.aliases)
      aliases_[genre_key(x.first)] = x.second;
    for (const tagged_track& x : tracks)
      look(x);
  }

  tagged_corpus finish() {
    group();
    drop_small();
    name_labels();
    count();
    return std::move(result_);
  }

private:
  void leave_out(const tagged_track& x, const std::string& reason) { result_.left_out.push_back({x.path, reason}); }

  void look(const tagged_track& x) {
    if (!x.problem.empty())
      return leave_out(x, "unreadable");
    if (x.path.find_first_of("\n\r") != std::string::npos)
      return leave_out(x, "a line end in the path, which no list can hold");
    std::vector<std::pair<std::string, std::string>> genres; // key, spelling
    bool dropped = false;
    for (const std::string& genre : x.tags.genres) {
      const auto known = aliases_.find(genre_key(genre));
      const std::string& name = known == aliases_.end() ? genre : known->second;
      dropped = dropped || name.empty();
      const bool fresh = std::none_of(genres.begin(), genres.end(),
                                      [key = genre_key(name)](const auto& each) { return each.first == key; });
      if (!name.empty() && fresh)
        genres.emplace_back(genre_key(name), name);
    }
    if (genres.empty())
      return leave_out(x, dropped ? "genre left out by an alias" : "no genre");
    if (genres.size() > 1 && !take_first_)
      return leave_out(x, "several genres");
    several_.push_back(genres.size() > 1);
    chosen_.push_back({&x, genres.front().second, genres.front().first});
  }

  /// Groups come before small classes are dropped: tracks of a dropped class still tie others together.
  void group() {
    components sets(chosen_.size());
    std::map<std::string, std::size_t> first_with;
    for (std::size_t i = 0; i < chosen_.size(); ++i) {
      const std::vector<std::string> ties = ties_of(*chosen_[i].source, by_);
      by_folder_.push_back(held_by_folder(ties));
      for (const std::string& tie : ties)
        sets.join(i, first_with.try_emplace(tie, i).first->second);
    }
    join_strays(sets);
    for (std::size_t i = 0; i < chosen_.size(); ++i)
      group_of_.push_back(sets.of(i));
  }

  /// A track without tags amid those of a single group is taken for one of them.
  void join_strays(components& sets) {
    std::map<std::string, std::set<std::size_t>> tagged; // groups by folder
    for (std::size_t i = 0; i < chosen_.size(); ++i)
      if (!by_folder_[i])
        tagged[album_folder(chosen_[i].source->path)].insert(sets.of(i));
    for (std::size_t i = 0; i < chosen_.size(); ++i)
      if (const auto found = tagged.find(album_folder(chosen_[i].source->path));
          by_folder_[i] && found != tagged.end() && found->second.size() == 1)
        sets.join(i, *found->second.begin());
  }

  void drop_small() {
    std::map<std::string, std::pair<std::size_t, std::set<std::size_t>>> sizes; // tracks, groups
    for (std::size_t i = 0; i < chosen_.size(); ++i) {
      auto& [tracks, groups] = sizes[chosen_[i].key];
      ++tracks;
      groups.insert(group_of_[i]);
    }
    for (std::size_t i = 0; i < chosen_.size(); ++i) {
      const auto& [tracks, groups] = sizes[chosen_[i].key];
      if (tracks < rules_.min_per_class)
        leave_out(*chosen_[i].source, fmt::format("fewer than {} tracks of the genre", rules_.min_per_class));
      else if (groups.size() < rules_.min_groups)
        leave_out(*chosen_[i].source, fmt::format("fewer than {} groups of the genre", rules_.min_groups));
      else
        kept_.push_back(i);
    }
  }

  /// The spelling of most tracks; of equals the first by bytes.
  void name_labels() {
    for (const std::size_t i : kept_)
      ++spellings_[chosen_[i].key][chosen_[i].genre];
    for (const auto& [key, counts] : spellings_)
      label_[key] = std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
                      return a.second < b.second;
                    })->first;
  }

  std::string group_name(std::size_t leader) const {
    const music_tags& tags = chosen_[leader].source->tags;
    std::string result = fmt::format("g{}", leader + 1);
    const auto& artists = tags.album_artists.empty() ? tags.artists : tags.album_artists;
    if (by_.by_artist && !artists.empty())
      result += " " + artists.front();
    if (!tags.album.empty())
      result += " / " + tags.album;
    return printable(result, 80);
  }

  void count() {
    corpus_summary& s = result_.summary;
    std::map<std::size_t, std::uint32_t> group_sizes;
    std::map<std::string, std::set<std::size_t>> groups_of;
    std::map<std::string, std::uint32_t> tracks_of;
    for (const std::size_t i : kept_) {
      const candidate& x = chosen_[i];
      result_.tracks.push_back({x.source->path, label_.at(x.key), group_name(group_of_[i])});
      s.largest_group = std::max(s.largest_group, ++group_sizes[group_of_[i]]);
      s.several_genres += several_[i] ? 1 : 0;
      s.by_folder += by_folder_[i] ? 1 : 0;
      groups_of[x.key].insert(group_of_[i]);
      ++tracks_of[x.key];
    }
    s.tracks = static_cast<std::uint32_t>(kept_.size());
    s.groups = static_cast<std::uint32_t>(group_sizes.size());
    for (const auto& [key, tracks] : tracks_of) {
      label_count each{label_.at(key), tracks, static_cast<std::uint32_t>(groups_of[key].size()), {}};
      if (spellings_[key].size() > 1)
        for (const auto& [spelling, times] : spellings_[key])
          each.spellings.push_back(spelling);
      s.labels.push_back(std::move(each));
    }
    std::sort(s.labels.begin(), s.labels.end(),
              [](const label_count& a, const label_count& b) { return a.label < b.label; });
    std::map<std::string, std::uint32_t> reasons;
    for (const left_out_track& x : result_.left_out)
      ++reasons[x.reason];
    for (const auto& [reason, tracks] : reasons)
      s.left_out.push_back({reason, tracks});
  }

  const corpus_rules& rules_;
  const grouping& by_;
  bool take_first_;
  std::map<std::string, std::string> aliases_; ///< by key
  std::vector<candidate> chosen_;
  std::vector<bool> several_;         ///< of chosen_
  std::vector<bool> by_folder_;       ///< of chosen_
  std::vector<std::size_t> group_of_; ///< of chosen_: the group's first track
  std::vector<std::size_t> kept_;     ///< indices of chosen_
  std::map<std::string, std::map<std::string, std::uint32_t>> spellings_;
  std::map<std::string, std::string> label_;
  tagged_corpus result_;
};

} // namespace

const catalog<grouping>& groupings() {
  static const catalog<grouping> all{
      "grouping",
      {{"both", "Neither an artist nor an album is on both sides.", true, true},
       {"artist", "No artist is on both sides; an album of several may be.", true, false},
       {"album", "No album is on both sides; an artist of several may be.", false, true}}};
  return all;
}

const catalog<several_genres>& genre_choices() {
  static const catalog<several_genres> all{"choice",
                                           {{"first", "A track of several genres has the first one's label.", true},
                                            {"skip", "Tracks of several genres are left out.", false}}};
  return all;
}

void describe(visitor& v, label_count& x) {
  v("label", x.label, anything{}, "a genre");
  v("tracks", x.tracks, anything{}, "that have it");
  v("groups", x.groups, anything{}, "that have such tracks");
  v("spellings", x.spellings, anything{}, "of the genre, where there are several");
}

void describe(visitor& v, reason_count& x) {
  v("reason", x.reason, anything{}, "why tracks are left out");
  v("tracks", x.tracks, anything{}, "for this reason");
}

void describe(visitor& v, corpus_summary& x) {
  v("tracks", x.tracks, anything{}, "chosen");
  v("groups", x.groups, anything{}, "that are not torn apart");
  v("largest_group", x.largest_group, anything{}, "tracks of the largest group");
  v("several_genres", x.several_genres, anything{}, "chosen tracks that have several genres");
  v("by_folder", x.by_folder, anything{}, "chosen tracks without such tags: their folder holds them together");
  v("seed", x.seed, anything{}, "of the split in the configuration");
  v("test_size", x.test_size, anything{}, "of the split in the configuration");
  v("labels", x.labels, "of the corpus");
  v("left_out", x.left_out, "tracks, by reason");
}

std::string genre_key(const std::string& genre) {
  constexpr std::string_view ignored = " \t-_./'";
  std::string result;
  for (const char c : genre)
    if (ignored.find(c) == std::string_view::npos)
      result += lower(c);
  return result.empty() ? normal(genre) : result;
}

tagged_corpus corpus_of_tags(const std::vector<tagged_track>& tracks, const corpus_rules& rules) {
  return choosing(tracks, rules).finish();
}

std::string corpus_text(const corpus_summary& x) {
  std::vector<table_line> lines{{"label", "tracks", "groups"}};
  for (const label_count& each : x.labels)
    lines.push_back({printable(each.label), std::to_string(each.tracks), std::to_string(each.groups)});
  std::string result = in_columns(lines);
  for (const label_count& each : x.labels)
    if (!each.spellings.empty())
      result += fmt::format("{}: also spelt {}\n", printable(each.label), printable(listed(each.spellings)));
  result += fmt::format("\n{} in {}, the largest of {}\n", counted(x.tracks, "track"), counted(x.groups, "group"),
                        counted(x.largest_group, "track"));
  if (x.several_genres > 0)
    result += fmt::format("{} of several genres: the first counts\n", counted(x.several_genres, "track"));
  if (x.by_folder > 0)
    result += fmt::format("{} without such tags: grouped by folder\n", counted(x.by_folder, "track"));
  for (const reason_count& each : x.left_out)
    result += fmt::format("left out: {}: {}\n", counted(each.tracks, "track"), printable(each.reason));
  return result;
}

} // namespace fugato
