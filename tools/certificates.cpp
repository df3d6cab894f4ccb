// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/certificates.hpp"

#include "tools/command.hpp"
#include "tools/terminal.hpp"

#include <memory>

namespace fugato {
namespace {

struct options {
  std::string directory;
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  unsigned days = 365;
};

} // namespace

void add_certificates(CLI::App& app, outcome&) {
  auto x = std::make_shared<options>();
  CLI::App* command = app.add_subcommand("certificates", "Make lasting certificates for a leader and its workers");
  command->add_option("directory", x->directory, "Where ca.pem, leader.json and cluster.json go")->required();
  command->add_option("--host", x->host, "Where workers find the leader")->capture_default_str();
  command->add_option("--port", x->port, "Where the leader listens")->required()->check(CLI::Range(1, 65535));
  command->add_option("--days", x->days, "How long they hold")->check(CLI::Range(1, 3650))->capture_default_str();
  command->callback([x] {
    make_certificates(x->directory, x->host, x->port, x->days);
    note("the leader: --set dispatch.identity=" + x->directory + "/leader.json --set dispatch.listen=" + x->host + ":" +
         std::to_string(x->port));
    note("workers: fugato worker --join " + x->directory + "/cluster.json (a secret: copy it safely)");
  });
}

} // namespace fugato
