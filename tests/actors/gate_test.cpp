// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/gate.hpp"

#include "tests/actors/gate_fixture.hpp"

#include <doctest/doctest.h>

#include <ctime>
#include <memory>
#include <optional>
#include <sys/resource.h>

using namespace fugato;
using namespace fugato::gate_fixture;

TEST_CASE("who cannot prove to be a worker is refused, with a reason") {
  turnstile inside;
  leader_identity own = ours().own();
  own.excluded = {"node7", "node8"};
  gate door{"127.0.0.1", 0, own, inside.entrance(), patient};
  const std::uint16_t port = door.port();
  const authority rogue = make_authority(day);
  const auto refused_at = [&](std::uint64_t gate_counts::*reason) {
    return soon([&] { return door.counts().*reason == 1; });
  };

  SUBCASE("no certificate") {
    CHECK_FALSE(foreign_client(port, TLS1_3_VERSION, nullptr));
    CHECK(refused_at(&gate_counts::no_certificate));
  }
  SUBCASE("a certificate of another authority") {
    const identity stranger = issue(rogue, node_role::worker, day);
    const std::string why = refusal(errc::settings, ours().ticket(port, stranger));
    CHECK(contains(why, "127.0.0.1:" + std::to_string(port)));
    CHECK(contains(why, "unknown ca"));
    CHECK(refused_at(&gate_counts::untrusted));
  }
  SUBCASE("an expired certificate") {
    const identity late = issue(ours().ca, node_role::worker, -1h);
    CHECK(contains(refusal(errc::settings, ours().ticket(port, late)), "certificate expired"));
    CHECK(refused_at(&gate_counts::untrusted));
  }
  SUBCASE("a leader's certificate") {
    CHECK(contains(refusal(errc::settings, ours().ticket(port, ours().leader)), "refused it: "));
    CHECK(refused_at(&gate_counts::untrusted));
  }
  SUBCASE("a worker's certificate by usage but not by name") {
    const identity guest = issue(ours().ca, "guest", node_role::worker, day);
    CHECK(contains(refusal(errc::settings, ours().ticket(port, guest)), "refused it: "));
    CHECK(refused_at(&gate_counts::wrong_role));
  }
  SUBCASE("a node that is excluded, by an earlier certificate too") {
    const identity node = issue(ours().ca, node_role::worker, day, "node7");
    CHECK(contains(refusal(errc::settings, ours().ticket(port, node)), "certificate revoked"));
    CHECK(refused_at(&gate_counts::excluded));
  }
  SUBCASE("a certificate that a worker issued") {
    const identity forged = issue({ours().worker.certificate, ours().worker.key}, node_role::worker, day);
    CHECK(contains(refusal(errc::settings, ours().ticket(port, forged)), "refused it: "));
    CHECK(refused_at(&gate_counts::untrusted));
  }
  SUBCASE("TLS 1.2 with a good certificate") {
    CHECK_FALSE(foreign_client(port, TLS1_2_VERSION, &ours().worker));
    CHECK(refused_at(&gate_counts::not_tls));
  }
  SUBCASE("the header that crashes a bare CAF node") {
    const descriptor socket = tcp(port);
    write_all(socket.get(), std::string(1, '\1') + std::string(31, '\0'));
    CHECK(refused_at(&gate_counts::not_tls));
    read_all(socket.get()); // up to the end: the gate has closed
  }
  CHECK(inside.size() == 0);
  CHECK(door.counts().accepted == 0);
  CHECK(door.counts().refused() == 1);
  // and the gate goes on, also for a node with a name
  const dialled named{ours().ticket(port, issue(ours().ca, node_role::worker, day, "node6")), patience};
  const dialled good{ours().ticket(port), patience};
  CHECK(door.counts().accepted == 2);
  CHECK(soon([&] { return inside.size() == 2; }));
}

TEST_CASE("the same foreign client with a worker's certificate and TLS 1.3 gets in") {
  lobby inside;
  gate door{"127.0.0.1", 0, ours().own(), inside.entrance(), patient};
  CHECK(foreign_client(door.port(), TLS1_3_VERSION, &ours().worker));
}

TEST_CASE("a silent connection keeps nobody waiting") {
  turnstile inside;
  gate door{"127.0.0.1", 0, ours().own(), inside.entrance(), patient};
  const descriptor silent = tcp(door.port());
  REQUIRE(soon([&] { return door.counts().pending == 1; }));
  const dialled good{ours().ticket(door.port()), patience};
  CHECK(door.counts().accepted == 1);
  CHECK(door.counts().pending == 1);
  CHECK(door.counts().timed_out == 0);
}

TEST_CASE("a silent connection is cut at the limit") {
  turnstile inside;
  gate door{"127.0.0.1", 0, ours().own(), inside.entrance(), {.handshake = handshake_limit}};
  const auto start = steady_clock::now();
  const descriptor silent = tcp(door.port());
  CHECK(read_all(silent.get()).empty());
  CHECK(steady_clock::now() - start >= handshake_limit);
  CHECK(soon([&] { return door.counts().timed_out == 1; }));
}

TEST_CASE("a connection that trickles bytes is cut at the limit") {
  turnstile inside;
  gate door{"127.0.0.1", 0, ours().own(), inside.entrance(), {.handshake = handshake_limit}};
  const descriptor slow = tcp(door.port());
  // the start of a ClientHello of 16,383 bytes, which at this pace takes minutes
  write_all(slow.get(), {"\x16\x03\x01\x3f\xff\x01\x00\x3f\xfb\x03\x03", 11});
  CHECK(soon([&] {
    write_all(slow.get(), "x");
    std::this_thread::sleep_for(10ms);
    return door.counts().timed_out == 1;
  }));
}

TEST_CASE("100 idle connections do not lock a worker out") {
  turnstile inside;
  gate door{"127.0.0.1", 0, ours().own(), inside.entrance(), patient};
  std::vector<descriptor> idle;
  for (int i = 0; i < 100; ++i)
    idle.push_back(tcp(door.port()));
  const dialled good{ours().ticket(door.port()), patience};
  CHECK(door.counts().accepted == 1);
  CHECK(door.counts().timed_out == 0); // the oldest have given way
  CHECK(door.counts().crowded >= 36);
  CHECK(door.counts().pending <= 64);
}

TEST_CASE("when all places are taken a worker is told so, and let in when one is free") {
  lobby inside;
  gate door{"127.0.0.1", 0, ours().own(), inside.entrance(), {.alive = 2, .handshake = patience}};
  const dialled first{ours().ticket(door.port()), patience};
  std::optional<dialled> second;
  second.emplace(ours().ticket(door.port()), patience);
  CHECK(contains(refusal(errc::read_error, ours().ticket(door.port())), "all places are taken"));
  CHECK(door.counts().crowded == 1);
  second.reset();
  CHECK(soon([&] { return door.counts().alive == 1; }));
  const dialled third{ours().ticket(door.port()), patience};
  CHECK(door.counts().accepted == 3);
  inside.clear();
}

TEST_CASE("the gate says why it cannot listen") {
  lobby inside;
  const auto at = [&](const std::string& host, std::uint16_t port) {
    return sentence(errc::settings, [&] { const gate door(host, port, ours().own(), inside.entrance()); });
  };
  const gate door{"127.0.0.1", 0, ours().own(), inside.entrance()};
  const std::string taken = at("127.0.0.1", door.port());
  CHECK(contains(taken, "127.0.0.1:" + std::to_string(door.port())));
  CHECK(contains(taken, "in use"));
  CHECK(contains(at("192.0.2.1", 0), "must be an address of this machine"));
  CHECK(contains(at("not a host", 0), "not a host"));
  CHECK(contains(at("", 0), "empty"));
  CHECK(at("127.0.0.1", 0) == "no error"); // names are up to the machine: a bare one knows none
  CHECK(contains(
      sentence(errc::settings,
               [&] {
                 const gate broken("127.0.0.1", 0, {ours().ca.certificate, "x", "y", 1, {}}, inside.entrance());
               }),
      "PEM"));
  CHECK(contains(sentence(errc::settings,
                          [&] {
                            const gate mixed(
                                "127.0.0.1", 0,
                                {ours().ca.certificate, ours().leader.certificate, ours().worker.key, 1, {}},
                                inside.entrance());
                          }),
                 "belong together"));
}

TEST_CASE("IPv6 works where the machine has it") {
  lobby inside;
  std::optional<gate> door;
  try {
    door.emplace("::1", std::uint16_t{0}, ours().own(), inside.entrance(), patient);
  } catch (const error&) {
    MESSAGE("no IPv6 here");
    return;
  }
  join_ticket ticket = ours().ticket(door->port());
  ticket.host = "::1";
  dialled link{ticket, patience};
  const descriptor local{link.take_plain_fd()};
  write_all(local.get(), "six");
  CHECK(read_all(inside.take().get(), 3) == "six");
  CHECK(link.take_plain_fd() == -1);
}

TEST_CASE("a gate goes promptly, with peers alive, silent and half-way in, and leaves no descriptor behind") {
  ours();
  const std::size_t before = open_descriptors();
  for (int round = 0; round < 2; ++round) {
    lobby inside;
    std::optional<gate> door;
    door.emplace("127.0.0.1", std::uint16_t{0}, ours().own(), inside.entrance(), patient);
    std::vector<std::unique_ptr<dialled>> links;
    for (int i = 0; i < 8; ++i)
      links.push_back(std::make_unique<dialled>(ours().ticket(door->port()), patience));
    const descriptor silent = tcp(door->port());
    CHECK(soon([&] { return door->counts().pending == 1; }));
    CHECK(prompt([&] { door.reset(); }));
    const descriptor local{links.front()->take_plain_fd()};
    CHECK(read_all(local.get()).empty());
    CHECK(prompt([&] { links.clear(); }));
  }
  CHECK(open_descriptors() == before);
}

TEST_CASE("without free descriptors the gate waits, without spinning, and then goes on") {
  lobby inside;
  gate door{"127.0.0.1", 0, ours().own(), inside.entrance(), patient};
  const descriptor waiting{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  const std::size_t before = open_descriptors();
  sockaddr_storage where{};
  socklen_t size = sizeof where;
  {
    const descriptor known = tcp(door.port());
    REQUIRE(::getpeername(known.get(), reinterpret_cast<sockaddr*>(&where), &size) == 0);
  }
  REQUIRE(soon([&] { return door.counts().gave_up == 1 && open_descriptors() == before; }));
  rlimit old{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &old) == 0);
  const int lowest = ::dup(waiting.get());
  ::close(lowest);
  rlimit none = old;
  none.rlim_cur = static_cast<rlim_t>(lowest);
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
  const int connected = ::connect(waiting.get(), reinterpret_cast<sockaddr*>(&where), size);
  const std::clock_t start = std::clock();
  std::this_thread::sleep_for(250ms);
  const double spent = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  const std::uint64_t pending = door.counts().pending;
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &old) == 0);
  CHECK(connected == 0);
  CHECK(pending == 0);
  CHECK(spent < 0.1);
  CHECK(soon([&] { return door.counts().pending == 1; }));
}
