// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/tracker_protocol.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace fugato;
using phase = tracker_protocol::phase;

namespace {

std::string number(int x) {
  std::string result;
  for (unsigned shift = 0; shift < 32; shift += 8)
    result += static_cast<char>(static_cast<unsigned>(x) >> shift);
  return result;
}

std::string text(const std::string& x) { return number(static_cast<int>(x.size())) + x; }

std::string introduction(const std::string& name, const std::string& command) {
  return number(0xff99) + number(-1) + number(-1) + text(name) + text(command);
}

/// Reads what the tracker has sent.
struct reader {
  std::string bytes;
  std::size_t at = 0;

  int number() {
    REQUIRE(bytes.size() >= at + 4);
    unsigned result = 0;
    for (unsigned i = 0; i < 4; ++i)
      result |= unsigned{static_cast<unsigned char>(bytes[at + i])} << (8 * i);
    at += 4;
    return static_cast<int>(result);
  }
  std::string text() {
    const auto size = static_cast<std::size_t>(number());
    at += size;
    REQUIRE(bytes.size() >= at);
    return bytes.substr(at - size, size);
  }
  bool empty() const { return at == bytes.size(); }
};

std::vector<std::string> names(int ranks) {
  std::vector<std::string> result;
  for (int i = 0; i < ranks; ++i)
    result.push_back("n" + std::to_string(i));
  return result;
}

/// A tracker with the other ends of its connections.
struct wires {
  explicit wires(int ranks)
      : ways(std::make_shared<rank_ways>(static_cast<std::uint32_t>(ranks))), tracker(names(ranks), ways) {}

  void open(unsigned id) { tracker.opened(id); }
  /// In pieces, as they come from a network.
  void send(unsigned id, const std::string& bytes, std::size_t piece = 1000) {
    for (std::size_t i = 0; i < bytes.size(); i += piece)
      tracker.received(id, std::string_view(bytes).substr(i, piece));
    collect();
  }
  void collect() {
    for (auto& x : tracker.take_actions()) {
      in[x.to].bytes += x.bytes;
      if (x.close)
        closed.insert(x.to);
    }
  }
  void start(unsigned id, const std::string& name, std::size_t piece = 1000) {
    open(id);
    send(id, introduction(name, "start"), piece);
    CHECK(in[id].number() == 0xff99);
  }

  std::shared_ptr<rank_ways> ways;
  tracker_protocol tracker;
  std::map<unsigned, reader> in;
  std::set<unsigned> closed;
};

struct place {
  int rank, parent, world, previous, next;
  std::set<int> tree;
  std::vector<int> connect;
  int await = 0;
};

/// Goes through what a rank has to do once it is its turn.
place link(wires& x, unsigned id, int port, std::size_t piece = 1000) {
  reader& in = x.in[id];
  place result{};
  result.rank = in.number();
  result.parent = in.number();
  result.world = in.number();
  for (int n = in.number(); n > 0; --n)
    result.tree.insert(in.number());
  result.previous = in.number();
  result.next = in.number();
  CHECK(in.empty());
  x.send(id, number(0), piece); // no links yet
  const int connect = in.number();
  result.await = in.number();
  for (int i = 0; i < connect; ++i) {
    CHECK(in.text() == "127.0.0.1");
    const int peer_port = in.number();
    result.connect.push_back(in.number());
    CHECK(peer_port == 9000 + result.connect.back());
  }
  CHECK(in.empty());
  x.send(id, number(0), piece); // no errors
  x.send(id, number(port), piece);
  CHECK(x.closed.contains(id));
  return result;
}

} // namespace

TEST_CASE("ranks have the places of their names, in whatever order and pieces they come") {
  for (const std::size_t piece : {1U, 3U, 1000U}) {
    wires x{3};
    x.start(7, "n2", piece);
    x.start(8, "n0", piece);
    CHECK(x.in[8].empty()); // until all are here
    CHECK(x.tracker.at() == phase::gathering);
    x.start(9, "n1", piece);
    CHECK(x.tracker.at() == phase::linking);
    CHECK(x.in[7].empty()); // not its turn
    CHECK(link(x, 8, 9000, piece).rank == 0);
    CHECK(link(x, 9, 9001, piece).rank == 1);
    CHECK(link(x, 7, 9002, piece).rank == 2);
    CHECK(x.tracker.at() == phase::running);
    CHECK_FALSE(x.tracker.expire(1)); // time is over for linking only
  }
}

TEST_CASE("tree and ring are whole, and of two neighbours one connects and one awaits it") {
  for (int world = 1; world <= 9; ++world) {
    CAPTURE(world);
    wires x{world};
    for (int i = 0; i < world; ++i)
      x.start(static_cast<unsigned>(i), "n" + std::to_string(i));
    std::set<std::pair<int, int>> wanted;
    std::set<std::pair<int, int>> made;
    std::vector<int> awaited(static_cast<std::size_t>(world));
    for (int i = 0; i < world; ++i) {
      const place p = link(x, static_cast<unsigned>(i), 9000 + i);
      CHECK(p.rank == i);
      CHECK(p.world == world);
      CHECK(p.parent == (i == 0 ? -1 : (i + 1) / 2 - 1));
      CHECK(p.next == (world == 1 ? -1 : (i + 1) % world));
      CHECK(p.previous == (world == 1 ? -1 : (i + world - 1) % world));
      auto near = p.tree;
      near.insert({p.previous, p.next});
      for (const int j : near)
        if (j >= 0)
          wanted.insert(std::minmax(i, j));
      for (const int j : p.connect) {
        CHECK(j < i); // who has told its port
        CHECK(made.insert(std::minmax(i, j)).second);
        --awaited[static_cast<std::size_t>(j)];
      }
      awaited[static_cast<std::size_t>(i)] += p.await;
    }
    CHECK(made == wanted);
    CHECK(std::all_of(awaited.begin(), awaited.end(), [](int n) { return n == 0; }));
  }
}

TEST_CASE("a rank with doors is sent to these, the others to ports") {
  wires x{3};
  x.ways->has_doors(2, {7000, 7001, 7002, 7003});
  for (int i = 0; i < 3; ++i)
    x.start(static_cast<unsigned>(i), "n" + std::to_string(i));
  link(x, 0, 9000);
  CHECK(x.ways->between(1, 0) == 9000);
  link(x, 1, 9001);
  reader& in = x.in[2];
  for (int i = 0; i < 3; ++i)
    in.number(); // rank, parent, world
  for (int n = in.number() + 2; n > 0; --n)
    in.number(); // neighbours
  x.send(2, number(0));
  REQUIRE(in.number() == 2);
  CHECK(in.number() == 0); // none to await
  for (const int peer : {0, 1}) {
    CHECK(in.text() == "127.0.0.1");
    CHECK(in.number() == 7000 + peer);
    CHECK(in.number() == peer);
  }
}

TEST_CASE("strangers are refused and disturb nobody") {
  wires x{2};
  x.start(0, "n0");
  const auto refused = [&](unsigned id, const std::string& bytes) {
    x.open(id);
    x.send(id, bytes);
    return x.closed.contains(id);
  };
  CHECK(refused(10, number(0x1234)));
  CHECK(refused(11, introduction("n7", "start")));
  CHECK(refused(12, introduction("n1", "recover")));
  CHECK(refused(13, introduction("n0", "start"))); // is here already
  CHECK(refused(14, number(0xff99) + number(0) + number(0) + number(-5)));
  CHECK(refused(15, number(0xff99) + number(0) + number(0) + number(1 << 30)));
  CHECK(refused(16, introduction("n0", "print") + number(-1)));
  x.open(17);
  x.tracker.closed(17);
  for (unsigned id = 100; id < 200; ++id)
    x.open(id); // and say nothing
  x.collect();
  CHECK(x.closed.contains(199));
  for (unsigned id = 100; id < 200; ++id)
    x.tracker.closed(id);
  x.start(1, "n1");
  CHECK(link(x, 0, 9000).rank == 0);
  CHECK(link(x, 1, 9001).rank == 1);
  CHECK(x.tracker.at() == phase::running);
  CHECK(x.tracker.take_messages().empty());
}

TEST_CASE("a rank that goes away before all are linked ends the attempt for all") {
  for (const bool all_here : {false, true}) {
    wires x{3};
    x.start(0, "n0");
    x.start(1, "n1");
    if (all_here)
      x.start(2, "n2");
    x.tracker.closed(1);
    x.collect();
    CHECK(x.tracker.at() == phase::failed);
    CHECK(x.tracker.problem() == "rank 1 must stay until all ranks are linked, but went away");
    CHECK(x.closed.contains(0));
    x.open(5);
    x.collect();
    CHECK(x.closed.contains(5));
  }
}

TEST_CASE("who has not come in time is named") {
  wires x{3};
  x.start(0, "n1");
  CHECK(x.tracker.expire(2.5));
  x.collect();
  CHECK(x.tracker.problem() == "all 3 ranks must come within 2.5 s, but rank 0 and rank 2 did not");
  CHECK(x.closed.contains(0));
  wires y{2};
  y.start(0, "n0");
  y.start(1, "n1");
  link(y, 0, 9000);
  CHECK(y.tracker.expire(60));
  CHECK(y.tracker.problem() == "all ranks must be linked within 60 s, but rank 1 was not");
}

TEST_CASE("a rank may try again to reach its neighbours, but not for ever") {
  wires x{2};
  x.start(0, "n0");
  x.start(1, "n1");
  link(x, 0, 9000);
  for (int i = 0; i < 4; ++i)
    x.send(1, number(0) + number(1));
  CHECK(x.tracker.at() == phase::linking);
  x.send(1, number(0) + number(1));
  CHECK(x.tracker.at() == phase::failed);
  CHECK(x.tracker.problem() == "rank 1 must reach rank 0, but failed 5 times");
}

TEST_CASE("what ranks print is passed on whole, and all are done when each has said so") {
  wires x{2};
  const std::string long_text(100'000, 'x');
  x.open(5);
  x.send(5, introduction("n1", "print") + text(long_text), 777);
  CHECK(x.closed.contains(5));
  const auto said = x.tracker.take_messages();
  REQUIRE(said.size() == 1);
  CHECK(said[0].rank == 1);
  CHECK((said[0].text == long_text));
  x.start(0, "n0");
  x.start(1, "n1");
  link(x, 0, 9000);
  link(x, 1, 9001);
  for (unsigned id : {20U, 21U}) {
    CHECK(x.tracker.at() == phase::running);
    x.open(id);
    x.send(id, introduction("n" + std::to_string(id - 20), "shutdown"));
    CHECK(x.closed.contains(id));
  }
  CHECK(x.tracker.at() == phase::over);
}
