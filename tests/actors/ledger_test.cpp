// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/ledger.hpp"

#include <doctest/doctest.h>

using fugato::ledger;

TEST_CASE("tasks are handed out once each, in order") {
  ledger book{3, 1};
  CHECK(book.next() == 0U);
  CHECK(book.next() == 1U);
  CHECK(book.next() == 2U);
  CHECK_FALSE(book.next().has_value());
  CHECK_FALSE(book.finished());
  CHECK(book.settle(2));
  CHECK(book.settle(0));
  CHECK(book.settle(1));
  CHECK(book.finished());
}

TEST_CASE("a book without tasks is finished from the start") {
  ledger book{0, 1};
  CHECK(book.finished());
  CHECK_FALSE(book.next().has_value());
}

TEST_CASE("a failed attempt waits again, behind the others, until its attempts are used up") {
  ledger book{2, 2};
  CHECK(book.next() == 0U);
  CHECK(book.retry(0));
  CHECK(book.next() == 1U);
  CHECK(book.next() == 0U);
  CHECK_FALSE(book.retry(0));
  CHECK(book.retries() == 1);
  CHECK_FALSE(book.next().has_value());
  CHECK_FALSE(book.finished());
  CHECK(book.settle(1));
  CHECK(book.finished());
}

TEST_CASE("a late answer does not count") {
  ledger book{1, 3};
  CHECK(book.next() == 0U);
  CHECK(book.settle(0));
  CHECK_FALSE(book.settle(0));
  CHECK(book.retry(0)); // nothing to do for a settled task
  CHECK_FALSE(book.next().has_value());
  CHECK(book.finished());
}
