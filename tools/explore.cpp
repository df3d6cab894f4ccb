// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/clip.hpp"
#include "audio/corpus.hpp"
#include "audio/encode.hpp"
#include "config/files.hpp"
#include "config/printable.hpp"
#include "features/extractor.hpp"
#include "report/explore_page.hpp"
#include "report/explore_views.hpp"
#include "tools/command.hpp"
#include "tools/drawing.hpp"
#include "tools/settings_file.hpp"
#include "tools/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <memory>
#include <set>

namespace fugato {
namespace {

/// Of a page's audio, as MP3: with it and the pictures of ten tracks a page stays below 5 MB.
constexpr std::size_t most_audio_bytes = 1'700'000;

struct options {
  std::string path;
  std::string output = "explore.html";
  std::string plots;
  std::string curves;
  std::string config;
  std::vector<std::string> assignments;
  std::uint32_t per_genre = 1;
  double from = 0;
  double seconds = 30;
  bool silent = false;
};

/// The part of a clip that is looked at. @throws error(no_samples)
std::span<const float> part_of(const clip& audio, const track& source, const options& x) {
  const std::size_t size = audio.samples.size();
  const auto first = std::min(size, static_cast<std::size_t>(std::lround(x.from * audio.rate)));
  const auto wanted = static_cast<std::size_t>(std::lround(x.seconds * audio.rate));
  if (first == size)
    throw error(errc::no_samples, fmt::format("{}: must last longer than --from ({:g} s), but ends after {:.3g} s",
                                              printable(source.path), x.from, static_cast<double>(size) / audio.rate));
  return std::span(audio.samples).subspan(first, std::min(wanted, size - first));
}

/// A track's name without what a file name should not hold, short enough for an ending.
std::string file_name_of(const track& source) {
  constexpr std::size_t most = 200;
  std::string result = source.name.substr(0, most);
  for (char& c : result)
    if (static_cast<unsigned char>(c) <= ' ' || std::string_view("/\\:*?\"<>|").find(c) != std::string_view::npos)
      c = '_';
  return result;
}

class explorer {
public:
  explorer(const options& x, const run_settings& settings, std::size_t tracks)
      : x_(x), settings_(settings), audio_bytes_(x.silent ? 0 : most_audio_bytes / std::max<std::size_t>(1, tracks)) {
    page_.corpus = printable(x.path);
    page_.rate = settings.line.audio.rate;
    page_.settings = settings.line.features;
  }

  /// Draws a track. @throws error when it cannot be used
  void add(const track& source) {
    const clip audio = read_clip(source.path, settings_.line.audio);
    const std::span<const float> part = part_of(audio, source, x_);
    curves measured = measure_curves(part, audio.rate, settings_.line.features);
    measured.begins = x_.from;
    std::string mp3 = audio_bytes_ > 0 ? encode_mp3(part, audio.rate) : "";
    if (mp3.size() > audio_bytes_) {
      mp3.clear();
      page_.remark = "Tracks that would make the page too large cannot be heard; shorter ones can (--seconds).";
    }
    page_.tracks.push_back(pictures_of(measured, source.name, source.label, page_.tracks.size(), mp3));
    const std::string stem = stem_of(source);
    if (!x_.plots.empty())
      draw_files(source, measured, stem);
    if (!x_.curves.empty())
      write_file(x_.curves + "/" + stem + ".csv", curves_csv(measured));
  }

  void fail(const track& source, const error& e) {
    failures_.push_back({source, e.code(), e.what()});
    page_.failures.emplace_back(printable(e.what()));
  }

  const exploration& page() const { return page_; }
  const std::vector<failure>& failures() const { return failures_; }
  const std::vector<std::string>& drawings() const { return drawings_; }

private:
  /// How the names of a track's files begin; different for each track.
  std::string stem_of(const track& source) {
    const std::string name = file_name_of(source);
    std::string result = name;
    for (int i = 2; !stems_.insert(result).second; ++i)
      result = fmt::format("{}-{}", name, i);
    return result;
  }

  void draw_files(const track& source, const curves& measured, const std::string& stem) {
    constexpr resolution fine{1200, 320, 256};
    constexpr unsigned width = 1000;
    for (const view& v : views()) {
      plot p = v.draw(measured, fine);
      p.title += ": " + (source.label.empty() ? source.name : source.label + ", " + source.name);
      const std::string path = fmt::format("{}/{}.{}.svg", x_.plots, stem, v.name);
      write_file(path, plot_file(p, width, 128 + 2 * v.height));
      drawings_.push_back(path);
    }
  }

  const options& x_;
  const run_settings& settings_;
  std::size_t audio_bytes_; ///< at most, of each track
  exploration page_;
  std::vector<failure> failures_;
  std::vector<std::string> drawings_;
  std::set<std::string> stems_;
};

/// Of each genre the first tracks that can be used, so many; of a corpus without genres, the first ones of all.
void explore_all(explorer& all, const std::vector<track>& tracks, std::uint32_t per_genre, std::size_t expected) {
  std::map<std::string, std::uint32_t> done;
  progress_line line{"exploring"};
  for (const track& source : tracks) {
    if (done[source.label] == per_genre)
      continue;
    line.show({static_cast<std::uint32_t>(expected), static_cast<std::uint32_t>(all.page().tracks.size()), 0, 0});
    try {
      all.add(source);
      ++done[source.label];
    } catch (const error& e) {
      if (e.code() < errc::not_found || e.code() >= errc::output)
        throw; // not the track's fault
      all.fail(source, e);
    }
  }
}

void make_folder(const std::string& path) {
  if (path.empty())
    return;
  std::error_code problem;
  std::filesystem::create_directories(path, problem);
  if (!std::filesystem::is_directory(path))
    throw error(errc::output, fmt::format("{}: must be a folder or be made one: {}", printable(path),
                                          problem ? problem.message() : "something else has this name"));
}

outcome explore(const options& x) {
  const run_settings settings = load_settings(x.config, x.assignments);
  check(settings.line.features, settings.line.audio.rate);
  const std::vector<track> tracks = list_corpus(x.path);
  std::map<std::string, std::size_t> genres;
  for (const track& t : tracks)
    ++genres[t.label];
  std::size_t expected = 0;
  for (const auto& [label, count] : genres)
    expected += std::min<std::size_t>(count, x.per_genre);
  make_folder(x.plots);
  make_folder(x.curves);
  explorer all{x, settings, expected};
  explore_all(all, tracks, x.per_genre, expected);
  tell_failures(all.failures());
  if (all.page().tracks.empty())
    throw error(errc::no_samples, fmt::format("{}: at least one track must be usable, but all {} failed",
                                              printable(x.path), all.failures().size()));
  const std::string html = explore_page(all.page());
  write_file(x.output, html);
  const std::size_t pictures = draw_png(all.drawings());
  note(fmt::format(
      "{} tracks in {} ({:.1f} MB){}", all.page().tracks.size(), printable(x.output),
      1e-6 * static_cast<double>(html.size()),
      x.plots.empty() ? ""
                      : fmt::format(", {} SVG and {} PNG in {}", all.drawings().size(), pictures, printable(x.plots))));
  return all.failures().empty() ? outcome::good : outcome::incomplete;
}

} // namespace

void add_explore(CLI::App& app, outcome& result) {
  auto x = std::make_shared<options>();
  CLI::App* command = app.add_subcommand("explore", "Look at music: waveforms, spectrograms, chroma, beats, as a page");
  command
      ->add_option("path", x->path, "An audio file, a folder (with a sub-folder per genre, or without), or a list file")
      ->required();
  command->add_option("-o,--output", x->output, "Where the page goes")->capture_default_str();
  command->add_option("--per-genre", x->per_genre, "How many tracks of each genre")
      ->check(CLI::Range(1U, 100U))
      ->capture_default_str();
  command->add_option("--from", x->from, "Where in each track to begin [s]")
      ->check(number_between(0, 1e6))
      ->capture_default_str();
  command->add_option("--seconds", x->seconds, "How much of each track to look at [s]")
      ->check(number_between(0.1, 600))
      ->capture_default_str();
  command->add_option("--plots", x->plots,
                      "A folder for each picture as SVG, and as PNG where rsvg-convert is installed");
  command->add_option("--curves", x->curves, "A folder for each track's curves as CSV");
  command->add_flag("--no-audio", x->silent, "A page without players");
  command->add_option("--config", x->config, "Settings of audio and features");
  command->add_option("--set", x->assignments, "Override a setting: section.key=value")->take_all();
  command->callback([x, &result] { result = explore(*x); });
}

} // namespace fugato
