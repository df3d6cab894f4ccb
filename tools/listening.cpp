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
  result.tracks = static_cast<std::uint32_t>(x.data.track_names.size());
  result.failed = static_cast<std::uint32_t>(x.failures.size());
  result.resumed = x.resumed;
  result.rows = x.data.rows();
  result.columns = static_cast<std::uint32_t>(x.data.width());
  result.short_chunks = x.totals.short_chunks;
  result.damaged = x.totals.damaged;
  result.audio_seconds = 1e-6 * static_cast<double>(x.totals.audio_microseconds);
  result.file_bytes = x.totals.file_bytes;
  result.read_cpu_seconds = 1e-9 * static_cast<double>(x.totals.read_nanoseconds);
  result.feature_cpu_seconds = 1e-9 * static_cast<double>(x.totals.extract_nanoseconds);
  result.cpu_seconds_per_track = per(result.read_cpu_seconds + result.feature_cpu_seconds, result.tracks);
  result.tracks_per_second = per(result.tracks, spent.wall_seconds);
  result.x_real_time = per(result.audio_seconds, spent.wall_seconds);
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

extraction listen(session& actors, const std::vector<track>& tracks, const line_settings& settings,
                  const dispatch_settings& dispatch, const std::string& base, run_report& report,
                  const extract_control& control) {
  const stopwatch watch;
  extraction result;
  {
    progress_line line{"extracting"};
    result = actors.extract(
        tracks, settings, [&](const progress& x) { line.show(x); }, base, control);
  }
  const cost spent = watch.elapsed();
  report.add_phase("extract", spent);
  report.dispatch = dispatch_report_of(result.dispatch, dispatch, static_cast<std::uint32_t>(tracks.size()));
  report.extraction = summary(result, spent);
  report.failures = count_failures(result.failures);
  for (const warning& x : result.warnings)
    report.warnings.push_back({x.source.name, printable(x.sentence)});
  tell_failures(result.failures);
  tell_warnings(result.warnings);
  return result;
}

corpus_report corpus_of(const std::string& path, const std::vector<track>& tracks) {
  corpus_report result;
  result.path = printable(path);
  result.tracks = static_cast<std::uint32_t>(tracks.size());
  for (const track& x : tracks) // sorted by label
    if (result.labels.empty() || result.labels.back() != x.label)
      result.labels.push_back(x.label);
  result.synthetic = is_demo_corpus(path);
  return result;
}

std::string trace_of(const extraction& x, const std::vector<track>& tracks) {
  std::vector<trace_event> events;
  for (const span& s : x.dispatch.spans)
    events.push_back({tracks[s.task].name, "track", s.start_us, s.duration_us, s.process, s.line});
  return trace_json(events);
}

std::vector<track> spread(const std::vector<track>& tracks, std::size_t most) {
  std::map<std::string, std::vector<track>> by_label;
  for (const track& x : tracks)
    by_label[x.label].push_back(x);
  std::vector<track> result;
  for (std::size_t round = 0; result.size() < std::min(most, tracks.size()); ++round)
    for (const auto& [label, members] : by_label)
      if (round < members.size() && result.size() < most)
        result.push_back(members[round]);
  std::sort(result.begin(), result.end(), [](const track& a, const track& b) { return a.id < b.id; });
  for (std::size_t i = 0; i < result.size(); ++i)
    result[i].id = static_cast<std::uint32_t>(i);
  return result;
}

listening_target resolve_config(const std::string& config, const std::vector<std::string>& assignments) {
  return target_of(load_settings(config, assignments), config);
}

listening_target target_of(run_settings settings, const std::string& name) {
  listening_target result{std::move(settings), {}, ""};
  const std::string& corpus = result.settings.corpus;
  if (corpus.empty())
    throw error(errc::settings, name + ": /corpus: must name a folder or a list file, found nothing");
  result.tracks = list_corpus(corpus);
  result.base = folder_of(corpus);
  return result;
}

std::shared_ptr<const dataset> measure(session& actors, const listening_target& target, const staged_folder& folder,
                                       run_report& report, manifest& origin, const extract_control& control) {
  const run_settings& settings = target.settings;
  report.corpus = corpus_of(settings.corpus, target.tracks);
  origin.corpus_sha256 = sha256_hex(corpus_listing(target.tracks));
  extraction found = listen(actors, target.tracks, settings.line, settings.dispatch, target.base, report, control);
  if (!found.withdrawn.empty())
    return nullptr;
  const auto data = std::make_shared<const dataset>(std::move(found.data));
  const stopwatch writing;
  write_file(folder.file("trace.json"), trace_of(found, target.tracks));
  write_file(folder.file("failures.csv"), failures_csv(found.failures));
  origin.table_sha256 = write_features(folder, *data, settings.line.features);
  report.add_phase("write", writing.elapsed());
  return data;
}

listening_target resolve_inputs(const std::vector<std::string>& inputs, const std::string& config,
                                const std::vector<std::string>& assignments) {
  if (inputs.size() == 1 && inputs.front().ends_with(".json")) {
    if (!config.empty())
      throw error(errc::usage, "--config must stand alone, but " + inputs.front() + " is a configuration too");
    return resolve_config(inputs.front(), assignments);
  }
  listening_target result{load_settings(config, assignments), {}, ""};
  result.tracks = inputs.size() == 1 ? list_corpus(inputs.front()) : list_files(inputs);
  result.base = inputs.size() == 1 ? folder_of(inputs.front()) : "";
  return result;
}

} // namespace fugato
