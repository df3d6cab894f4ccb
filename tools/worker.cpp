// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/worker.hpp"

#include "tools/command.hpp"

#include <csignal>
#include <memory>
#include <sys/prctl.h>

namespace fugato {

void add_worker(CLI::App& app, outcome&) {
  auto x = std::make_shared<worker_options>();
  CLI::App* command = app.add_subcommand("worker", "Work for a leader: started by runs, not by hand");
  command->add_option("--fd", x->descriptor, "A stream socket to the leader")->required();
  command->add_option("--lines", x->lines, "Lines to run")->check(CLI::Range(1, 1024));
  command->add_option("--silence", x->silence_seconds, "When a silent leader counts as gone [s]");
  command->callback([x] {
    prctl(PR_SET_PDEATHSIG, SIGKILL); // ends with its leader, however that ends
    std::signal(SIGINT, SIG_IGN);     // Ctrl-C goes to the whole group; the leader decides
    work_for_leader(*x);
  });
}

} // namespace fugato
