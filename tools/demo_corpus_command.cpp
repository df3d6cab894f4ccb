// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/settings.hpp"
#include "tools/command.hpp"
#include "tools/demo_corpus.hpp"
#include "tools/terminal.hpp"

#include <fmt/format.h>

#include <memory>

namespace fugato {
namespace {

struct options {
  std::string directory;
  unsigned tracks = 10;
};

void render(const options& x) {
  demo_summary summary;
  {
    progress_line line{"rendering"};
    summary = render_demo_corpus(
        x.directory, x.tracks,
        [&](std::size_t done, std::size_t total) {
          line.show({static_cast<std::uint32_t>(total), static_cast<std::uint32_t>(done), 0, done * 30'000'000});
        },
        core_budget({}));
  }
  note(fmt::format("{}: {} tracks rendered, {} were there already", x.directory, summary.tracks - summary.skipped,
                   summary.skipped));
}

} // namespace

void add_demo_corpus(CLI::App& app, outcome&) {
  auto x = std::make_shared<options>();
  CLI::App* command =
      app.add_subcommand("demo-corpus", "Render ten genres of rule-written music in GTZAN's shape (30 s, 22050 Hz). It "
                                        "is for trying things: accuracy on it means nothing about music");
  command->add_option("directory", x->directory, "Where <genre>/<genre>.000NN.wav go")->required();
  command->add_option("--tracks", x->tracks, "Tracks per genre")->check(CLI::Range(1, 1000))->capture_default_str();
  command->callback([x] { render(*x); });
}

} // namespace fugato
