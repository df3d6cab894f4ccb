// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/audit.hpp"

#include "audio/bytes.hpp"
#include "audio/clip.hpp"
#include "config/error.hpp"
#include "config/hash.hpp"
#include "config/printable.hpp"
#include "config/shortage.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <new>
#include <set>

namespace fugato {

void describe(visitor& v, label_summary& x) {
  v("label", x.label, anything{}, "genre");
  v("tracks", x.tracks, anything{}, "tracks listed");
  v("seconds", x.seconds, anything{}, "audio that can be read [s]");
}

void describe(visitor& v, unreadable_track& x) {
  v("path", x.path, anything{}, "file");
  v("reason", x.reason, anything{}, "code of the error");
  v("message", x.message, anything{}, "what is wrong");
}

void describe(visitor& v, suspect_track& x) {
  v("path", x.path, anything{}, "file");
  v("message", x.message, anything{}, "what makes it doubtful");
}

void describe(visitor& v, odd_track& x) {
  v("path", x.path, anything{}, "file");
  v("what", x.what, one_of{{"seconds", "rate", "channels"}}, "in what it differs from the rest");
  v("value", x.value, anything{}, "of this file");
  v("usual", x.usual, anything{}, "median of the seconds; most frequent rate or number of channels");
}

void describe(visitor& v, duplicates& x) {
  v("same", x.same, one_of{{"bytes", "samples"}}, "whether the files or only their decoded samples are equal");
  v("paths", x.paths, anything{}, "the files");
}

void describe(visitor& v, corpus_audit& x) {
  v("tracks", x.tracks, anything{}, "tracks listed");
  v("seconds", x.seconds, anything{}, "audio that can be read [s]");
  v("labels", x.labels, "what each label has");
  v("unreadable", x.unreadable, "tracks that cannot be used");
  v("suspect", x.suspect, "tracks that can be used, but hardly should");
  v("odd", x.odd, "tracks of unusual length, rate or channels");
  v("repeated", x.repeated, "groups of equal tracks");
}

namespace {

/// What is kept of a track that can be read.
struct finding {
  std::string path;
  double seconds = 0;
  std::uint32_t rate = 0;
  std::uint32_t channels = 0;
  std::string bytes_hash;
  std::string samples_hash;
  std::string warning;
};

finding examine(const track& t, const audio_settings& settings) {
  const std::vector<std::byte> bytes = read_file(t.path, max_file_bytes(settings));
  const decoded audio = decode(bytes, t.path, settings);
  return {printable_name(t.path),
          static_cast<double>(audio.mono.size()) / audio.rate,
          audio.rate,
          audio.channels,
          sha256_hex(bytes),
          std::to_string(audio.rate) + " " + sha256_hex(std::as_bytes(std::span(audio.mono))),
          !audio.damage.empty() ? audio.damage : audio.warning};
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// The most frequent value, the smallest of them.
std::uint32_t majority(const std::vector<finding>& findings, std::uint32_t finding::*value) {
  std::map<std::uint32_t, std::size_t> counts;
  for (const finding& f : findings)
    ++counts[f.*value];
  const auto fewer = [](const auto& a, const auto& b) { return a.second < b.second; };
  return std::max_element(counts.begin(), counts.end(), fewer)->first;
}

std::vector<odd_track> odd_ones(const std::vector<finding>& findings) {
  if (findings.empty())
    return {};
  std::vector<double> lengths;
  for (const finding& f : findings)
    lengths.push_back(f.seconds);
  const double usual_length = median(std::move(lengths));
  const std::uint32_t usual_rate = majority(findings, &finding::rate);
  const std::uint32_t usual_channels = majority(findings, &finding::channels);
  std::vector<odd_track> result;
  for (const finding& f : findings) {
    if (std::abs(f.seconds - usual_length) > 0.05 * usual_length)
      result.push_back({f.path, "seconds", f.seconds, usual_length});
    if (f.rate != usual_rate)
      result.push_back({f.path, "rate", static_cast<double>(f.rate), static_cast<double>(usual_rate)});
    if (f.channels != usual_channels)
      result.push_back({f.path, "channels", static_cast<double>(f.channels), static_cast<double>(usual_channels)});
  }
  return result;
}

/// Groups of more than one, in the order of their first members.
std::vector<std::vector<std::string>> groups(const std::vector<finding>& findings, std::string finding::*hash) {
  std::map<std::string, std::size_t> group_of;
  std::vector<std::vector<std::string>> result;
  for (const finding& f : findings) {
    const auto [group, fresh] = group_of.try_emplace(f.*hash, result.size());
    if (fresh)
      result.emplace_back();
    result[group->second].push_back(f.path);
  }
  std::erase_if(result, [](const auto& group) { return group.size() < 2; });
  return result;
}

std::vector<duplicates> repetitions(const std::vector<finding>& findings) {
  const auto by_bytes = groups(findings, &finding::bytes_hash);
  const std::set<std::vector<std::string>> known(by_bytes.begin(), by_bytes.end());
  std::vector<duplicates> result;
  for (const auto& paths : by_bytes)
    result.push_back({"bytes", paths});
  for (const auto& paths : groups(findings, &finding::samples_hash))
    if (!known.contains(paths))
      result.push_back({"samples", paths});
  return result;
}

/// What the label has so far; labels keep the order in which they appear.
label_summary& summary_of(std::vector<label_summary>& labels, const std::string& label) {
  const auto known =
      std::find_if(labels.begin(), labels.end(), [&](const label_summary& x) { return x.label == label; });
  return known != labels.end() ? *known : labels.emplace_back(label_summary{label, 0, 0});
}

} // namespace

corpus_audit audit(const std::vector<track>& tracks, const audio_settings& settings,
                   const std::function<void(std::size_t done)>& progress) {
  corpus_audit result;
  result.tracks = tracks.size();
  std::vector<finding> findings;
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    label_summary& summary = summary_of(result.labels, tracks[i].label);
    ++summary.tracks;
    try {
      const answering_for_memory here;
      findings.push_back(examine(tracks[i], settings));
      summary.seconds += findings.back().seconds;
      result.seconds += findings.back().seconds;
    } catch (const error& e) {
      result.unreadable.push_back({printable_name(tracks[i].path), std::string(e.kind().name), printable(e.what())});
    } catch (const std::bad_alloc& e) {
      result.unreadable.push_back({printable_name(tracks[i].path), std::string(kind_of(errc::internal).name),
                                   printable(tracks[i].path) + ": " + sentence_of(e)});
    }
    if (progress)
      progress(i + 1);
  }
  for (const finding& f : findings)
    if (!f.warning.empty())
      result.suspect.push_back({f.path, f.path + ": " + f.warning});
  result.odd = odd_ones(findings);
  result.repeated = repetitions(findings);
  return result;
}

} // namespace fugato
