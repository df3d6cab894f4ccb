// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/certificates.hpp"
#include "config/files.hpp"
#include "config/json.hpp"
#include "tests/actors/scratch.hpp"
#include "tests/errors.hpp"

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <filesystem>
#include <set>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

using namespace fugato;
namespace fs = std::filesystem;

namespace {

constexpr std::chrono::hours day{24};

/// A ticket of @p ca with this worker.
join_ticket ticket_of(const authority& ca, const identity& worker) {
  return {"example.org", 4242, ca.certificate, worker.certificate, worker.key};
}

/// What is wrong with a ticket, or leader's identity, that is stored as @p stored.
template <class T>
std::string complaint(const T& stored) {
  const scratch dir;
  write_secret(dir.file("x.json"), to_json(stored));
  return sentence(errc::settings, [&] {
    if constexpr (std::is_same_v<T, join_ticket>)
      read_join_ticket(dir.file("x.json"));
    else
      read_leader_identity(dir.file("x.json"));
  });
}

} // namespace

TEST_CASE("an authority may sign nodes but no other authorities") {
  const auto ca = parse_certificate(make_authority(day).certificate, "test");
  CHECK(X509_check_ca(ca.get()) == 1);
  CHECK(X509_get_pathlen(ca.get()) == 0);
  CHECK(X509_get_key_usage(ca.get()) == (KU_KEY_CERT_SIGN | KU_CRL_SIGN));
  CHECK(X509_self_signed(ca.get(), 1) == 1);
  const int critical = X509_get_ext_by_NID(ca.get(), NID_basic_constraints, -1);
  REQUIRE(critical >= 0);
  CHECK(X509_EXTENSION_get_critical(X509_get_ext(ca.get(), critical)) == 1);
}

TEST_CASE("a node's certificate carries its role as name and key usage, signed by the authority") {
  const authority ca = make_authority(day);
  const auto trusted = parse_certificate(ca.certificate, "test");
  for (const node_role role : {node_role::leader, node_role::worker}) {
    CAPTURE(name_of(role));
    const identity node = issue(ca, role, day);
    const auto certificate = parse_certificate(node.certificate, "test");
    const bool leads = role == node_role::leader;
    CHECK(is_for(*certificate, role));
    CHECK_FALSE(is_for(*certificate, leads ? node_role::worker : node_role::leader));
    CHECK(X509_get_extended_key_usage(certificate.get()) == (leads ? XKU_SSL_SERVER : XKU_SSL_CLIENT));
    CHECK(X509_check_ca(certificate.get()) == 0);
    CHECK(X509_verify(certificate.get(), X509_get0_pubkey(trusted.get())) == 1);
    CHECK(X509_check_private_key(certificate.get(), parse_key(node.key, "test").get()) == 1);
    char group[32] = {};
    REQUIRE(EVP_PKEY_get_group_name(X509_get0_pubkey(certificate.get()), group, sizeof group, nullptr) == 1);
    CHECK(std::string(group) == "prime256v1");
  }
}

TEST_CASE("a name that only begins like a role's is no role's") {
  const authority ca = make_authority(day);
  for (const std::string_view name : {std::string_view("worker2"), std::string_view("Worker"),
                                      std::string_view("worker\0.evil", 12), std::string_view("work")}) {
    const auto certificate = parse_certificate(issue(ca, name, node_role::worker, day).certificate, "test");
    CHECK_FALSE(is_for(*certificate, node_role::worker));
  }
}

TEST_CASE("serial numbers are long, positive and not repeated") {
  const authority ca = make_authority(day);
  std::set<std::string> seen;
  for (int i = 0; i < 20; ++i) {
    const auto certificate = parse_certificate(issue(ca, node_role::worker, day).certificate, "test");
    const ASN1_INTEGER* serial = X509_get0_serialNumber(certificate.get());
    CHECK(ASN1_STRING_type(serial) == V_ASN1_INTEGER);
    CHECK(ASN1_STRING_length(serial) == 20);
    seen.emplace(reinterpret_cast<const char*>(ASN1_STRING_get0_data(serial)), 20);
  }
  CHECK(seen.size() == 20);
}

TEST_CASE("certificates hold from before now, for clocks that differ, until the end of their lifetime") {
  const authority ca = make_authority(10 * day);
  const auto lives = parse_certificate(issue(ca, node_role::worker, 10 * day).certificate, "test");
  const auto expired = parse_certificate(issue(ca, node_role::worker, std::chrono::hours(-1)).certificate, "test");
  int days = 0;
  int seconds = 0;
  REQUIRE(ASN1_TIME_diff(&days, &seconds, X509_get0_notBefore(lives.get()), nullptr) == 1);
  CHECK(days == 1);
  REQUIRE(ASN1_TIME_diff(&days, &seconds, nullptr, X509_get0_notAfter(lives.get())) == 1);
  CHECK(days + (seconds > 80'000) == 10);
  CHECK(X509_cmp_current_time(X509_get0_notAfter(expired.get())) < 0);
  CHECK(X509_cmp_current_time(X509_get0_notBefore(expired.get())) < 0);
}

TEST_CASE("a secret replaces a readable file without ever being readable itself") {
  const scratch dir;
  const std::string path = dir.file("secret");
  write_file(path, "old");
  fs::permissions(path, fs::perms{0644});
  const mode_t before = ::umask(0);
  write_secret(path, "new");
  ::umask(before);
  CHECK(mode_of(path) == 0600);
  CHECK(read_secret(path) == "new");
  CHECK(std::distance(fs::directory_iterator(dir.path), fs::directory_iterator()) == 1);
  CHECK(contains(sentence(errc::output, [&] { write_secret(dir.file("none/x"), ""); }), dir.file("none/x")));
}

TEST_CASE("a secret that others than its owner can reach is refused") {
  const scratch dir;
  const std::string path = dir.file("cluster.json");
  write_secret(path, "{}");
  for (const unsigned mode : {0640U, 0604U, 0660U, 0620U, 0601U}) {
    CAPTURE(mode);
    fs::permissions(path, fs::perms{mode});
    CHECK(contains(sentence(errc::settings, [&] { read_join_ticket(path); }), "chmod 600 " + path));
  }
  fs::permissions(path, fs::perms{0400});
  CHECK(read_secret(path) == "{}");
}

TEST_CASE("what is no file is refused without waiting") {
  const scratch dir;
  CHECK(contains(sentence(errc::settings, [&] { read_secret(dir.file("none")); }), "No such file"));
  CHECK(contains(sentence(errc::settings, [&] { read_secret(dir.path); }), "regular"));
  REQUIRE(::mkfifo(dir.file("fifo").c_str(), 0600) == 0);
  CHECK(contains(sentence(errc::settings, [&] { read_secret(dir.file("fifo")); }), "regular"));
}

TEST_CASE("a ticket that no leader would accept is refused where it is read") {
  const authority ca = make_authority(day);
  const authority rogue = make_authority(day);
  const identity worker = issue(ca, node_role::worker, day);
  const identity leader = issue(ca, node_role::leader, day);
  CHECK(complaint(ticket_of(ca, worker)) == "no error");
  CHECK(complaint(leader_identity{ca.certificate, leader.certificate, leader.key, 1, {}}) == "no error");

  CHECK(contains(complaint(ticket_of(rogue, worker)), "issued by /ca"));
  CHECK(contains(complaint(ticket_of(ca, issue(ca, node_role::worker, std::chrono::hours(-1)))), "expired on "));
  CHECK(contains(complaint(ticket_of(ca, leader)), "must be that of a worker"));
  CHECK(
      contains(complaint(leader_identity{ca.certificate, worker.certificate, worker.key, 1, {}}), "that of a leader"));
  CHECK(contains(complaint(ticket_of(ca, issue(ca, "worker", node_role::leader, day))), "purpose"));
  CHECK(contains(complaint(ticket_of(ca, {worker.certificate, leader.key})), "/key: must be the key"));

  join_ticket bad = ticket_of(ca, worker);
  bad.certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  CHECK(contains(complaint(bad), "/certificate: must be a certificate in PEM form"));
  bad = ticket_of(ca, worker);
  bad.ca.clear();
  CHECK(contains(complaint(bad), "/ca: must be a certificate"));
  bad = ticket_of(ca, worker);
  bad.host.clear();
  CHECK(contains(complaint(bad), "/host"));
  bad = ticket_of(ca, worker);
  bad.format = 2;
  CHECK(contains(complaint(bad), "/format"));
}

TEST_CASE("a secret in memory can be read by its place, by its owner only, as long as it is held") {
  std::string place;
  {
    const descriptor held = hold_secret("not for others");
    place = "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(held.get());
    struct stat about {};
    REQUIRE(stat(place.c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0600);
    CHECK(read_secret(place) == "not for others");
    CHECK(read_secret(place) == "not for others"); // by as many as come
  }
  CHECK(sentence(errc::settings, [&] { read_secret(place); }).starts_with(place));
}
