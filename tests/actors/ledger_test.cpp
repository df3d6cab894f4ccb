// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/ledger.hpp"

#include <doctest/doctest.h>

#include <random>
#include <set>

using fugato::feeding;
using fugato::ledger;
using fugato::patience;
using tasks = std::vector<std::uint32_t>;

namespace {

ledger book_of(std::uint32_t count, const feeding& how, const patience& limits = {}) { return {count, how, limits}; }

} // namespace

TEST_CASE("tasks are handed out once each, in order, as far as credit goes") {
  ledger book = book_of(3, {1, 2, 0, false});
  const auto line = book.join();
  const auto first = book.next(line, 0);
  const auto second = book.next(line, 0);
  REQUIRE(first);
  REQUIRE(second);
  CHECK(first->tasks == tasks{0});
  CHECK(second->tasks == tasks{1});
  CHECK_FALSE(book.next(line, 0)); // no credit left
  book.close(first->id, 5);
  CHECK(book.settle(0));
  CHECK(book.next(line, 5)->tasks == tasks{2});
  CHECK(book.settle(2));
  CHECK_FALSE(book.finished());
  CHECK(book.settle(1));
  CHECK(book.finished());
}

TEST_CASE("a book without tasks is finished from the start") {
  ledger book = book_of(0, {});
  CHECK(book.finished());
  CHECK_FALSE(book.next(book.join(), 0));
}

TEST_CASE("batches are contiguous; the last is what is left") {
  ledger book = book_of(5, {2, 1, 0, false});
  CHECK(book.next(book.join(), 0)->tasks == tasks{0, 1});
  CHECK(book.next(book.join(), 0)->tasks == tasks{2, 3});
  CHECK(book.next(book.join(), 0)->tasks == tasks{4});
}

TEST_CASE("one at a time means one for all lines together") {
  ledger book = book_of(2, {1, 1, 1, false});
  const auto a = book.join();
  const auto b = book.join();
  const auto lease = book.next(a, 0);
  CHECK_FALSE(book.next(b, 0));
  book.close(lease->id, 1);
  CHECK(book.next(b, 1)->tasks == tasks{1});
}

TEST_CASE("a line of single use gets one lease in its life") {
  ledger book = book_of(2, {1, 1, 0, true});
  const auto a = book.join();
  const auto lease = book.next(a, 0);
  book.close(lease->id, 1);
  CHECK(book.spent(a));
  CHECK_FALSE(book.next(a, 1));
  CHECK(book.next(book.join(), 1)->tasks == tasks{1});
}

TEST_CASE("a failed attempt waits again, behind the others, until its attempts are used up") {
  ledger book = book_of(2, {1, 1, 0, false}, {2, 3, 0, 0});
  const auto line = book.join();
  auto lease = book.next(line, 0);
  book.close(lease->id, 0);
  CHECK(book.retry(0));
  lease = book.next(line, 0);
  CHECK(lease->tasks == tasks{1});
  book.close(lease->id, 0);
  CHECK(book.settle(1));
  lease = book.next(line, 0);
  CHECK(lease->tasks == tasks{0});
  book.close(lease->id, 0);
  CHECK_FALSE(book.retry(0));
  CHECK(book.retries() == 1);
  CHECK(book.finished());
}

TEST_CASE("a late answer does not count") {
  ledger book = book_of(1, {});
  book.next(book.join(), 0);
  CHECK(book.settle(0));
  CHECK_FALSE(book.settle(0));
  CHECK(book.retry(0)); // nothing to do for a settled task
  CHECK_FALSE(book.next(book.join(), 0));
}

TEST_CASE("a lost line's tasks go to others, each alone, so that only the guilty one is given up") {
  ledger book = book_of(3, {2, 2, 0, false}, {3, 3, 0, 0});
  auto line = book.join();
  CHECK(book.next(line, 0)->tasks == tasks{0, 1}); // task 1 kills whoever holds it
  CHECK(book.lost(line).empty());
  CHECK_FALSE(book.next(line, 0)); // gone is gone

  line = book.join();
  auto lease = book.next(line, 0);
  CHECK(lease->tasks == tasks{0}); // a suspect, alone
  CHECK_FALSE(book.next(line, 0)); // and nothing beside it
  book.close(lease->id, 0);
  CHECK(book.settle(0));
  CHECK(book.next(line, 0)->tasks == tasks{1});
  CHECK(book.lost(line).empty());

  line = book.join();
  CHECK(book.next(line, 0)->tasks == tasks{1});
  CHECK(book.lost(line) == tasks{1}); // the third line that it cost
  line = book.join();
  CHECK(book.next(line, 0)->tasks == tasks{2});
  CHECK(book.settle(2));
  CHECK(book.finished());
}

TEST_CASE("a line that exceeds its deadline is overdue, in proportion to what it holds") {
  ledger book = book_of(4, {2, 2, 0, false}, {3, 3, 100, 0});
  const auto line = book.join();
  book.next(line, 0);
  CHECK(book.overdue(200).empty());
  CHECK(book.overdue(201) == std::vector<ledger::line_id>{line});
  book.next(line, 0); // two leases share the line
  CHECK(book.overdue(400).empty());
  CHECK(book.overdue(401) == std::vector<ledger::line_id>{line});
}

TEST_CASE("lines of one process die together, so a suspect has the whole process for itself") {
  ledger book = book_of(5, {1, 1, 0, false}, {3, 3, 0, 0});
  auto a = book.join();
  auto b = book.join_beside(a);
  book.next(a, 0);
  book.next(b, 0); // task 1 kills whoever holds it
  CHECK(book.lost(a).empty());
  CHECK(book.lost(b).empty());

  for (int deaths = 1; deaths < 3; ++deaths) {
    a = book.join();
    b = book.join_beside(a);
    if (deaths == 1) {
      const auto lease = book.next(a, 0);
      CHECK(lease->tasks == tasks{0});
      CHECK_FALSE(book.next(b, 0)); // or it would be blamed with task 0
      book.close(lease->id, 1);
      CHECK(book.settle(0));
    }
    CHECK(book.next(b, 1)->tasks == tasks{1});
    CHECK_FALSE(book.next(a, 1));
    CHECK(book.lost(a).empty());
    CHECK(book.lost(b) == (deaths == 2 ? tasks{1} : tasks{}));
  }
  a = book.join();
  b = book.join_beside(a);
  CHECK(book.next(a, 2)->tasks == tasks{2});
  CHECK(book.next(b, 2)->tasks == tasks{3}); // innocent ones side by side, as before
}

TEST_CASE("a suspect waits until a process has nothing else in hand") {
  ledger book = book_of(3, {1, 1, 0, false}, {3, 3, 0, 0});
  const auto gone = book.join();
  const auto a = book.join();
  const auto b = book.join_beside(a);
  book.next(gone, 0);
  const auto first = book.next(a, 0);
  const auto second = book.next(b, 0);
  book.lost(gone);
  book.close(first->id, 1);
  book.settle(1);
  CHECK_FALSE(book.next(a, 1));
  book.close(second->id, 1);
  book.settle(2);
  CHECK(book.next(a, 1)->tasks == tasks{0});
}

TEST_CASE("what a line held that was not killed by it is acquitted, but not for ever") {
  ledger book = book_of(1, {1, 1, 0, false}, {3, 2, 0, 0});
  for (int times = 0; times < 2; ++times) {
    const auto line = book.join();
    book.next(line, 0);
    CHECK(book.lost(line).empty());
    book.acquit(line);
    book.acquit(line); // once for a loss
  }
  auto line = book.join();
  book.next(line, 0);
  CHECK(book.lost(line).empty());
  book.acquit(line);
  line = book.join();
  book.next(line, 0);
  CHECK(book.lost(line) == tasks{0});
}

TEST_CASE("a retired line gets no more; what it gives back goes to others first, and nobody is blamed") {
  ledger book = book_of(4, {2, 1, 0, false}, {3, 1, 0, 0});
  const auto a = book.join();
  const auto lease = book.next(a, 0);
  CHECK(lease->tasks == tasks{0, 1});
  CHECK(book.held(a) == tasks{0, 1});
  book.retire(a);
  CHECK_FALSE(book.idle(a));
  book.settle(0);
  CHECK(book.held(a) == tasks{1});
  book.release(a);
  CHECK(book.idle(a));
  CHECK_FALSE(book.next(a, 0));
  const auto b = book.join();
  CHECK(book.next(b, 0)->tasks == tasks{1, 2}); // one loss would have been too many
}

TEST_CASE("a lease's deadline counts from when the line could begin with it") {
  ledger book = book_of(2, {1, 2, 0, false}, {3, 3, 100, 0});
  const auto line = book.join();
  const auto first = book.next(line, 0);
  book.next(line, 0);
  book.close(first->id, 150); // within what two may take
  book.settle(0);
  CHECK(book.overdue(250).empty());
  CHECK(book.overdue(251) == std::vector<ledger::line_id>{line});
}

TEST_CASE("at the end, an idle line doubles the slowest task once") {
  ledger book = book_of(2, {1, 1, 0, false}, {3, 3, 0, 1000});
  const auto fast = book.join();
  const auto slow = book.join();
  const auto quick = book.next(fast, 0);
  book.next(slow, 0);
  book.close(quick->id, 10);
  book.settle(0);
  CHECK_FALSE(book.next(fast, 900)); // not suspicious yet
  CHECK(book.next(fast, 1001)->tasks == tasks{1});
  CHECK(book.doubled() == 1);
  CHECK_FALSE(book.next(book.join(), 5000)); // once
  CHECK(book.settle(1));
  CHECK_FALSE(book.settle(1)); // the other answer is late
}

TEST_CASE("a task whose double goes on is not handed out a third time when one line is lost") {
  ledger book = book_of(2, {1, 1, 0, false}, {3, 3, 0, 1000});
  const auto a = book.join();
  const auto b = book.join();
  const auto quick = book.next(a, 0);
  book.next(b, 0);
  book.close(quick->id, 10);
  book.settle(0);
  CHECK(book.next(a, 2000)->tasks == tasks{1});
  CHECK(book.lost(b).empty());
  CHECK_FALSE(book.next(book.join(), 2000));
  book.lost(a);
  CHECK(book.next(book.join(), 2000)->tasks == tasks{1});
}

TEST_CASE("once withdrawn, nothing is handed out, and what is in flight may still come back") {
  ledger book = book_of(4, {1, 1, 0, false}, {});
  const auto a = book.join();
  const auto held = book.next(a, 0);
  CHECK(book.withdraw(false) == tasks{1, 2, 3});
  CHECK_FALSE(book.next(book.join(), 0));
  CHECK_FALSE(book.finished());
  book.close(held->id, 1);
  CHECK(book.settle(0));
  CHECK(book.finished());
}

TEST_CASE("a lost line's task goes with the withdrawal that follows, as does one that is not waited for") {
  ledger book = book_of(2, {1, 1, 0, false}, {3, 3, 0, 0});
  const auto a = book.join();
  const auto b = book.join();
  book.next(a, 0);
  book.next(b, 0);
  CHECK(book.withdraw(false).empty());
  book.lost(a);
  CHECK(book.withdraw(false) == tasks{0});
  CHECK(book.withdraw(true) == tasks{1});
  CHECK(book.finished());
  CHECK_FALSE(book.settle(1)); // its answer is late
}

TEST_CASE("whatever is lost, retried or late, every task is settled exactly once") {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    std::mt19937 dice{seed};
    const auto below = [&](std::uint32_t n) { return static_cast<std::uint32_t>(dice() % n); };
    const std::uint32_t count = 1 + below(60);
    ledger book = book_of(count, {1 + below(5), 1 + below(3), below(4), below(4) == 0}, {2, 3, 0, below(2) * 50});
    std::vector<ledger::line_id> alive;
    std::vector<std::pair<ledger::line_id, ledger::lease>> flying;
    std::vector<int> settled(count, 0);
    std::uint64_t now = 0;
    for (int step = 0; !book.finished() && step < 20000; ++step, now += below(30)) {
      if (alive.size() < 3)
        alive.push_back(!alive.empty() && below(2) == 0 ? book.join_beside(alive.front()) : book.join());
      const auto line = alive[below(static_cast<std::uint32_t>(alive.size()))];
      const auto what = below(10);
      if (what < 5) {
        if (auto lease = book.next(line, now))
          flying.emplace_back(line, *lease);
        else if (book.spent(line))
          std::erase(alive, line);
      } else if (what < 9 && !flying.empty()) {
        const auto at = below(static_cast<std::uint32_t>(flying.size()));
        const auto [owner, lease] = flying[at];
        flying.erase(flying.begin() + static_cast<std::ptrdiff_t>(at));
        book.close(lease.id, now);
        for (const auto task : lease.tasks)
          if (below(10) == 0)
            settled[task] += book.retry(task) ? 0 : 1;
          else
            settled[task] += book.settle(task) ? 1 : 0;
      } else if (step > 100 && below(20) == 0) {
        for (const auto task : book.withdraw(below(2) == 0))
          ++settled[task];
      } else if (below(3) == 0) {
        book.release(line);
        std::erase(alive, line);
      } else {
        for (const auto task : book.lost(line))
          ++settled[task];
        if (below(4) == 0)
          book.acquit(line);
        std::erase(alive, line); // its leases may still answer, late
      }
    }
    for (const auto task : book.withdraw(true))
      ++settled[task];
    CHECK(book.finished());
    for (const int times : settled)
      CHECK(times == 1);
  }
}
