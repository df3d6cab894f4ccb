// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/certificate_folder.hpp"

#include "config/error.hpp"
#include "tools/command.hpp"
#include "tools/terminal.hpp"

#include <fmt/format.h>

#include <memory>

namespace fugato {
namespace {

struct options {
  std::string directory;
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  unsigned days = 365;
  std::vector<std::string> nodes;
  std::vector<std::string> excluded;
  bool renew = false;
};

void make(const options& x) {
  if (x.port == 0)
    throw error(errc::usage,
                "certificates must be told where the leader listens: --port; or what to do with those that "
                "are there: --node, --renew, --exclude");
  make_certificates(x.directory, x.host, x.port, x.days);
  note("the leader: --set dispatch.identity=" + x.directory + "/leader.json --set dispatch.listen=" + x.host + ":" +
       std::to_string(x.port));
  note("workers: fugato worker --join " + x.directory + "/cluster.json (a secret: copy it safely)");
  note(x.directory + "/authority.json: keep it where no node is; it makes, renews and excludes nodes");
}

void work(const options& x) {
  if (!x.renew && x.nodes.empty() && x.excluded.empty())
    make(x);
  for (const std::string& node : x.excluded)
    exclude_node(x.directory, node);
  if (x.renew)
    renew_certificates(x.directory, x.days);
  for (const std::string& node : x.nodes)
    add_node(x.directory, node, x.days);
  if (!x.excluded.empty())
    note("a leader heeds who is excluded when it starts with this leader.json");
  std::string text;
  for (const certificate_status& each : list_certificates(x.directory))
    text += fmt::format("{:<40} {:<9} {}\n", each.name, each.role, each.state);
  print(text);
}

} // namespace

void add_certificates(CLI::App& app, outcome&) {
  auto x = std::make_shared<options>();
  CLI::App* command =
      app.add_subcommand("certificates", "Make, renew and exclude lasting certificates of a leader and its workers");
  command->add_option("directory", x->directory, "Where leader.json and the workers' tickets go")->required();
  command->add_option("--host", x->host, "Where workers find the leader")->capture_default_str();
  command->add_option("--port", x->port, "Where the leader listens")->check(CLI::Range(1, 65535));
  command->add_option("--days", x->days, "How long they hold")
      ->check(CLI::Range(1U, most_certificate_days))
      ->capture_default_str();
  command->add_option("--node", x->nodes, "Add a ticket of a node's own: NAME.json");
  command->add_flag("--renew", x->renew, "Renew the leader's and all tickets; earlier ones hold until they end");
  command->add_option("--exclude", x->excluded, "Have the leader refuse a node, whatever certificate it holds");
  command->callback([x] { work(*x); });
}

} // namespace fugato
