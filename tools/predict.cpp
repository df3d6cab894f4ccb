// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/files.hpp"
#include "report/format.hpp"
#include "report/prediction_formats.hpp"
#include "tools/classifying.hpp"
#include "tools/command.hpp"
#include "tools/interruption.hpp"
#include "tools/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string_view>

namespace fugato {
namespace {

struct options {
  classifying_options what;
  std::string format = "table";
  std::string folder;
  bool json = false;
  bool chunks = false;
};

/// @throws error(usage) for what does not go together
const prediction_format& format_of(const options& x) {
  const prediction_format& result = prediction_formats().at(x.json ? "json" : x.format);
  if (result.to_folder && x.folder.empty())
    throw error(errc::usage, fmt::format("--format {} must be told where the files go: --out FOLDER", result.name));
  if (!result.to_folder && !x.folder.empty())
    throw error(errc::usage,
                fmt::format("--out must go with a format that is files, but {} goes to stdout", result.name));
  if (x.chunks && !result.has_chunks)
    throw error(errc::usage,
                fmt::format("--chunks must go with a format that tells chunks, but {} does not", result.name));
  return result;
}

outcome predict(const options& x) {
  const interruption stopping{remove_unfinished, [](int) {}};
  const prediction_format& format = format_of(x);
  const classifying work = prepare(x.what);
  prediction_target target{work.model.name, work.rules, 0, x.chunks, print, x.folder};
  for (const track& each : work.tracks)
    target.name_width = std::max(target.name_width, each.name.size());
  const auto writer = format.begin(std::move(target));
  const classified found = classify(work, {[&writer](const track_prediction& one) { writer->add(one); },
                                           [&writer](const failed_prediction& one) { writer->add(one); }});
  writer->finish();
  note(fmt::format("{}, {} of them unsure; {} failed", counted(found.tracks, "track"), found.unsure, found.failed));
  return outcome_of(found, x.what.allowed_failures);
}

} // namespace

void add_predict(CLI::App& app, outcome& result) {
  auto x = std::make_shared<options>();
  CLI::App* command = app.add_subcommand("predict", "Genres of music, with their probabilities");
  add_classifying_options(*command, x->what, true);
  std::string names;
  for (const std::string_view name : prediction_formats().names())
    names += (names.empty() ? "" : ", ") + std::string(name);
  command->add_option("--format", x->format, "How it is told: " + names)->capture_default_str();
  command->add_flag("--json", x->json, "As --format json");
  command->add_flag("--chunks", x->chunks, "Tell each chunk of a track too");
  command->add_option("-o,--out", x->folder, "Where the playlists go: a folder that does not exist yet");
  command->callback([x, &result] { result = predict(*x); });
}

} // namespace fugato
