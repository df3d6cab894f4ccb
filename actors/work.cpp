// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/work.hpp"

#include "actors/faults.hpp"
#include "actors/guard.hpp"
#include "actors/rank_work.hpp"
#include "config/hash.hpp"
#include "config/json.hpp"
#include "features/kernels.hpp"
#include "models/table_bytes.hpp"
#include "models/trial.hpp"

namespace fugato {
namespace {

// -- measuring tracks -------------------------------------------------------------

line_settings line_settings_of(const std::string& text) {
  line_settings result;
  read_json(text, {"the leader's settings", ""}, description_of(result));
  return result;
}

std::string digest_of_line(const std::string& text) {
  line_settings settings = line_settings_of(text);
  return sha256_hex(to_json(settings));
}

/// The instruction set that the run pins, or the worker where the run leaves it to each: then it must give the run's
/// bits.
const instruction_set& chosen_set(const std::string& of_run, const std::string& of_worker) {
  if (of_worker.empty() || of_worker == of_run)
    return instruction_set_named(of_run);
  const instruction_set& own = instruction_set_named(of_worker);
  if (of_run != "auto" || own.fftw)
    throw error(errc::settings, "--isa must be the instruction set that the run pins, or one of the same bits where it "
                                "pins none; it is '" +
                                    of_worker + "', and the run has /features/isa = '" + of_run + "'");
  return own;
}

prepared_work measure_tracks(const briefing& brief, const site& here) {
  line_settings settings = line_settings_of(brief.settings);
  // keyed by what the run says: a set that a worker may choose gives the run's bits
  const auto cache = brief.cache.empty() ? nullptr : std::make_shared<const feature_cache>(brief.cache, settings);
  const std::string isa{chosen_set(settings.features.isa, here.isa).name};
  settings.features.isa = isa;
  return {[settings, cache, root = here.root](line_actor::pointer self) {
            const auto last = self->spawn<caf::linked>(feature_extractor, settings);
            const auto middle = self->spawn<caf::linked>(chunker, settings.chunking, last);
            const auto first = self->spawn<caf::linked>(reader, settings.audio, root, middle);
            return cache ? self->spawn<caf::linked>(librarian, cache, settings.audio, root, first) : first;
          },
          isa};
}

// -- learning and judging -----------------------------------------------------------

measured judge(const dataset& table, const std::string& text) {
  trial what;
  read_json(text, {"the trial", ""}, description_of(what));
  simulate_fault(text);
  trial_result found = run_trial(table, what, 1);
  measured result;
  result.text = write_json(description_of(found));
  return result;
}

reader_actor::behavior_type examiner(reader_actor::pointer, const dataset_ptr& table) {
  return {
      [=](const job& x) -> caf::result<measured> {
        return guard<measured>(
            [&]() -> caf::result<measured> { return purely([&] { return judge(*table, x.todo.what); }); });
      },
  };
}

prepared_work run_trials_on(const briefing& brief, const site&) {
  return {[table = std::make_shared<const dataset>(dataset_from_bytes(brief.supply))](line_actor::pointer self) {
            // detached: a trial keeps its thread for minutes
            return with_thread([&] { return self->spawn<caf::linked + caf::detached>(examiner, table); });
          },
          ""};
}

// -- doing nothing, to measure what handing out costs -----------------------------------

reader_actor::behavior_type idler(reader_actor::pointer) {
  return {
      [](const job&) { return measured{}; },
  };
}

std::string digest_of_nothing(const std::string&) { return sha256_hex(""); }

prepared_work idle(const briefing&, const site&) {
  return {[](line_actor::pointer self) { return self->spawn<caf::linked>(idler); }, ""};
}

} // namespace

const catalog<work>& works() {
  static const catalog<work> rows(
      "work", {{"extract", "Reads tracks and measures their features.", digest_of_line, measure_tracks},
               {"trials", "Learns from a table and judges what was learnt.", digest_of_nothing, run_trials_on},
               {"rank", "Learns a model together with other ranks.", digest_of_ranks, learn_in_ranks},
               {"idle", "Answers at once: what remains is the cost of handing out.", digest_of_nothing, idle}});
  return rows;
}

} // namespace fugato
