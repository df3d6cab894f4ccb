// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/corpus.hpp"
#include "audio/audit.hpp"
#include "config/json.hpp"
#include "report/audit_text.hpp"
#include "tools/command.hpp"
#include "tools/settings_file.hpp"
#include "tools/terminal.hpp"

#include <fmt/format.h>

#include <memory>

namespace fugato {
namespace {

struct options {
  std::string path;
  std::vector<std::string> assignments;
  bool json = false;
};

outcome check(const options& x) {
  const run_settings settings = load_settings("", x.assignments);
  const std::vector<track> tracks = list_corpus(x.path);
  corpus_audit result;
  {
    progress_line line{"checking"};
    result = audit(tracks, settings.line.audio, [&](std::size_t done) {
      line.show({static_cast<std::uint32_t>(tracks.size()), static_cast<std::uint32_t>(done), 0, 0});
    });
  }
  print(x.json ? to_json(result) : audit_text(result));
  return result.unreadable.empty() ? outcome::good : outcome::incomplete;
}

} // namespace

void add_corpus(CLI::App& app, outcome& result) {
  auto x = std::make_shared<options>();
  CLI::App* corpus = app.add_subcommand("corpus", "Look after a collection of music");
  corpus->require_subcommand(1);
  CLI::App* command =
      corpus->add_subcommand("check", "Counts a genre, unreadable files, odd lengths and rates, duplicates");
  command->add_option("path", x->path, "A folder with a sub-folder per genre, or a list file")->required();
  command->add_option("--set", x->assignments, "Override a setting: section.key=value")->take_all();
  command->add_flag("--json", x->json, "As JSON");
  command->callback([x, &result] { result = check(*x); });
  add_corpus_from_tags(*corpus, result);
}

} // namespace fugato
