// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/corpus.hpp"

#include "audio/bytes.hpp"
#include "audio/playlist.hpp"
#include "config/csv.hpp"
#include "config/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <string_view>
#include <tuple>

namespace fugato {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 16> audio_extensions{"wav", "wave", "flac", "ogg",  "oga", "opus",
                                                            "mp3", "aif",  "aiff", "aifc", "au",  "snd",
                                                            "caf", "w64",  "rf64", "bwf"};

constexpr std::uint64_t max_list_bytes = 1U << 28U;
constexpr std::size_t max_folders = 1'000'000;

std::string extension_of(const fs::path& path) {
  std::string extension = path.extension().string();
  // not std::tolower: the locale must not decide what belongs to a corpus
  for (char& c : extension)
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return extension.empty() ? extension : extension.substr(1);
}

/// Finds the audio files below a folder.
class search {
public:
  std::vector<fs::path> below(const fs::path& root) {
    enter(root);
    std::sort(found_.begin(), found_.end(),
              [](const fs::path& a, const fs::path& b) { return a.native() < b.native(); });
    return std::move(found_);
  }

private:
  void enter(const fs::path& folder) {
    const bool loops = std::any_of(within_.begin(), within_.end(), [&](const fs::path& outer) {
      std::error_code ignored;
      return fs::equivalent(outer, folder, ignored);
    });
    if (loops)
      return;
    if (++folders_ > max_folders)
      throw error(errc::settings, fmt::format("{}: a corpus must have at most {} folders; do links run in a circle?",
                                              within_.front().string(), max_folders));
    within_.push_back(folder);
    list(folder);
    within_.pop_back();
  }

  void list(const fs::path& folder) {
    std::error_code failure;
    fs::directory_iterator entry(folder, failure);
    for (; !failure && entry != fs::directory_iterator(); entry.increment(failure)) {
      const fs::path& path = entry->path();
      if (path.filename().native().starts_with('.'))
        continue;
      std::error_code dangling; // a link to nowhere is a track: reading it will tell
      if (entry->is_directory(dangling))
        enter(path);
      else if (has_audio_extension(path.filename().string()))
        found_.push_back(path);
    }
    if (failure)
      throw error(failure == std::errc::permission_denied ? errc::permission : errc::read_error,
                  fmt::format("{}: cannot list the folder: {}", folder.string(), failure.message()));
  }

  std::vector<fs::path> found_;
  std::vector<fs::path> within_; ///< folders on the way from the root
  std::size_t folders_ = 0;
};

/// A track with its name within the corpus, should file names not do.
struct candidate {
  track item;
  std::string long_name;
};

std::vector<track> numbered(std::vector<candidate> candidates) {
  std::set<std::string> short_names;
  for (const candidate& c : candidates)
    short_names.insert(fs::path(c.item.path).filename().string());
  const bool unique = short_names.size() == candidates.size();
  std::vector<track> tracks;
  tracks.reserve(candidates.size());
  for (candidate& c : candidates) {
    c.item.id = static_cast<std::uint32_t>(tracks.size());
    c.item.name = unique ? fs::path(c.item.path).filename().string() : c.long_name;
    tracks.push_back(std::move(c.item));
  }
  return tracks;
}

std::vector<candidate> in_folder(const fs::path& root) {
  std::vector<candidate> result;
  for (const fs::path& path : search().below(root)) {
    const fs::path relative = path.lexically_relative(root);
    const bool labelled = std::next(relative.begin()) != relative.end();
    result.push_back({{0, path.string(), "", labelled ? relative.begin()->string() : ""}, relative.string()});
  }
  return result;
}

std::vector<candidate> in_list(const fs::path& list) {
  const std::vector<std::byte> bytes = read_file(list.string(), max_list_bytes);
  const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  std::vector<candidate> result;
  std::set<std::string> paths;
  for (const listed& entry : parse_list(text, list.string())) {
    const fs::path path = (list.parent_path() / entry.path).lexically_normal();
    if (!paths.insert(path.string()).second)
      throw error(errc::settings,
                  fmt::format("{}: '{}' is listed twice under different spellings", list.string(), path.string()));
    result.push_back({{0, path.string(), "", entry.label}, fs::path(entry.path).lexically_normal().string()});
  }
  return result;
}

/// Without a slash at the end, which would become an empty component.
fs::path without_slash(const std::string& path) {
  const fs::path result(path);
  return result.has_filename() || !result.has_relative_path() ? result : result.parent_path();
}

error nothing_in(const std::string& path) {
  return {errc::not_found,
          fmt::format("{}: must hold audio (files ending in .wav, .flac, .ogg, .mp3 ...), but holds none", path)};
}

} // namespace

bool has_audio_extension(const std::string& name) {
  return std::find(audio_extensions.begin(), audio_extensions.end(), extension_of(name)) != audio_extensions.end();
}

std::vector<track> list_corpus(const std::string& path) {
  const fs::path root = without_slash(path);
  const std::string extension = extension_of(root);
  std::error_code failure;
  std::vector<candidate> candidates;
  if (fs::is_directory(root, failure))
    candidates = in_folder(root);
  else if (!fs::exists(root, failure))
    throw error(failure == std::errc::permission_denied ? errc::permission : errc::not_found,
                fmt::format("{}: the corpus must be a folder, a list or an audio file, but does not exist{}", path,
                            failure ? " (" + failure.message() + ")" : ""));
  else if (extension == "csv" || extension == "txt")
    candidates = in_list(root);
  else if (has_audio_extension(root.filename().string()))
    candidates = {{{0, root.string(), "", ""}, root.filename().string()}};
  else
    throw error(errc::settings,
                fmt::format("{}: the corpus must be a folder, a list (.csv, .txt) or an audio file", path));
  if (candidates.empty())
    throw nothing_in(path);
  std::sort(candidates.begin(), candidates.end(), [](const candidate& a, const candidate& b) {
    return std::tie(a.item.label, a.item.path) < std::tie(b.item.label, b.item.path);
  });
  return numbered(std::move(candidates));
}

std::vector<track> list_files(const std::vector<std::string>& paths) {
  std::vector<candidate> candidates;
  std::set<std::string> seen;
  const auto add = [&](const fs::path& path) {
    if (seen.insert(path.lexically_normal().string()).second)
      candidates.push_back({{0, path.string(), "", ""}, path.lexically_normal().string()});
  };
  for (const std::string& path : paths) {
    std::error_code ignored;
    if (!fs::is_directory(path, ignored)) {
      add(path);
      continue;
    }
    const std::vector<fs::path> found = search().below(without_slash(path));
    if (found.empty())
      throw nothing_in(path);
    std::for_each(found.begin(), found.end(), add);
  }
  return numbered(std::move(candidates));
}

std::string corpus_listing(const std::vector<track>& tracks) {
  std::string result;
  for (const track& t : tracks)
    result += fmt::format("{},{},{}\n", csv_field(t.name), csv_field(t.label), csv_field(t.path));
  return result;
}

} // namespace fugato
