// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/certificate_folder.hpp"

#include "actors/certificates.hpp"
#include "config/files.hpp"
#include "config/json.hpp"
#include "tests/actors/scratch.hpp"
#include "tests/errors.hpp"

#include <doctest/doctest.h>
#include <openssl/x509.h>

using namespace fugato;
namespace fs = std::filesystem;

namespace {

struct made_folder : scratch {
  made_folder() { make_certificates(path, "leader.example.org", 4242, 30); }

  std::string state_of(const std::string& name) const {
    for (const certificate_status& x : list_certificates(path))
      if (x.name == name)
        return x.state;
    return "not there";
  }
};

/// Days from now to the end of a certificate.
int days_left(const std::string& pem) {
  int days = 0;
  int seconds = 0;
  REQUIRE(ASN1_TIME_diff(&days, &seconds, nullptr, X509_get0_notAfter(parse_certificate(pem, "test").get())) == 1);
  return days + (seconds > 80'000 ? 1 : 0);
}

bool vouches(const std::string& ca, const std::string& certificate) {
  return X509_verify(parse_certificate(certificate, "test").get(),
                     X509_get0_pubkey(parse_certificate(ca, "test").get())) == 1;
}

} // namespace

TEST_CASE("make_certificates writes files that read back, the secret ones for their owner only") {
  const scratch dir;
  const std::string made = dir.file("deep/er");
  make_certificates(made, "leader.example.org", 4242, 30);
  for (const char* name : {"/authority.json", "/leader.json", "/cluster.json"})
    CHECK(mode_of(made + name) == 0600);
  CHECK(std::distance(fs::directory_iterator(made), fs::directory_iterator()) == 4);

  const join_ticket ticket = read_join_ticket(made + "/cluster.json");
  const leader_identity leader = read_leader_identity(made + "/leader.json");
  CHECK(ticket.host == "leader.example.org");
  CHECK(ticket.port == 4242);
  CHECK(ticket.format == 1);
  CHECK(ticket.ca == leader.ca);
  CHECK(ticket.key != leader.key);
  CHECK(leader.excluded.empty());
  CHECK(contains(to_json(ticket), "BEGIN PRIVATE KEY"));
  CHECK(days_left(leader.certificate) == 30);
  CHECK(days_left(leader.ca) > 7000);
}

TEST_CASE("make_certificates refuses to overwrite, and parameters without sense") {
  const scratch dir;
  make_certificates(dir.path, "h", 1, 30);
  const join_ticket before = read_join_ticket(dir.file("cluster.json"));
  fs::remove(dir.file("leader.json"));
  CHECK(contains(sentence(errc::usage, [&] { make_certificates(dir.path, "h", 1, 30); }), "must not exist yet"));
  CHECK(read_join_ticket(dir.file("cluster.json")).key == before.key);
  CHECK_FALSE(fs::exists(dir.file("leader.json")));
  CHECK(contains(sentence(errc::usage, [&] { make_certificates(dir.file("x"), "", 1, 30); }), "a host"));
  CHECK(contains(sentence(errc::usage, [&] { make_certificates(dir.file("x"), "h", 0, 30); }), "a port"));
  CHECK(contains(sentence(errc::usage, [&] { make_certificates(dir.file("x"), "h", 1, 0); }), "days"));
  CHECK(contains(sentence(errc::usage, [&] { make_certificates(dir.file("x"), "h", 1, 3651); }), "3650 days"));
  CHECK_FALSE(fs::exists(dir.file("x")));
}

TEST_CASE_FIXTURE(made_folder, "renewed certificates are of the same authority, with new keys and a new end") {
  add_node(path, "node7", 10);
  const std::string files[] = {file("cluster.json"), file("node7.json")};
  const leader_identity before = read_leader_identity(file("leader.json"));
  const join_ticket old_ticket = read_join_ticket(files[1]);
  renew_certificates(path, 300);
  const leader_identity after = read_leader_identity(file("leader.json"));
  CHECK(after.ca == before.ca);
  CHECK(after.key != before.key);
  CHECK(days_left(after.certificate) == 300);
  for (const std::string& each : files) {
    CAPTURE(each);
    const join_ticket ticket = read_join_ticket(each);
    CHECK(mode_of(each) == 0600);
    CHECK(days_left(ticket.certificate) == 300);
    CHECK(ticket.host == "leader.example.org");
    CHECK(ticket.port == 4242);
    CHECK(ticket.key != old_ticket.key);
  }
  CHECK(node_of(*parse_certificate(read_join_ticket(files[1]).certificate, "test")) == "node7");
  // tickets that are already at their nodes go on to hold
  CHECK(vouches(after.ca, old_ticket.certificate));
  CHECK(days_left(old_ticket.certificate) == 10);
}

TEST_CASE_FIXTURE(made_folder, "what has ended is told with its end, and can be renewed") {
  authority ca;
  read_json(read_secret(file("authority.json")), {"test", ""}, description_of(ca));
  leader_identity leader = read_leader_identity(file("leader.json"));
  const identity late = issue(ca, node_role::leader, std::chrono::hours(-1));
  leader.certificate = late.certificate;
  leader.key = late.key;
  write_secret(file("leader.json"), to_json(leader));
  const std::string why = sentence(errc::settings, [&] { read_leader_identity(file("leader.json")); });
  CHECK(contains(why, "expired on 20"));
  CHECK(contains(why, "--renew"));
  CHECK(state_of(file("leader.json")).starts_with("ended 20"));
  renew_certificates(path, 30);
  CHECK(state_of(file("leader.json")).starts_with("until 20"));
  CHECK(days_left(read_leader_identity(file("leader.json")).certificate) == 30);
}

TEST_CASE_FIXTURE(made_folder, "an end within 30 days is worth a warning") {
  const std::string soon = read_leader_identity(file("leader.json")).certificate;
  CHECK(contains(warning_of_end("leader.json", soon), "leader.json: the certificate ends on 20"));
  renew_certificates(path, 32);
  CHECK(warning_of_end("leader.json", read_leader_identity(file("leader.json")).certificate) == "");
}

TEST_CASE_FIXTURE(made_folder, "a node has a ticket of its own, under a name that is one") {
  add_node(path, "node-7.b_2", 30);
  const join_ticket ticket = read_join_ticket(file("node-7.b_2.json"));
  CHECK(ticket.host == "leader.example.org");
  CHECK(ticket.key != read_join_ticket(file("cluster.json")).key);
  CHECK(contains(sentence(errc::usage, [&] { add_node(path, "node-7.b_2", 30); }), "must not exist yet"));
  for (const char* name : {"", ".", "..", "../x", "a b", "-x", "n\n", "leader", "authority", "ca", "\xC3\xA9"}) {
    CAPTURE(name);
    CHECK(contains(sentence(errc::usage, [&] { add_node(path, name, 30); }), "a node's name must be"));
  }
  CHECK(contains(sentence(errc::usage, [&] { add_node(path, std::string(65, 'x'), 30); }), "1 to 64"));
}

TEST_CASE_FIXTURE(made_folder, "an excluded node stands in the leader's file, is not renewed, and gives up its name") {
  add_node(path, "node7", 30);
  exclude_node(path, "node7");
  CHECK_FALSE(fs::exists(file("node7.json")));
  CHECK(read_leader_identity(file("leader.json")).excluded == std::vector<std::string>{"node7"});
  CHECK(mode_of(file("leader.json")) == 0600);
  CHECK(state_of("node7") == "excluded");
  exclude_node(path, "node7"); // nothing more to do
  renew_certificates(path, 30);
  CHECK(read_leader_identity(file("leader.json")).excluded == std::vector<std::string>{"node7"});
  CHECK_FALSE(fs::exists(file("node7.json")));
  CHECK(contains(sentence(errc::usage, [&] { add_node(path, "node7", 30); }), "excluded for good"));
  CHECK(contains(sentence(errc::usage, [&] { exclude_node(path, "node8"); }), "must exist"));
}

TEST_CASE_FIXTURE(made_folder, "without the authority nothing can be issued") {
  fs::remove(file("authority.json"));
  CHECK(contains(sentence(errc::settings, [&] { renew_certificates(path, 30); }), "authority.json"));
  CHECK(contains(sentence(errc::settings, [&] { add_node(path, "node7", 30); }), "authority.json"));
  exclude_node(path, "cluster"); // the leader's file is enough
  CHECK(read_leader_identity(file("leader.json")).excluded.size() == 1);
}

TEST_CASE_FIXTURE(made_folder, "an authority that ends before what it would issue is refused") {
  write_secret(file("authority.json"), to_json(make_authority(std::chrono::days{20})));
  CHECK(contains(sentence(errc::settings, [&] { renew_certificates(path, 30); }), "must outlive what it issues"));
}
