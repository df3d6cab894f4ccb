// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/simulate.hpp"

#include "actors/policy.hpp"
#include "config/json.hpp"
#include "tools/command.hpp"
#include "tools/terminal.hpp"

#include <fmt/format.h>

#include <memory>

namespace fugato {
namespace {

struct options {
  std::uint32_t tasks = 1'000'000;
  dispatch_settings dispatch;
  bool json = false;
};

std::string text_of(const simulation& x) {
  return fmt::format("{} tasks, policy {}, {} lines, {} tasks a message\n"
                     "wall          {:9.2f} s   ({:.2f} us a task; start-up of {:.2f} s left out)\n"
                     "leader        {:9.2f} s CPU ({:.2f} us a task), {:.0f} MB at most\n"
                     "workers       {:9.2f} s CPU\n"
                     "messages      {:9}     {:.1f} MB on the wire\n",
                     x.tasks, x.policy, x.lines, x.batch, x.wall_seconds, x.wall_seconds / x.tasks * 1e6,
                     x.startup_seconds, x.leader_cpu_seconds, x.leader_cpu_seconds / x.tasks * 1e6,
                     static_cast<double>(x.leader_rss_bytes) / 1e6, x.worker_cpu_seconds, x.messages,
                     static_cast<double>(x.wire_bytes) / 1e6);
}

void simulate_dispatch(const options& x) {
  progress_line line{"handing out", "tasks"};
  simulation result = simulate(x.dispatch, x.tasks, [&](const progress& p) { line.show(p); });
  print(x.json ? to_json(result) : text_of(result));
}

} // namespace

void add_simulate(CLI::App& app, outcome&) {
  auto x = std::make_shared<options>();
  x->dispatch.policy = "processes";
  x->dispatch.workers = 64;
  x->dispatch.batch = 256;
  CLI::App* command = app.add_subcommand("simulate", "Hand out tasks that cost nothing: what the leader costs");
  command->add_option("--tasks", x->tasks, "How many")->check(CLI::Range(1, 100'000'000))->capture_default_str();
  command->add_option("--workers", x->dispatch.workers, "Lines")->check(CLI::Range(1, 1024))->capture_default_str();
  command->add_option("--batch", x->dispatch.batch, "Tasks a message")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  std::vector<std::string> names;
  for (const policy& each : policies())
    names.emplace_back(each.name);
  command->add_option("--policy", x->dispatch.policy, "How they are scheduled")
      ->check(CLI::IsMember(names))
      ->capture_default_str();
  command->add_flag("--json", x->json, "Print JSON");
  command->callback([x] { simulate_dispatch(*x); });
}

} // namespace fugato
