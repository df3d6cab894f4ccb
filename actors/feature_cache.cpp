// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/feature_cache.hpp"

#include "audio/clip.hpp"
#include "audio/resample.hpp"
#include "config/bytes.hpp"
#include "config/error.hpp"
#include "config/files.hpp"
#include "config/hash.hpp"
#include "config/json.hpp"
#include "config/version.hpp"
#include "features/catalog.hpp"
#include "features/fft.hpp"
#include "features/version.hpp"

#include <gnu/libc-version.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <tuple>

namespace fugato {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view tag_name = "CACHEDIR.TAG";
/// Backup programs know folders that begin so (https://bford.info/cachedir/).
constexpr std::string_view tag =
    "Signature: 8a477f597d28d172789f06886806bc55\n# Feature rows that Fugato can make again; "
    "`fugato cache` looks after them.\n";
constexpr std::string_view origin_name = "made-by.txt";
constexpr std::size_t digest_size = 64;

/// Empty where there is no such file.
std::string content_of(const fs::path& path) {
  if (std::error_code none; !fs::is_regular_file(path, none))
    return "";
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A file that is being written stands beside its place under a longer name.
bool holds_tags_to_be(const fs::path& folder) {
  std::error_code failure;
  for (fs::directory_iterator at(folder, failure), end; !failure && at != end; at.increment(failure))
    if (!at->path().filename().string().starts_with(std::string(tag_name) + ".partial-"))
      return false;
  return !failure;
}

bool is_cache(const fs::path& folder) { return content_of(folder / tag_name) == tag; }

std::string origin_of(line_settings& settings) {
  return "feature version " + std::to_string(feature_version) + "\n" + this_build().compiler + "\nglibc " +
         gnu_get_libc_version() + "\n" + sndfile_version() + "\n" + soxr_version() + "\n" + fft_version() + "\n" +
         to_json(settings);
}

std::string packed(const std::string& key, const known_rows& x) {
  byte_packer out;
  out << key << x.notes << x.warning << std::span<const float>(x.rows);
  return sha256_hex(out.text()) + out.text();
}

/// @throws error for bytes that are no entry of this key
known_rows unpacked(const std::string& text, const std::string& key, std::size_t width) {
  const std::string_view all = text;
  const auto foreign = [] { return error(errc::output, "must be an entry of the cache"); };
  if (all.size() < digest_size || sha256_hex(all.substr(digest_size)) != all.substr(0, digest_size))
    throw foreign();
  byte_unpacker in{all.substr(digest_size), foreign};
  known_rows result;
  if (in.text() != key)
    throw foreign();
  result.notes = in.take<track_notes>();
  result.warning = in.text();
  result.rows = in.floats();
  if (result.rows.empty() || result.rows.size() % width != 0)
    throw foreign();
  return result;
}

/// Is of use: so it goes last when the cache is shrunk. Once a day is enough.
void touch(const std::string& path) {
  std::error_code ignored;
  const auto now = fs::file_time_type::clock::now();
  if (now - fs::last_write_time(path, ignored) > std::chrono::hours(24))
    fs::last_write_time(path, now, ignored);
}

void require_cache(const std::string& folder) {
  if (!is_cache(folder))
    throw error(errc::usage,
                folder + ": must be a feature cache, but has no " + std::string(tag_name) + " of Fugato's");
}

template <class F>
void each_file(const fs::path& folder, F look) {
  std::error_code failure;
  for (fs::recursive_directory_iterator at(folder, failure), end; !failure && at != end; at.increment(failure)) {
    std::error_code gone; // another process may be at work
    if (at->is_regular_file(gone) && !gone)
      look(*at);
  }
}

bool is_entry(const fs::path& path) { return path.extension() == ".rows"; }
bool is_remnant(const fs::path& path) { return path.filename().string().find(".partial-") != std::string::npos; }

} // namespace

feature_cache::feature_cache(const std::string& folder, line_settings settings)
    : made_by_(origin_of(settings)),
      key_(sha256_hex(made_by_)),
      folder_(folder + "/" + key_.substr(0, 32)),
      width_(columns_of(settings.features).size()) {}

std::string feature_cache::path_of(const std::string& content) const {
  return folder_ + "/" + content.substr(0, 2) + "/" + content.substr(2) + ".rows";
}

known_rows feature_cache::find(const std::string& content) const {
  const std::string path = path_of(content);
  const std::string text = content_of(path);
  known_rows result;
  if (std::error_code none; text.empty() && !fs::exists(path, none))
    return result;
  try {
    result = unpacked(text, key_ + content, width_);
    touch(path);
  } catch (const error&) {
    result.damaged = true;
  }
  return result;
}

void feature_cache::keep(const std::string& content, const known_rows& x) const {
  const fs::path path = path_of(content);
  std::error_code problem;
  if (fs::create_directories(path.parent_path(), problem); problem)
    throw error(errc::output, path.parent_path().string() + ": must be writable: " + problem.message());
  if (const fs::path origin = fs::path(folder_) / origin_name; !fs::exists(origin, problem))
    write_file(origin, made_by_);
  file_writer out{path.string(), /*durable*/ false};
  out.write(packed(key_ + content, x));
  out.commit();
}

std::string open_cache(const std::string& folder) {
  const fs::path place = fs::absolute(folder).lexically_normal();
  if (is_cache(place))
    return place.string();
  std::error_code problem;
  // another run may be at the same at this moment: its tag is whole by the second look, or not yet one
  if (fs::exists(place, problem) && !holds_tags_to_be(place) && !is_cache(place))
    throw error(errc::usage, folder + ": must be a feature cache or an empty folder, but has no " +
                                 std::string(tag_name) + " of Fugato's");
  if (fs::create_directories(place, problem); problem)
    throw error(errc::output, folder + ": must be writable: " + problem.message());
  write_file((place / tag_name).string(), tag);
  return place.string();
}

std::vector<cache_part> cache_parts(const std::string& folder) {
  require_cache(folder);
  std::vector<cache_part> result;
  std::error_code failure;
  for (const fs::directory_entry& each : fs::directory_iterator(folder, failure)) {
    if (!each.is_directory(failure))
      continue;
    cache_part part{each.path().filename().string(), content_of(each.path() / origin_name), 0, 0};
    each_file(each.path(), [&](const fs::directory_entry& file) {
      std::error_code gone;
      const auto bytes = file.file_size(gone);
      if (gone || !is_entry(file.path()))
        return;
      ++part.entries;
      part.bytes += bytes;
    });
    result.push_back(part);
  }
  std::sort(result.begin(), result.end(), [](const auto& a, const auto& b) { return a.folder < b.folder; });
  return result;
}

std::uint64_t shrink_cache(const std::string& folder, std::uint64_t bytes) {
  require_cache(folder);
  using entry = std::tuple<fs::file_time_type, std::uint64_t, std::string>;
  std::vector<entry> entries;
  std::uint64_t held = 0;
  const auto now = fs::file_time_type::clock::now();
  std::error_code gone;
  each_file(folder, [&](const fs::directory_entry& file) {
    const auto size = file.file_size(gone);
    const auto time = file.last_write_time(gone);
    if (gone)
      return;
    if (is_remnant(file.path()) && now - time > std::chrono::hours(1))
      fs::remove(file.path(), gone);
    if (!is_entry(file.path()))
      return;
    entries.emplace_back(time, size, file.path().string());
    held += size;
  });
  std::sort(entries.begin(), entries.end());
  std::uint64_t removed = 0;
  for (const auto& [time, size, path] : entries) {
    if (held <= bytes)
      break;
    removed += fs::remove(path, gone) ? 1 : 0;
    held -= size;
  }
  return removed;
}

} // namespace fugato
