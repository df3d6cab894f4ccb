// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/dialled.hpp"

#include "tests/actors/gate_fixture.hpp"

#include <doctest/doctest.h>

using namespace fugato;
using namespace fugato::gate_fixture;

TEST_CASE("a worker trusts no one but its leader") {
  turnstile inside;
  SUBCASE("a worker's certificate at the gate") {
    const leader_identity mask{ours().ca.certificate, ours().worker.certificate, ours().worker.key};
    gate door{"127.0.0.1", 0, mask, inside.entrance(), patient};
    CHECK(contains(refusal(errc::settings, ours().ticket(door.port())), "ticket's authority"));
    CHECK(soon([&] { return door.counts().gave_up == 1; }));
  }
  SUBCASE("another name at the gate") {
    const identity who = issue(ours().ca, "manager", node_role::leader, day);
    gate door{"127.0.0.1", 0, {ours().ca.certificate, who.certificate, who.key}, inside.entrance(), patient};
    CHECK(contains(refusal(errc::settings, ours().ticket(door.port())), "names another role"));
  }
  SUBCASE("a leader of another authority") {
    const authority rogue = make_authority(day);
    const identity who = issue(rogue, node_role::leader, day);
    gate door{"127.0.0.1", 0, {rogue.certificate, who.certificate, who.key}, inside.entrance(), patient};
    CHECK(contains(refusal(errc::settings, ours().ticket(door.port())), "ticket's authority"));
  }
  SUBCASE("something that is silent") {
    const descriptor silent = listen_at("127.0.0.1", 0);
    const join_ticket ticket = ours().ticket(port_of(silent.get()));
    CHECK(contains(sentence(errc::read_error, [&] { const dialled link(ticket, 200ms); }), "silence"));
  }
  SUBCASE("nothing at all") {
    std::uint16_t port = 0;
    {
      const descriptor gone = listen_at("127.0.0.1", 0);
      port = port_of(gone.get());
    }
    CHECK(contains(refusal(errc::read_error, ours().ticket(port)), "Connection refused"));
  }
  SUBCASE("an unknown host") {
    join_ticket ticket = ours().ticket(1);
    ticket.host = "not a host";
    CHECK(contains(refusal(errc::settings, ticket), "not a host"));
  }
  CHECK(inside.size() == 0);
}
