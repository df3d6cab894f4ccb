// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/worker.hpp"

#include "actors/dialled.hpp"
#include "config/error.hpp"
#include "tools/command.hpp"
#include "tools/terminal.hpp"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <memory>
#include <optional>
#include <sys/prctl.h>
#include <thread>

namespace fugato {
namespace {

struct options {
  worker_options work;
  std::string ticket;
  std::string address;
  double patience_seconds = 30;
  bool local = false;
};

join_ticket ticket_of(const options& x) {
  join_ticket result = read_join_ticket(x.ticket);
  if (x.address.empty())
    return result;
  const auto colon = x.address.rfind(':');
  int port = 0;
  if (colon == std::string::npos || !CLI::detail::lexical_cast(x.address.substr(colon + 1), port) || port < 1 ||
      port > 65535)
    throw error(errc::usage, "--connect must be HOST:PORT, found '" + x.address + "'");
  result.host = x.address.substr(0, colon);
  result.port = static_cast<std::uint16_t>(port);
  return result;
}

/// Tries again for a while: the worker may be there before its leader.
std::unique_ptr<dialled> reach(const join_ticket& ticket, double patience_seconds) {
  using clock = std::chrono::steady_clock;
  const auto limit = clock::now() + std::chrono::duration<double>(patience_seconds);
  for (;;) {
    try {
      return std::make_unique<dialled>(ticket);
    } catch (const error& e) {
      if (!e.kind().retry || clock::now() >= limit)
        throw;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
}

void work(options x) {
  if (x.local || x.ticket.empty()) {
    prctl(PR_SET_PDEATHSIG, SIGKILL); // ends with its leader, however that ends
    std::signal(SIGINT, SIG_IGN);     // Ctrl-C goes to the whole group; the leader decides
  }
  if (x.ticket.empty())
    return work_for_leader(x.work);
  if (x.work.root.empty())
    x.work.root = std::filesystem::current_path().string();
  const auto line = reach(ticket_of(x), x.patience_seconds);
  if (!x.local)
    note("joined; looking for tracks beneath " + x.work.root);
  x.work.descriptor = line->take_plain_fd();
  work_for_leader(x.work);
  if (!x.local)
    note("the leader has no more work");
}

} // namespace

void add_worker(CLI::App& app, outcome&) {
  auto x = std::make_shared<options>();
  CLI::App* command = app.add_subcommand("worker", "Join a run of policy distributed, before or while it runs");
  auto* join = command->add_option("--join", x->ticket, "The ticket that the run has written: cluster.json");
  command->add_option("--connect", x->address, "HOST:PORT, where the ticket's are not right from here");
  command->add_option("--lines", x->work.lines, "Lines to run")->check(CLI::Range(1, 1024))->capture_default_str();
  command->add_option("--root", x->work.root, "The corpus on this machine; nothing outside is read (default: here)");
  command->add_option("--cache", x->work.cache, "A folder of this machine for a feature cache (default: none)");
  command->add_option("--wait", x->patience_seconds, "How long to try to reach the leader [s]")->capture_default_str();
  command->add_option("--silence", x->work.silence_seconds, "When a silent leader counts as gone [s]")
      ->check(CLI::Range(0.2, 3600.0))
      ->capture_default_str();
  command->add_option("--fd", x->work.descriptor, "A socket to the leader; for runs that start workers")
      ->excludes(join)
      ->group("");
  command->add_flag("--local", x->local, "Started by a run; ends with it")->group("");
  command->callback([x, join] {
    if (join->count() == 0 && x->work.descriptor < 0)
      throw error(errc::usage, "worker must be told whom to work for: --join cluster.json");
    work(*x);
  });
}

} // namespace fugato
