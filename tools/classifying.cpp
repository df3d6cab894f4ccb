// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/classifying.hpp"

#include "actors/session.hpp"
#include "audio/corpus.hpp"
#include "config/printable.hpp"
#include "config/read_text.hpp"
#include "features/catalog.hpp"
#include "tools/command.hpp"
#include "tools/in_order.hpp"
#include "tools/settings_file.hpp"
#include "tools/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <iostream>
#include <iterator>
#include <mutex>
#include <optional>
#include <unistd.h>
#include <variant>

namespace fugato {
namespace {

using verdict = std::variant<track_prediction, failed_prediction>;

/// @throws error(bad_model) when this build cannot make rows as those the model learnt from
void check_columns(const trained_model& model, const std::string& folder) {
  if (!model.from_audio)
    throw error(errc::bad_model,
                folder + ": must be a model that knows how its features were made, but it was trained from a table");
  std::vector<std::string> columns;
  for (const column& x : columns_of(model.features))
    columns.push_back(x.name);
  if (columns != model.columns)
    throw error(errc::bad_model, folder + ": must have learnt from columns that this build can make, but its " +
                                     std::to_string(model.columns.size()) + " columns differ from the " +
                                     std::to_string(columns.size()) + " that its settings give here");
}

/// Gathers tracks' rows so that the model sees many at once: its trees then pass through the caches once for all
/// of them. What it says of a row does not depend on the rows beside it.
class judge {
public:
  judge(const classifying& x, const classified_callbacks& tell)
      : x_(x), tell_(tell), verdicts_([this](verdict&& v) { pass(v); }) {}

  /// Stores what goes wrong, for this is called by an actor.
  void take(track_outcome&& x) {
    guarded([&] { gather(std::move(x)); });
  }

  /// Is to be called from time to time: what has come is not to wait for the track after it, which may take hours.
  /// @returns whether all is in vain
  bool tick() {
    guarded([&] {
      if (!waiting_.empty() && clock::now() - since_ > longest_wait)
        flush();
    });
    const std::lock_guard lock(mutex_);
    return problem_ != nullptr;
  }

  classified finish() {
    guarded([&] { flush(); });
    if (problem_)
      std::rethrow_exception(problem_);
    return counts_;
  }

private:
  using clock = std::chrono::steady_clock;
  static constexpr std::size_t most_rows = 512;
  static constexpr std::chrono::milliseconds longest_wait{250};

  template <class Action>
  void guarded(Action action) {
    const std::lock_guard lock(mutex_);
    if (problem_)
      return;
    try {
      action();
    } catch (...) {
      problem_ = std::current_exception();
    }
  }

  void gather(track_outcome&& x) {
    if (x.rows.empty()) {
      verdicts_.put(x.track, not_predicted(x_.tracks[x.track], x.reason, x.sentence));
      return;
    }
    if (waiting_.empty())
      since_ = clock::now();
    rows_ += x.rows.size() / x_.model.columns.size();
    waiting_.push_back(std::move(x));
    if (rows_ >= most_rows)
      flush();
  }

  void flush() {
    dataset table;
    table.columns = x_.model.columns;
    for (const track_outcome& x : waiting_)
      table.values.insert(table.values.end(), x.rows.begin(), x.rows.end());
    const std::size_t classes = x_.model.labels.size();
    // XGBoost deals out blocks of 64 rows
    const auto threads =
        static_cast<unsigned>(std::clamp<std::size_t>(rows_ / 64, 1, core_budget(x_.settings.dispatch)));
    const std::vector<float> all = waiting_.empty() ? std::vector<float>{} : predict_proba(x_.model, table, threads);
    std::size_t at = 0;
    for (track_outcome& x : std::exchange(waiting_, {})) {
      const std::size_t values = x.rows.size() / table.columns.size() * classes;
      verdicts_.put(x.track, predicted(x_.tracks[x.track], std::span(all).subspan(at, values),
                                       1e-6 * static_cast<double>(x.audio_microseconds), x_.rules));
      at += values;
    }
    rows_ = 0;
  }

  void pass(const verdict& v) {
    if (const auto* const good = std::get_if<track_prediction>(&v)) {
      ++counts_.tracks;
      counts_.unsure += good->unsure ? 1 : 0;
      tell_.track(*good);
    } else {
      ++counts_.failed;
      tell_.failure(std::get<failed_prediction>(v));
    }
  }

  const classifying& x_;
  const classified_callbacks& tell_;
  in_order<verdict> verdicts_;
  std::vector<track_outcome> waiting_;
  std::size_t rows_ = 0;
  clock::time_point since_; ///< when the first of those that wait came
  classified counts_;
  std::exception_ptr problem_;
  std::mutex mutex_;
};

std::string text_of_stdin() { return {std::istreambuf_iterator<char>(std::cin), {}}; }

} // namespace

void add_classifying_options(CLI::App& command, classifying_options& x, bool required) {
  command.add_option("--model", x.model, "A model folder: <run folder>/model")->required(required);
  command.add_option("files", x.inputs,
                     "Audio files, and folders, which are searched to any depth; `-`: as --files-from -");
  command.add_option("--files-from", x.files_from, "A list of paths, one a line; `-`: stdin");
  command.add_flag("-0,--null", x.null, "The list's paths end with a zero byte, as find -print0 writes them");
  command.add_option("--threshold", x.threshold, "A track is unsure where its likeliest genre is less probable")
      ->check(number_between(0, 1))
      ->capture_default_str();
  command.add_option("--policy", x.policy, "How tracks are scheduled: as --set dispatch.policy=...");
  command.add_option("--workers", x.workers, "As --set dispatch.workers=...");
  command.add_option("--isa", x.isa, "Instruction set to compute by, in place of the model's")->type_name("NAME");
  command.add_option("--set", x.assignments, "Override a setting of the section dispatch")->take_all();
  command.add_option("--allow-failures", x.allowed_failures, "Exit 0 with up to this many failed tracks");
}

std::vector<std::string> listed_paths(const std::string& list, bool null) {
  const std::string name = list == "-" ? "stdin" : list;
  const std::string text = list == "-" ? text_of_stdin() : read_text(list, errc::settings);
  const char end = null ? '\0' : '\n';
  std::vector<std::string> result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t stop = std::min(text.find(end, at), text.size());
    std::string path = text.substr(at, stop - at);
    if (!null && path.ends_with('\r'))
      path.pop_back();
    if (path.find('\0') != std::string::npos)
      throw error(errc::settings, name + ": must be a path a line, but holds a zero byte; did you mean --null?");
    if (!path.empty())
      result.push_back(std::move(path));
    at = stop + 1;
  }
  if (result.empty())
    throw error(errc::settings, name + ": must name at least one file, found none");
  return result;
}

classifying prepare(const classifying_options& x) {
  if (x.model.empty())
    throw error(errc::usage, "a model must be given: --model <run folder>/model");
  std::vector<std::string> assignments;
  if (!x.policy.empty())
    assignments.push_back("dispatch.policy=" + x.policy);
  if (!x.workers.empty())
    assignments.push_back("dispatch.workers=" + x.workers);
  assignments.insert(assignments.end(), x.assignments.begin(), x.assignments.end());
  classifying result{load_trained(x.model), {}, load_settings("", assignments), {}};
  if (!x.isa.empty())
    result.model.features.isa = x.isa;
  const trained_model& model = result.model;
  check_columns(model, x.model);
  std::vector<std::string> inputs;
  std::string list = x.files_from;
  for (const std::string& input : x.inputs)
    if (input == "-" && list.empty())
      list = input;
    else
      inputs.push_back(input);
  if (!list.empty())
    for (std::string& path : listed_paths(list, x.null))
      inputs.push_back(std::move(path));
  if (inputs.empty())
    throw error(errc::usage, "files must be given: files, folders, or a list by --files-from");
  result.tracks = list_files(inputs);
  result.rules = {{}, x.threshold, chunk_distance(model.audio, model.chunking)};
  for (const std::string& label : model.labels)
    result.rules.labels.push_back(printable(label));
  if (result.settings.dispatch.join_file.empty())
    result.settings.dispatch.join_file = "cluster.json";
  return result;
}

classified classify(const classifying& x, const classified_callbacks& tell) {
  judge bench{x, tell};
  session actors{x.settings.dispatch, note};
  extraction found;
  {
    std::optional<progress_line> line;
    if (isatty(STDOUT_FILENO) == 0) // where results do not scroll by anyway
      line.emplace("classifying");
    extract_control control;
    control.cache = x.settings.cache.folder;
    control.stop = [&bench] { return bench.tick(); };
    control.each = [&bench](track_outcome&& one) { bench.take(std::move(one)); };
    found = actors.extract(
        x.tracks, {x.model.audio, x.model.chunking, x.model.features},
        [&line](const progress& p) {
          if (line)
            line->show(p);
        },
        "", control);
  }
  const classified result = bench.finish();
  tell_failures(found.failures);
  tell_warnings(found.warnings);
  return result;
}

outcome outcome_of(const classified& x, std::uint32_t allowed_failures) {
  if (x.tracks == 0)
    return outcome::failed;
  return x.failed > allowed_failures ? outcome::incomplete : outcome::good;
}

} // namespace fugato
