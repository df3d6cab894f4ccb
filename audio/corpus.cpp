// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/corpus.hpp"

#include "audio/bytes.hpp"
#include "audio/playlist.hpp"
#include "config/csv.hpp"
#include "config/error.hpp"
#include "config/hash.hpp"
#include "config/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <set>
#include <string_view>
#include <tuple>

namespace fugato {
namespace {

namespace fs = std::filesystem;

/// First what libsndfile reads, then what it does not: tracks of those fail with a
/// reason, where a shorter list would make the corpus smaller without a word.
constexpr std::array<std::string_view, 31> audio_extensions{"wav", "wave", "flac", "ogg", "oga", "opus", "mp3", "mp2",
                                                            "aif", "aiff", "aifc", "au",  "snd", "caf",  "w64", "rf64",
                                                            "bwf", "voc",  "sph",  "m4a", "aac", "wma",  "ape", "wv",
                                                            "tta", "mpc",  "mka",  "ac3", "dsf", "dff",  "amr"};

constexpr std::uint64_t max_list_bytes = 1U << 28U;
constexpr std::size_t max_folders = 1'000'000;

std::string extension_of(const fs::path& path) {
  std::string extension = path.extension().string();
  // not std::tolower: the locale must not decide what belongs to a corpus
  for (char& c : extension)
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return extension.empty() ? extension : extension.substr(1);
}

/// A track to be. There may be millions, so that nothing is kept twice.
struct candidate {
  /// Of a track of a list, which says them.
  struct given {
    std::string label;
    std::string long_name;
  };

  std::string path;
  bool is_folder = false;       ///< one that could not be listed
  std::uint32_t inner = 0;      ///< where the name within the corpus begins in the path
  std::uint32_t label_size = 0; ///< how much of that is the label
  std::unique_ptr<given> own;   ///< instead of what the path says

  std::string_view label() const {
    return own ? std::string_view(own->label) : std::string_view(path).substr(inner, label_size);
  }
  /// Its name within the corpus, should file names not do.
  std::string_view long_name() const {
    return own ? std::string_view(own->long_name) : std::string_view(path).substr(inner);
  }
  std::string_view short_name() const {
    const auto slash = path.rfind('/');
    return is_folder ? long_name() : std::string_view(path).substr(slash == std::string::npos ? 0 : slash + 1);
  }
};

candidate found_at(std::string path, bool is_folder) { return {std::move(path), is_folder, 0, 0, nullptr}; }

candidate listed_as(std::string path, bool is_folder, std::string label, std::string long_name) {
  return {std::move(path), is_folder, 0, 0,
          std::make_unique<candidate::given>(candidate::given{std::move(label), std::move(long_name)})};
}

/// Finds the audio files below a folder, and the folders that hide some.
class search {
public:
  std::vector<candidate> below(const fs::path& root) {
    enter(root);
    std::sort(found_.begin(), found_.end(), [](const candidate& a, const candidate& b) { return a.path < b.path; });
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

  /// A folder named like a recording must hold some, else it stands where one is missing.
  void enter_folder(const fs::path& folder) {
    const std::size_t before = found_.size();
    enter(folder);
    if (found_.size() == before && has_audio_extension(folder.filename().string()))
      found_.push_back(found_at(folder.string(), true));
  }

  void list(const fs::path& folder) {
    std::error_code failure;
    fs::directory_iterator entry(folder, failure);
    for (; !failure && entry != fs::directory_iterator(); entry.increment(failure)) {
      const fs::path& path = entry->path();
      if (path.filename().native().starts_with('.'))
        continue;
      std::error_code unknown; // a link to nowhere is a track: reading it will tell
      if (entry->is_directory(unknown))
        enter_folder(path);
      else if (has_audio_extension(path.filename().string()))
        found_.push_back(found_at(path.string(), false));
      else if (unknown == std::errc::permission_denied) // may be a link to a folder
        found_.push_back(found_at(path.string(), true));
    }
    if (!failure)
      return;
    if (within_.size() == 1)
      throw error(failure == std::errc::permission_denied ? errc::permission : errc::read_error,
                  fmt::format("{}: cannot list the folder: {}", folder.string(), failure.message()));
    found_.push_back(found_at(folder.string(), true));
  }

  std::vector<candidate> found_;
  std::vector<fs::path> within_; ///< folders on the way from the root
  std::size_t folders_ = 0;
};

bool have_unique_short_names(const std::vector<candidate>& candidates) {
  std::vector<std::string_view> names;
  names.reserve(candidates.size());
  for (const candidate& c : candidates)
    names.push_back(c.short_name());
  std::sort(names.begin(), names.end());
  return std::adjacent_find(names.begin(), names.end()) == names.end();
}

track_list numbered(const std::vector<candidate>& candidates) {
  const bool unique = have_unique_short_names(candidates);
  std::size_t bytes = 0;
  for (const candidate& c : candidates)
    bytes += c.path.size();
  track_list result;
  result.reserve(candidates.size(), bytes / 4); // paths share their beginnings
  for (const candidate& c : candidates)
    result.add({0, c.path, printable_name(unique ? c.short_name() : c.long_name()), printable_name(c.label())});
  return result;
}

/// Either all files have a label or none: a stray file must not become a genre
/// without a name.
void check_labels(std::vector<candidate>& candidates, const fs::path& root) {
  std::vector<const candidate*> stray;
  bool labelled = false;
  for (const candidate& c : candidates) {
    labelled = labelled || (!c.is_folder && !c.label().empty());
    if (c.label().empty())
      stray.push_back(&c);
  }
  if (stray.empty())
    return;
  if (labelled)
    throw error(errc::settings,
                fmt::format("{}: files must lie in a folder per genre, but '{}' {} beside the genre folders; move {}, "
                            "or list the corpus in a .csv",
                            root.string(), stray.front()->long_name(),
                            stray.size() == 1 ? "lies" : fmt::format("and {} more lie", stray.size() - 1),
                            stray.size() == 1 ? "it" : "them"));
  for (candidate& c : candidates) // a folder beside files without genres is none
    c.label_size = 0;
}

std::vector<candidate> in_folder(const fs::path& root) {
  const std::size_t inner = root.native().size() + (root.native().ends_with('/') ? 0 : 1);
  std::vector<candidate> result = search().below(root);
  for (candidate& c : result) {
    const auto slash = c.path.find('/', inner);
    c.inner = static_cast<std::uint32_t>(inner);
    if (slash != std::string::npos || c.is_folder)
      c.label_size = static_cast<std::uint32_t>(std::min(slash, c.path.size()) - inner);
  }
  check_labels(result, root);
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
    result.push_back(listed_as(path.string(), false, entry.label, fs::path(entry.path).lexically_normal().string()));
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

track_list list_corpus(const std::string& path) {
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
    candidates.push_back(listed_as(root.string(), false, "", root.filename().string()));
  else
    throw error(errc::settings,
                fmt::format("{}: the corpus must be a folder, a list (.csv, .txt) or an audio file", path));
  if (candidates.empty())
    throw nothing_in(path);
  std::sort(candidates.begin(), candidates.end(), [](const candidate& a, const candidate& b) {
    return std::forward_as_tuple(a.label(), a.path) < std::forward_as_tuple(b.label(), b.path);
  });
  return numbered(candidates);
}

track_list list_files(const std::vector<std::string>& paths) {
  std::vector<candidate> candidates;
  std::set<std::string> seen;
  const auto add = [&](const candidate& x) {
    const std::string normal = fs::path(x.path).lexically_normal().string();
    if (seen.insert(normal).second)
      candidates.push_back(listed_as(x.path, x.is_folder, "", normal));
  };
  for (const std::string& path : paths) {
    std::error_code ignored;
    if (!fs::is_directory(path, ignored)) {
      add(found_at(path, false));
      continue;
    }
    const std::vector<candidate> found = search().below(without_slash(path));
    if (found.empty())
      throw nothing_in(path);
    std::for_each(found.begin(), found.end(), add);
  }
  return numbered(candidates);
}

std::string corpus_digest(const track_list& all) {
  sha256 result;
  for (const track& t : all)
    result.update(fmt::format("{},{},{}\n", csv_field(t.name), csv_field(t.label), csv_field(t.path)));
  return result.hex();
}

} // namespace fugato
