// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/error.hpp"
#include "config/json.hpp"
#include "tools/aliases.hpp"
#include "tools/classifying.hpp"
#include "tools/interruption.hpp"
#include "tools/learning.hpp"
#include "tools/tagging.hpp"
#include "tools/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <memory>
#include <optional>

namespace fugato {
namespace {

struct options {
  classifying_options what;
  std::string mode = "fill-empty";
  std::vector<std::string> spelling;
  bool apply = false;
  bool keep_time = false;
  bool no_compare = false;
  bool part_hard_links = false;
  bool json = false;
  std::string log;
  std::string undo;
};

/// `fugato-tags-<time>.jsonl` in the current folder.
std::string log_path(const options& x) {
  if (!x.log.empty())
    return x.log;
  std::string result = default_folder("tags.json"); // runs/tags-<time>
  return "fugato-" + std::filesystem::path(result).filename().string() + ".jsonl";
}

std::vector<tag_plan> plans_of(const options& x) {
  tag_rules rules{x.mode, {}, x.part_hard_links};
  tag_modes().at(x.mode);
  for (const std::string& text : x.spelling)
    rules.spelling.insert(parse_alias(text));
  const classifying work = prepare(x.what);
  tag_planner planner{std::move(rules)};
  std::vector<tag_plan> result;
  classify(work, {[&](const track_prediction& one) { result.push_back(planner.plan(one)); },
                  [&](const failed_prediction& one) { result.push_back(planner.plan(one)); }});
  return result;
}

std::size_t count(const std::vector<tag_plan>& plans, std::string_view state) {
  return static_cast<std::size_t>(
      std::count_if(plans.begin(), plans.end(), [&](const tag_plan& p) { return p.state == state; }));
}

/// Writes what is planned, file by file; stops between two when asked to.
/// @returns the signal that stopped it, or 0
int write_all(const options& x, tag_report& report) {
  if (count(report.files, "write") == 0)
    return 0;
  interruption stopping{[] {}, [](int) { note("stopping after this file"); }};
  stopping.work_stops_by_itself(true);
  tag_log log{log_path(x)};
  report.log = log.path();
  for (tag_plan& plan : report.files) {
    if (plan.state != "write")
      continue;
    if (stopping.asked())
      break;
    try {
      apply(plan, {x.keep_time, !x.no_compare}, log);
      plan.state = "written";
    } catch (const error& e) {
      plan.state = "failed";
      plan.sentence = e.what();
      complain(e.what());
    }
  }
  return stopping.signal();
}

outcome outcome_of(const tag_report& report, std::uint32_t allowed_failures) {
  const std::size_t failed = count(report.files, "failed");
  if (failed == report.files.size())
    return outcome::failed;
  return failed > allowed_failures ? outcome::incomplete : outcome::good;
}

outcome stopped_by(int signal) { return signal == SIGTERM ? outcome::terminated : outcome::interrupted; }

outcome tag(const options& x) {
  tag_report report{x.apply, "", plans_of(x)};
  const int signal = x.apply ? write_all(x, report) : 0;
  if (x.json)
    print(to_json(report));
  else
    for (const tag_plan& plan : report.files)
      print(diff_text(plan));
  const auto& files = report.files;
  note(fmt::format("{} {}, {} with a genre kept, {} the same, {} unsure, {} failed",
                   x.apply ? count(files, "written") : count(files, "write"),
                   x.apply ? "written" : "would be written (--apply does so)", count(files, "keep"),
                   count(files, "same"), count(files, "unsure"), count(files, "failed")));
  if (!report.log.empty())
    note("to take it back: fugato tag --undo " + report.log + " --apply");
  return signal != 0 ? stopped_by(signal) : outcome_of(report, x.what.allowed_failures);
}

/// The last change first, so that a file that was changed twice finds its way back.
outcome take_back(const options& x) {
  std::vector<tag_change> changes = read_tag_log(x.undo);
  std::reverse(changes.begin(), changes.end());
  interruption stopping{[] {}, [](int) { note("stopping after this file"); }};
  stopping.work_stops_by_itself(true);
  std::size_t restored = 0;
  std::size_t refused = 0;
  for (const tag_change& change : changes) {
    if (stopping.asked())
      break;
    undo_plan plan = plan_undo(change);
    if (plan.state == undo_state::possible && x.apply)
      try {
        undo(plan);
      } catch (const error& e) {
        plan.state = undo_state::refused;
        plan.sentence = e.what();
      }
    restored += plan.state == undo_state::possible ? 1 : 0;
    refused += plan.state == undo_state::refused ? 1 : 0;
    if (plan.state == undo_state::refused)
      complain(plan.sentence);
    else
      print(undo_text(plan));
  }
  note(fmt::format("{} {}, {} refused", restored, x.apply ? "restored" : "would be restored (--apply does so)",
                   refused));
  if (stopping.asked())
    return stopped_by(stopping.signal());
  return refused == 0 ? outcome::good : restored == 0 ? outcome::failed : outcome::incomplete;
}

} // namespace

void add_tag(CLI::App& app, outcome& result) {
  auto x = std::make_shared<options>();
  CLI::App* command =
      app.add_subcommand("tag", "Write predicted genres into music files; without --apply only tell what would change");
  add_classifying_options(*command, x->what, false);
  command->add_flag("--apply", x->apply, "Change the files");
  std::string modes;
  for (const tag_mode& mode : tag_modes())
    modes += fmt::format("; {}: {}", mode.name, mode.summary);
  command->add_option("--mode", x->mode, "Which files get a genre" + modes)->capture_default_str();
  command->add_option("--write-as", x->spelling, "How a label is written, e.g. hiphop=Hip-Hop")->take_all();
  command->add_flag("--keep-mtime", x->keep_time, "Changed files keep their time of modification");
  command->add_flag("--no-compare", x->no_compare, "Do not decode and compare the audio before and after");
  command->add_flag("--part-hard-links", x->part_hard_links,
                    "Change files with several hard links too; their other names keep the old content");
  command->add_flag("--json", x->json, "As JSON");
  command->add_option("--log", x->log,
                      "Where to log what is needed to take it back (default: fugato-tags-<time>.jsonl)");
  command->add_option("--undo", x->undo, "Take back what this log tells; with --apply");
  command->callback([x, &result] {
    if (!x->undo.empty() && !(x->what.model.empty() && x->what.inputs.empty()))
      throw error(errc::usage, "--undo must stand without a model and files: the log names them");
    result = x->undo.empty() ? tag(*x) : take_back(*x);
  });
}

} // namespace fugato
