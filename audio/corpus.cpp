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
#include <limits>
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

/// A track to be.
struct candidate {
  std::string path;
  std::string long_name; ///< within the corpus, should file names not do
  std::string label;
  bool is_folder = false; ///< one that could not be listed

  std::string short_name() const { return is_folder ? long_name : fs::path(path).filename().string(); }
};

/// Paths of a folder's files, relative to it: there may be millions, so they lie behind one another.
class found_paths {
public:
  struct place {
    std::uint32_t at = 0;
    std::uint32_t size : 31 = 0;
    std::uint32_t is_folder : 1 = 0; ///< one that could not be listed
  };

  void add(std::string_view path, bool is_folder) {
    if (text_.size() + path.size() > std::numeric_limits<std::uint32_t>::max())
      throw error(errc::settings, "the paths of a corpus must have at most 4 GB together");
    places_.push_back({static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(path.size()) & 0x7FFFFFFFU,
                       is_folder ? 1U : 0U});
    text_ += path;
  }
  std::string_view path(const place& x) const { return std::string_view(text_).substr(x.at, x.size); }
  std::vector<place>& places() { return places_; }
  const std::vector<place>& places() const { return places_; }

private:
  std::string text_;
  std::vector<place> places_;
};

/// Finds the audio files below a folder, and the folders that hide some.
class search {
public:
  found_paths below(const fs::path& root) {
    root_size_ = root.native().size() + (root.native().ends_with('/') ? 0 : 1);
    enter(root);
    std::vector<found_paths::place>& places = found_.places();
    std::sort(places.begin(), places.end(),
              [this](const auto& a, const auto& b) { return found_.path(a) < found_.path(b); });
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
    const std::size_t before = found_.places().size();
    enter(folder);
    if (found_.places().size() == before && has_audio_extension(folder.filename().string()))
      add(folder, true);
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
        add(path, false);
      else if (unknown == std::errc::permission_denied) // may be a link to a folder
        add(path, true);
    }
    if (!failure)
      return;
    if (within_.size() == 1)
      throw error(failure == std::errc::permission_denied ? errc::permission : errc::read_error,
                  fmt::format("{}: cannot list the folder: {}", folder.string(), failure.message()));
    add(folder, true);
  }

  void add(const fs::path& path, bool is_folder) {
    found_.add(std::string_view(path.native()).substr(root_size_), is_folder);
  }

  found_paths found_;
  std::size_t root_size_ = 0;    ///< what of a path is left out
  std::vector<fs::path> within_; ///< folders on the way from the root
  std::size_t folders_ = 0;
};

bool are_unique(std::vector<std::string_view> names) {
  std::sort(names.begin(), names.end());
  return std::adjacent_find(names.begin(), names.end()) == names.end();
}

track_list numbered(const std::vector<candidate>& candidates) {
  std::set<std::string> short_names;
  for (const candidate& c : candidates)
    short_names.insert(c.short_name());
  const bool unique = short_names.size() == candidates.size();
  track_list result;
  for (const candidate& c : candidates)
    result.add({0, c.path, printable_name(unique ? c.short_name() : c.long_name), printable_name(c.label)});
  return result;
}

/// A corpus that is a folder. Of its millions of tracks nothing is kept twice.
class folder_corpus {
public:
  explicit folder_corpus(const fs::path& root) : root_(root), found_(search().below(root)) { check_labels(); }

  bool empty() const { return found_.places().empty(); }

  track_list list() {
    std::vector<found_paths::place>& places = found_.places();
    std::sort(places.begin(), places.end(), [this](const auto& a, const auto& b) {
      return std::tuple(label(a), found_.path(a)) < std::tuple(label(b), found_.path(b));
    });
    const bool unique = have_unique_short_names();
    const std::string beginning = root_.native() + (root_.native().ends_with('/') ? "" : "/");
    track_list result;
    result.reserve(places.size(), 0);
    for (const auto& x : places)
      result.add({0, beginning + std::string(found_.path(x)), printable_name(unique ? short_name(x) : found_.path(x)),
                  printable_name(label(x))});
    return result;
  }

private:
  /// The sub-folder; of a folder that could not be listed its own name.
  std::string_view label(const found_paths::place& x) const {
    const std::string_view path = found_.path(x);
    const auto slash = path.find('/');
    return !labelled_ || (slash == std::string_view::npos && x.is_folder == 0) ? "" : path.substr(0, slash);
  }

  std::string_view short_name(const found_paths::place& x) const {
    const std::string_view path = found_.path(x);
    return x.is_folder != 0 ? path : path.substr(path.rfind('/') + 1); // npos + 1 is 0
  }

  bool have_unique_short_names() const {
    std::vector<std::string_view> names;
    names.reserve(found_.places().size());
    for (const auto& x : found_.places())
      names.push_back(short_name(x));
    return are_unique(std::move(names));
  }

  /// Either all files have a label or none: a stray file must not become a genre
  /// without a name.
  void check_labels() {
    std::size_t strays = 0;
    std::string_view first;
    bool labelled = false;
    for (const auto& x : found_.places()) {
      const bool stray = label(x).empty();
      labelled = labelled || (x.is_folder == 0 && !stray);
      first = stray && strays == 0 ? found_.path(x) : first;
      strays += stray ? 1 : 0;
    }
    if (strays == 0)
      return;
    if (labelled)
      throw error(
          errc::settings,
          fmt::format("{}: files must lie in a folder per genre, but '{}' {} beside the genre folders; move {}, "
                      "or list the corpus in a .csv",
                      root_.string(), first, strays == 1 ? "lies" : fmt::format("and {} more lie", strays - 1),
                      strays == 1 ? "it" : "them"));
    labelled_ = false; // a folder beside files without genres is none
  }

  fs::path root_;
  found_paths found_;
  bool labelled_ = true;
};

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
    result.push_back({path.string(), fs::path(entry.path).lexically_normal().string(), entry.label, false});
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
  if (fs::is_directory(root, failure)) {
    folder_corpus found{root};
    return found.empty() ? throw nothing_in(path) : found.list();
  }
  std::vector<candidate> candidates;
  if (!fs::exists(root, failure))
    throw error(failure == std::errc::permission_denied ? errc::permission : errc::not_found,
                fmt::format("{}: the corpus must be a folder, a list or an audio file, but does not exist{}", path,
                            failure ? " (" + failure.message() + ")" : ""));
  else if (extension == "csv" || extension == "txt")
    candidates = in_list(root);
  else if (has_audio_extension(root.filename().string()))
    candidates.push_back({root.string(), root.filename().string(), "", false});
  else
    throw error(errc::settings,
                fmt::format("{}: the corpus must be a folder, a list (.csv, .txt) or an audio file", path));
  if (candidates.empty())
    throw nothing_in(path);
  std::sort(candidates.begin(), candidates.end(), [](const candidate& a, const candidate& b) {
    return std::tie(a.label, a.path) < std::tie(b.label, b.path);
  });
  return numbered(candidates);
}

track_list list_files(const std::vector<std::string>& paths) {
  std::vector<candidate> candidates;
  std::set<std::string> seen;
  const auto add = [&](const fs::path& path, bool is_folder) {
    const std::string normal = path.lexically_normal().string();
    if (seen.insert(normal).second)
      candidates.push_back({path.string(), normal, "", is_folder});
  };
  for (const std::string& path : paths) {
    std::error_code ignored;
    if (!fs::is_directory(path, ignored)) {
      add(path, false);
      continue;
    }
    const fs::path root = without_slash(path);
    const found_paths found = search().below(root);
    if (found.places().empty())
      throw nothing_in(path);
    for (const auto& x : found.places())
      add(root / found.path(x), x.is_folder != 0);
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
