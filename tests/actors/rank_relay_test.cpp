// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/rank_relay.hpp"

#include "tests/actors/gate_fixture.hpp"

#include <doctest/doctest.h>

using namespace fugato;
using namespace fugato::gate_fixture;

namespace {

/// Relays of two ranks, and what a switchboard does between them.
class two_ranks {
public:
  two_ranks() {
    for (std::uint32_t i = 0; i < 2; ++i) {
      relays[i].awaited_at() = port_of(ports[i].get());
      relays[i].begin([this, i](link_piece x) {
        {
          const std::lock_guard hold{lock_};
          told_.push_back(x.kind);
          said_[i] += x.bytes.size();
        }
        if (cable_cut)
          return;
        x.from = i;
        relays[x.to].take(x);
      });
    }
  }
  ~two_ranks() {
    for (rank_relay& each : relays)
      each.stop();
  }

  /// A connection from one rank to the other, as the two see it.
  std::array<descriptor, 2> connect(std::uint32_t from) {
    std::array<descriptor, 2> result;
    result[0] = tcp(relays[from].doors()[1 - from]);
    REQUIRE(soon([&] {
      result[1] = descriptor{::accept4(ports[1 - from].get(), nullptr, nullptr, SOCK_CLOEXEC)};
      return static_cast<bool>(result[1]);
    }));
    return result;
  }
  std::size_t told(piece_kind kind) const {
    const std::lock_guard hold{lock_};
    return static_cast<std::size_t>(std::count(told_.begin(), told_.end(), kind));
  }
  std::size_t said(std::uint32_t by) const {
    const std::lock_guard hold{lock_};
    return said_[by];
  }

  std::array<descriptor, 2> ports{listen_at("127.0.0.1", 0), listen_at("127.0.0.1", 0)}; ///< of the ranks
  std::atomic<bool> cable_cut = false;

private:
  mutable std::mutex lock_;
  std::vector<piece_kind> told_;
  std::array<std::size_t, 2> said_{};

public:
  std::array<rank_relay, 2> relays{rank_relay{0, 3}, rank_relay{1, 3}};
};

} // namespace

TEST_CASE("ranks talk through their relays as over one connection, both ways, much and little") {
  two_ranks x;
  auto [zero, one] = x.connect(0);
  write_all(zero.get(), "hello");
  CHECK(read_all(one.get(), 5) == "hello");
  const std::string much(5'000'000, 'x');
  std::thread writer([&] { write_all(one.get(), much); });
  CHECK((read_all(zero.get(), much.size()) == much));
  writer.join();
  auto [caller, called] = x.connect(1); // the other way round
  write_all(called.get(), "yes?");
  CHECK(read_all(caller.get(), 4) == "yes?");
  CHECK(x.told(piece_kind::opens) == 2);
}

TEST_CASE("the end of what one rank says is told to the other, who may go on") {
  two_ranks x;
  auto [zero, one] = x.connect(0);
  write_all(zero.get(), "last words");
  ::shutdown(zero.get(), SHUT_WR);
  CHECK(read_all(one.get()) == "last words");
  write_all(one.get(), "and an answer");
  one = descriptor{};
  CHECK(read_all(zero.get()) == "and an answer");
  CHECK(soon([&] { return x.told(piece_kind::ends) == 2; }));
}

TEST_CASE("what was said before a relay stops is still passed on") {
  two_ranks x;
  auto [zero, one] = x.connect(0);
  const std::string text(300'000, 'y');
  std::thread writer([&, from = std::move(zero)] { write_all(from.get(), text); });
  CHECK((read_all(one.get(), text.size() / 2).size() == text.size() / 2));
  writer.join();
  x.relays[0].stop();
  CHECK(read_all(one.get()).size() == text.size() - text.size() / 2);
}

TEST_CASE("whoever waits at a link learns that it is over") {
  two_ranks x;
  auto [zero, one] = x.connect(0);
  SUBCASE("when the other's relay is gone") { x.relays[0].take({piece_kind::gone, 1, 0, 0, 0, 0, ""}); }
  SUBCASE("when all is cut") { x.relays[0].cut(); }
  SUBCASE("when its relay stops without waiting for it for ever") {
    CHECK(seconds_of([&] { x.relays[0].stop(); }) > 1);
    zero = descriptor{};
    CHECK(read_all(one.get()).empty());
    return;
  }
  CHECK(read_all(zero.get()).empty());
}

TEST_CASE("a rank that does not listen cannot be reached, and that is told") {
  two_ranks x;
  SUBCASE("for it listens no more") { x.ports[1] = descriptor{}; }
  SUBCASE("for it never did") { x.relays[1].awaited_at() = 0; }
  const descriptor caller = tcp(x.relays[0].doors()[1]);
  CHECK(read_all(caller.get()).empty());
  CHECK(soon([&] { return x.told(piece_kind::ends) > 0; }));
}

TEST_CASE("a rank that does not read costs a link's window of memory, and gets all in the end") {
  two_ranks x;
  auto [zero, one] = x.connect(0);
  const std::string much(40'000'000, 'z');
  std::thread writer([&] { write_all(zero.get(), much); });
  std::size_t before = 0;
  CHECK(soon([&] { // until nothing more is said
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    return std::exchange(before, x.said(0)) == x.said(0) && before > 0;
  }));
  CHECK(before >= rank_relay::window);
  CHECK(before < much.size() / 2);
  CHECK((read_all(one.get(), much.size()) == much));
  writer.join();
}

TEST_CASE("who says more than he may is not heard any more") {
  two_ranks x;
  auto [zero, one] = x.connect(0);
  const std::string piece(rank_relay::most_bytes, 'w');
  for (std::size_t i = 0; i < 200; ++i)
    x.relays[1].take({piece_kind::bytes, 0, 1, 0, 0, 0, piece});
  CHECK(read_all(one.get()).size() < 100 * piece.size()); // and then the end
}

TEST_CASE("pieces of links that are not, or are another's, change nothing") {
  two_ranks x;
  auto [zero, one] = x.connect(0);
  x.relays[1].take({piece_kind::bytes, 0, 1, 0, 99, 0, "no such link"});
  x.relays[1].take({piece_kind::bytes, 2, 1, 0, 0, 0, "rank 2 speaks as rank 0"});
  x.relays[1].take({piece_kind::ends, 2, 1, 0, 0, 0, ""});
  x.relays[1].take({piece_kind::gone, 2, 1, 0, 0, 0, ""});
  write_all(zero.get(), "still here");
  CHECK(read_all(one.get(), 10) == "still here");
}

TEST_CASE("a relay that was never begun leaves no descriptor") {
  const std::size_t before = open_descriptors();
  { const rank_relay x{0, 5}; }
  CHECK(open_descriptors() == before);
}
