// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/files.hpp"
#include "config/json.hpp"
#include "config/printable.hpp"
#include "models/table_profile.hpp"
#include "report/describe_page.hpp"
#include "report/describe_text.hpp"
#include "tools/command.hpp"
#include "tools/terminal.hpp"

#include <fmt/format.h>

#include <memory>

namespace fugato {
namespace {

struct options {
  std::string table;
  std::string html;
  double threshold = 0.95;
  bool json = false;
};

outcome describe_table(const options& x) {
  const table_profile profile = profile_of(read_any_table(x.table), printable(x.table), x.threshold);
  if (!x.html.empty()) {
    const std::string page = describe_page(profile);
    write_file(x.html, page);
    note(fmt::format("{} ({:.1f} MB)", printable(x.html), 1e-6 * static_cast<double>(page.size())));
  }
  if (x.json)
    print(to_json(profile));
  else if (x.html.empty())
    print(describe_text(profile));
  return outcome::good;
}

} // namespace

void add_describe(CLI::App& app, outcome& result) {
  auto x = std::make_shared<options>();
  CLI::App* command = app.add_subcommand(
      "describe", "Look at a feature table: classes, statistics, gaps, correlation, distributions, projection");
  command->add_option("table", x->table, "A feature table (CSV), Fugato's or anybody's")->required();
  command->add_flag("--json", x->json, "As JSON, on stdout");
  command->add_option("--html", x->html, "As a page, into this file");
  command->add_option("--correlated", x->threshold, "List pairs of features from this |r| on")
      ->check(number_between(0, 1))
      ->capture_default_str();
  command->callback([x, &result] { result = describe_table(*x); });
}

} // namespace fugato
