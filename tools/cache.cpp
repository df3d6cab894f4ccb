// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/feature_cache.hpp"
#include "tools/command.hpp"
#include "tools/terminal.hpp"

#include <fmt/format.h>

#include <memory>
#include <optional>

namespace fugato {
namespace {

struct options {
  std::string folder;
  std::optional<double> shrink_to_megabytes;
};

void look_after(const options& x) {
  if (x.shrink_to_megabytes)
    note(fmt::format("{} entries removed",
                     shrink_cache(x.folder, static_cast<std::uint64_t>(*x.shrink_to_megabytes * 1e6))));
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;
  std::string text;
  for (const cache_part& part : cache_parts(x.folder)) {
    text += fmt::format("{}  {:>9} tracks {:>10.1f} MB\n", part.folder, part.entries,
                        1e-6 * static_cast<double>(part.bytes));
    entries += part.entries;
    bytes += part.bytes;
  }
  print(text + fmt::format("in all {:>34} tracks {:>10.1f} MB\n", entries, 1e-6 * static_cast<double>(bytes)));
}

} // namespace

void add_cache(CLI::App& app, outcome&) {
  auto x = std::make_shared<options>();
  CLI::App* command = app.add_subcommand("cache", "What a feature cache (setting cache.folder) holds, by settings; a "
                                                  "part's made-by.txt tells which");
  command->add_option("folder", x->folder, "The cache")->required();
  command
      ->add_option("--shrink-to", x->shrink_to_megabytes,
                   "Remove the entries that were not used for the longest time, down to so many megabytes")
      ->check(CLI::NonNegativeNumber);
  command->callback([x] { look_after(*x); });
}

} // namespace fugato
