// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/demo_corpus.hpp"

#include "audio/wav.hpp"
#include "tools/demo_render.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <exception>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>
#include <vector>

namespace fugato {
namespace {

namespace fs = std::filesystem;

/// GTZAN's usual lengths, and its shortest and longest [samples].
constexpr std::array<std::size_t, 5> lengths{661794, 661504, 663300, 660000, 675808};

/// Left out, so that the music is under way [samples].
constexpr std::size_t lead_in = demo::sample_rate;
static_assert(lead_in + std::ranges::max(lengths) <
              static_cast<std::size_t>(demo::composed_seconds * demo::sample_rate));

constexpr double peak_db = -1.5;

struct task {
  const demo::style* genre;
  unsigned index;
  std::string path;

  std::size_t samples() const { return lengths[index % lengths.size()]; }
};

/// Genre by genre in turn, so that a corpus cut short is balanced.
std::vector<task> all_tasks(const std::string& dir, unsigned tracks_per_genre) {
  std::vector<task> result;
  for (unsigned index = 0; index < tracks_per_genre; ++index)
    for (const demo::style& genre : demo::styles())
      result.push_back({&genre, index, fmt::format("{0}/{1}/{1}.{2:05}.wav", dir, genre.name, index)});
  return result;
}

/// What the README begins with, by which a demo corpus is known.
constexpr std::string_view first_line = "This is synthetic music, for trying Fugato out.";

bool is_done(const task& t) {
  std::error_code absent;
  return fs::file_size(t.path, absent) == wav_bytes(t.samples()) && !absent;
}

void make_folder(const std::string& path) {
  std::error_code failure;
  fs::create_directories(path, failure);
  if (failure)
    throw error(errc::output, path + ": the folder must exist or be created, but: " + failure.message());
}

void write_readme(const std::string& dir, const std::string& soundfont) {
  const std::string path = dir + "/README.txt";
  if (fs::exists(path) && !is_demo_corpus(dir))
    throw error(errc::output, path + ": must be a demo corpus's own, but is another's; give another folder");
  std::ofstream file(path);
  file << first_line
       << "\n\n"
          "The tracks are in the shape of the GTZAN collection, which may not be passed on:\n"
          "ten genres, 30 s each, 22050 Hz, mono, 16 bits. Nobody played them: a program\n"
          "(fugato demo-corpus) wrote them by a few rules per genre, and FluidSynth rendered\n"
          "them with the soundfont\n"
       << soundfont
       << ".\n\n"
          "Accuracy on this corpus means nothing about music. A classifier that tells these\n"
          "genres apart has learned the rules of one program and the sounds of one soundfont.\n"
          "Use it to see that the software works and how fast it is, and for nothing else.\n";
  file.close();
  if (!file)
    throw error(errc::output, path + ": the file must be writable, but writing failed");
}

void render_task(const task& t, const std::string& soundfont) {
  const std::vector<demo::midi_event> events = demo::compose(*t.genre, t.index);
  write_wav(t.path, demo::quantise(demo::render(events, soundfont, lead_in, t.samples()), peak_db), demo::sample_rate);
}

/// Calls work(0) ... work(count - 1), each once. After the first exception no
/// more are begun, and it is thrown again at the end.
void in_parallel(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  std::mutex guard;
  std::exception_ptr failure;
  const auto run = [&] {
    try {
      for (std::size_t i = next++; i < count; i = next++)
        work(i);
    } catch (...) {
      next = count;
      const std::scoped_lock lock(guard);
      if (!failure)
        failure = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> helpers;
    for (std::size_t i = 1; i < std::min<std::size_t>(threads, count); ++i)
      helpers.emplace_back(run);
    run();
  }
  if (failure)
    std::rethrow_exception(failure);
}

} // namespace

demo_summary render_demo_corpus(const std::string& dir, unsigned tracks_per_genre,
                                const std::function<void(std::size_t done, std::size_t total)>& progress,
                                unsigned threads) {
  std::vector<task> tasks = all_tasks(dir, tracks_per_genre);
  demo_summary summary{.tracks = tasks.size()};
  for (const task& t : tasks)
    summary.seconds += static_cast<double>(t.samples()) / demo::sample_rate;
  summary.skipped = std::erase_if(tasks, is_done);
  if (tasks.empty())
    return summary;

  const std::string soundfont = demo::find_soundfont();
  make_folder(dir);
  write_readme(dir, soundfont);
  for (const demo::style& genre : demo::styles())
    make_folder(dir + "/" + std::string(genre.name));
  std::mutex guard;
  std::size_t done = summary.skipped;
  in_parallel(tasks.size(), threads, [&](std::size_t i) {
    render_task(tasks[i], soundfont);
    const std::scoped_lock lock(guard);
    ++done;
    if (progress)
      progress(done, summary.tracks);
  });
  return summary;
}

bool is_demo_corpus(const std::string& dir) {
  std::ifstream file(dir + "/README.txt");
  std::string line;
  return std::getline(file, line) && line == first_line;
}

} // namespace fugato
