// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/listening.hpp"

#include "actors/policy.hpp"
#include "audio/corpus.hpp"
#include "report/results.hpp"
#include "tools/settings_file.hpp"
#include "tools/terminal.hpp"

namespace fugato {
namespace {

double per(double amount, double of) { return of > 0 ? amount / of : 0; }

extraction_report summary(const extraction& x, const cost& spent) {
  extraction_report result;
  result.tracks = static_cast<std::uint32_t>(x.data.track_names.size());
  result.failed = static_cast<std::uint32_t>(x.failures.size());
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

} // namespace

extraction listen(session& actors, const std::vector<track>& tracks, const line_settings& settings,
                  const dispatch_settings& dispatch, run_report& report) {
  const stopwatch watch;
  extraction result;
  {
    progress_line line{"extracting"};
    result = actors.extract(tracks, settings, [&](const progress& x) { line.show(x); });
  }
  const cost spent = watch.elapsed();
  report.add_phase("extract", spent);
  const policy& how = policies().at(dispatch.policy);
  report.dispatch = {dispatch.policy, how.lines(dispatch), how.credit(dispatch), result.tracks_per_line,
                     result.retries};
  report.extraction = summary(result, spent);
  report.failures = count_failures(result.failures);
  tell_failures(result.failures);
  return result;
}

listening_target resolve_inputs(const std::vector<std::string>& inputs, const std::string& config,
                                const std::vector<std::string>& assignments) {
  listening_target result;
  if (inputs.size() == 1 && inputs.front().ends_with(".json")) {
    if (!config.empty())
      throw error(errc::usage, "--config must stand alone, but " + inputs.front() + " is a configuration too");
    result.settings = load_settings(inputs.front(), assignments);
    if (result.settings.corpus.empty())
      throw error(errc::settings, inputs.front() + ": /corpus: must name a folder or a list file, found nothing");
    result.tracks = list_corpus(result.settings.corpus);
    return result;
  }
  result.settings = load_settings(config, assignments);
  result.tracks = inputs.size() == 1 ? list_corpus(inputs.front()) : list_files(inputs);
  return result;
}

} // namespace fugato
