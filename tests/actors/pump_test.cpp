// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/pump.hpp"

#include "tests/actors/gate_fixture.hpp"

#include <doctest/doctest.h>

#include <csignal>

using namespace fugato;
using namespace fugato::gate_fixture;

TEST_CASE("what is written on one side of the gate is read on the other") {
  joined x;
  write_all(x.worker.get(), "hello");
  CHECK(read_all(x.leader.get(), 5) == "hello");
  write_all(x.leader.get(), "welcome");
  CHECK(read_all(x.worker.get(), 7) == "welcome");
  CHECK(soon([&] { return x.door.counts().bytes_out == 7; })); // counted when sent, maybe after it was read
  const gate_counts counts = x.door.counts();
  CHECK(counts.accepted == 1);
  CHECK(counts.alive == 1);
  CHECK(counts.pending == 0);
  CHECK(counts.bytes_in == 5);
}

TEST_CASE("a side that does not read stops the other's writing, and nothing is lost") {
  joined x;
  std::string sent(32 << 20, '\0');
  for (std::size_t i = 0; i < sent.size(); ++i)
    sent[i] = static_cast<char>((i * 2654435761U) >> 13);
  // both ways at once: writers block long before 32 MB, as nobody reads yet
  std::atomic<int> finished{0};
  std::thread up{[&] { write_all(x.worker.get(), sent), ++finished; }};
  std::thread down{[&] { write_all(x.leader.get(), sent), ++finished; }};
  CHECK(stalls([&] { return x.door.counts().bytes_in + x.door.counts().bytes_out; }));
  CHECK(finished == 0);

  std::string at_worker;
  std::thread reader{[&] { at_worker = read_all(x.worker.get(), sent.size()); }};
  const std::string at_leader = read_all(x.leader.get(), sent.size());
  reader.join(), up.join(), down.join();
  CHECK((at_leader == sent));
  CHECK((at_worker == sent));
}

TEST_CASE("last words are delivered, then the other side reads the end") {
  const std::string words(1 << 20, 'w');
  SUBCASE("of a worker that closes") {
    joined x;
    std::thread talker{[&] {
      write_all(x.worker.get(), words);
      x.worker = descriptor{};
    }};
    const std::string heard = read_all(x.leader.get());
    talker.join();
    CHECK((heard == words));
  }
  SUBCASE("of a leader that closes") {
    joined x;
    std::thread talker{[&] {
      write_all(x.leader.get(), words);
      descriptor gone = std::move(x.leader);
    }};
    const std::string heard = read_all(x.worker.get());
    talker.join();
    CHECK((heard == words));
    CHECK(soon([&] { return x.door.counts().alive == 0; }));
  }
  SUBCASE("of a worker that goes on listening") {
    joined x;
    write_all(x.worker.get(), "question");
    ::shutdown(x.worker.get(), SHUT_WR);
    CHECK(read_all(x.leader.get()) == "question");
    write_all(x.leader.get(), "answer");
    x.leader = descriptor{};
    CHECK(read_all(x.worker.get()) == "answer");
  }
  SUBCASE("of a worker whose connection object goes at once") {
    joined x;
    {
      dialled second{ours().ticket(x.door.port()), patience};
      const descriptor local{second.take_plain_fd()};
      write_all(local.get(), "short visit");
    }
    CHECK(read_all(x.inside.take().get()) == "short visit");
  }
}

TEST_CASE("a connection ends although one side neither reads nor closes") {
  joined x;
  std::atomic<bool> blocked{true};
  std::thread writer{[&] { write_all(x.leader.get(), std::string(64 << 20, 'x')), blocked = false; }};
  CHECK(stalls([&] { return x.door.counts().bytes_out; }));
  CHECK(blocked);
  SUBCASE("when the gate stops") {
    CHECK(prompt([&] { x.door.stop(); }));
  }
  SUBCASE("when the writer's side closes") {
    ::shutdown(x.leader.get(), SHUT_RDWR);
    CHECK(soon([&] { return x.door.counts().alive == 0; }));
  }
  writer.join();
  CHECK_FALSE(blocked);
}

TEST_CASE("a worker that vanishes without a word is noticed at once") {
  lobby inside;
  gate door{"127.0.0.1", 0, ours().own(), inside.entrance(), patient};
  CHECK(foreign_client(door.port(), TLS1_3_VERSION, &ours().worker)); // closes TCP without a word of TLS
  const descriptor local = inside.take();
  CHECK(prompt([&] { CHECK(read_all(local.get()).empty()); }));
}

TEST_CASE("writing to a peer that has left raises no SIGPIPE") {
  // the default action would end this process
  std::signal(SIGPIPE, SIG_DFL);
  for (int i = 0; i < 5; ++i) {
    lobby inside;
    gate door{"127.0.0.1", 0, ours().own(), inside.entrance(), patient};
    CHECK(foreign_client(door.port(), TLS1_3_VERSION, &ours().worker));
    const descriptor local = inside.take();
    write_all(local.get(), std::string(1 << 20, 'x'));
    read_all(local.get());
  }
}
