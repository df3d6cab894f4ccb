// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/listening.hpp"

#include "actors/policy.hpp"
#include "audio/corpus.hpp"
#include "config/hash.hpp"
#include "config/printable.hpp"
#include "report/trace.hpp"
#include "tools/demo_corpus.hpp"
#include "tools/settings_file.hpp"
#include "tools/terminal.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

namespace fugato {
namespace {

double per(double amount, double of) { return of > 0 ? amount / of : 0; }

extraction_report summary(const extraction& x, const cost& spent) {
  extraction_report result;
  result.tracks = static_cast<std::uint32_t>(x.rows->tracks_with_rows());
  result.failed = static_cast<std::uint32_t>(x.failures.size());
  result.resumed = x.resumed;
  result.rows = x.rows->rows();
  result.columns = static_cast<std::uint32_t>(x.rows->columns().size());
  result.short_chunks = x.totals.short_chunks;
  result.damaged = x.totals.damaged;
  result.cached = x.totals.cached;
  result.cache_stored = x.totals.cache_stored;
  result.cache_damaged = x.totals.cache_damaged;
  result.cache_failed = x.totals.cache_failed;
  result.audio_seconds = 1e-6 * static_cast<double>(x.totals.audio_microseconds);
  result.file_bytes = x.totals.file_bytes;
  result.read_cpu_seconds = 1e-9 * static_cast<double>(x.totals.read_nanoseconds);
  result.feature_cpu_seconds = 1e-9 * static_cast<double>(x.totals.extract_nanoseconds);
  result.cpu_seconds_per_track = per(result.read_cpu_seconds + result.feature_cpu_seconds, result.tracks);
  result.tracks_per_second = per(result.tracks, spent.wall_seconds);
  result.x_real_time = per(result.audio_seconds, spent.wall_seconds);
  return result;
}

/// What the listing took besides is given back: it may be a lot.
template <class F>
std::shared_ptr<const track_list> listed(F list) {
  auto result = std::make_shared<const track_list>(list());
  give_memory_back();
  return result;
}

/// Where a corpus lies; a list file may name tracks anywhere.
std::string folder_of(const std::string& corpus) { return std::filesystem::is_directory(corpus) ? corpus : ""; }

} // namespace

dispatch_report dispatch_report_of(const dispatch_notes& x, const dispatch_settings& settings, std::uint32_t tasks) {
  const policy& how = policies().at(settings.policy);
  dispatch_report result;
  result.policy = settings.policy;
  result.lines = how.lines(settings, tasks);
  result.credit = how.feed(settings, tasks).credit;
  result.tracks_per_line = x.tracks_per_line;
  result.isa = x.isas;
  result.retries = x.retries;
  result.lines_lost = x.lines_lost;
  result.dropped = x.dropped;
  result.refused = x.refused;
  result.doubled = x.doubled;
  result.late = x.late;
  result.overdue = x.overdue;
  result.silent = x.silent;
  result.left = x.left;
  result.rejoined = x.rejoined;
  result.unfit = x.unfit;
  result.no_worker_seconds = 1e-6 * static_cast<double>(x.waited_us);
  result.startup_wall_seconds = 1e-6 * static_cast<double>(x.startup_us);
  result.startup_cpu_seconds = 1e-9 * static_cast<double>(x.startup_cpu_ns);
  result.worker_cpu_seconds = 1e-9 * static_cast<double>(x.worker_cpu_ns);
  result.worker_peak_rss_bytes = x.worker_rss_bytes;
  result.messages = x.messages;
  result.wire_bytes = x.wire_bytes;
  return result;
}

extraction listen(session& actors, const std::shared_ptr<const track_list>& corpus, const line_settings& settings,
                  const dispatch_settings& dispatch, const std::string& base, run_report& report,
                  const extract_control& control) {
  const stopwatch watch;
  extraction result;
  {
    progress_line line{"extracting"};
    result = actors.extract(
        corpus, settings, [&](const progress& x) { line.show(x); }, base, control);
  }
  const cost spent = watch.elapsed();
  report.add_phase("extract", spent);
  report.dispatch = dispatch_report_of(result.dispatch, dispatch, static_cast<std::uint32_t>(corpus->size()));
  report.extraction = summary(result, spent);
  report.failures = count_failures(result.failures);
  for (const warning& x : result.warnings)
    report.warnings.push_back({x.source.name, printable(x.sentence)});
  tell_failures(result.failures);
  tell_warnings(result.warnings);
  return result;
}

corpus_report corpus_of(const std::string& path, const track_list& tracks) {
  corpus_report result;
  result.path = printable(path);
  result.tracks = static_cast<std::uint32_t>(tracks.size());
  for (std::size_t i = 0; i < tracks.size(); ++i) // sorted by label
    if (result.labels.empty() || result.labels.back() != tracks.label(i))
      result.labels.push_back(tracks.label(i));
  result.synthetic = is_demo_corpus(path);
  return result;
}

void write_trace(const std::string& path, const extraction& x, const track_list& tracks) {
  file_writer out{path};
  const auto event = [&](std::size_t i) -> trace_event {
    const span& s = x.dispatch.spans[i];
    return {tracks[s.task].name, "track", s.start_us, s.duration_us, s.process, s.line};
  };
  write_trace([&out](std::string_view text) { out.write(text); }, x.dispatch.spans.size(), event);
  out.commit();
}

track_list spread(const track_list& tracks, std::size_t most) {
  std::map<std::string, std::vector<std::size_t>> by_label;
  for (std::size_t i = 0; i < tracks.size(); ++i)
    by_label[tracks.label(i)].push_back(i);
  std::vector<std::size_t> taken;
  for (std::size_t round = 0; taken.size() < std::min(most, tracks.size()); ++round)
    for (const auto& [label, members] : by_label)
      if (round < members.size() && taken.size() < most)
        taken.push_back(members[round]);
  std::sort(taken.begin(), taken.end());
  track_list result;
  for (const std::size_t i : taken)
    result.add(tracks[i]);
  return result;
}

listening_target resolve_config(const std::string& config, const std::vector<std::string>& assignments) {
  return target_of(load_settings(config, assignments), config);
}

listening_target target_of(run_settings settings, const std::string& name) {
  listening_target result{std::move(settings), nullptr, ""};
  const std::string& corpus = result.settings.corpus;
  if (corpus.empty())
    throw error(errc::settings, name + ": /corpus: must name a folder or a list file, found nothing");
  result.tracks = listed([&] { return list_corpus(corpus); });
  result.base = folder_of(corpus);
  return result;
}

std::shared_ptr<const dataset> measure(session& actors, const listening_target& target, const staged_folder& folder,
                                       run_report& report, manifest& origin, const extract_control& control) {
  const run_settings& settings = target.settings;
  report.corpus = corpus_of(settings.corpus, *target.tracks);
  origin.corpus_sha256 = corpus_digest(*target.tracks);
  extract_control how = control;
  how.cache = settings.cache.folder;
  const extraction found = listen(actors, target.tracks, settings.line, settings.dispatch, target.base, report, how);
  if (!found.withdrawn.empty())
    return nullptr;
  origin.isa = found.dispatch.isas;
  const stopwatch writing;
  write_trace(folder.file("trace.json"), found, *target.tracks);
  write_file(folder.file("failures.csv"), failures_csv(found.failures));
  origin.table_sha256 = write_features(folder, *found.rows, settings.line.features);
  report.add_phase("write", writing.elapsed());
  return std::make_shared<const dataset>(found.rows->table());
}

listening_target resolve_inputs(const std::vector<std::string>& inputs, const std::string& config,
                                const std::vector<std::string>& assignments) {
  if (inputs.size() == 1 && inputs.front().ends_with(".json")) {
    if (!config.empty())
      throw error(errc::usage, "--config must stand alone, but " + inputs.front() + " is a configuration too");
    return resolve_config(inputs.front(), assignments);
  }
  listening_target result{load_settings(config, assignments), nullptr, ""};
  result.tracks = listed([&] { return inputs.size() == 1 ? list_corpus(inputs.front()) : list_files(inputs); });
  result.base = inputs.size() == 1 ? folder_of(inputs.front()) : "";
  return result;
}

} // namespace fugato
