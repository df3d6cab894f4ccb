// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/files.hpp"
#include "report/run_page.hpp"
#include "tools/command.hpp"
#include "tools/terminal.hpp"

#include <memory>
#include <string>

namespace fugato {
namespace {

struct options {
  std::string folder;
  std::string out;
};

} // namespace

void add_report(CLI::App& app, outcome& result) {
  auto x = std::make_shared<options>();
  CLI::App* command = app.add_subcommand("report", "Make the page of a run again from the files of its folder");
  command->add_option("folder", x->folder, "A run folder")->required();
  command->add_option("-o,--out", x->out, "Where the page goes (default: report.html in the folder)");
  command->callback([x, &result] {
    const std::string target = x->out.empty() ? x->folder + "/report.html" : x->out;
    write_file(target, run_page(read_run_folder(x->folder)));
    note("page: " + target);
    result = outcome::good;
  });
}

} // namespace fugato
