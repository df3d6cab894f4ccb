// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/collective.hpp"

#include "tests/errors.hpp"
#include "tests/models/blobs.hpp"

#include <doctest/doctest.h>

using namespace fugato;

TEST_CASE("a checkpoint travels as a text") {
  const checkpoint x = checkpoint_from(to_message({20, 100, "{\n}"}));
  CHECK(x.done == 20);
  CHECK(x.of == 100);
  CHECK(x.model == "{\n}");
  for (const char* wrong : {"", "20", "20/", "20/100", "/\n", "a/b\n{}", "20/100{}", "-1/3\n"}) {
    CAPTURE(wrong);
    CHECK(sentence(errc::bad_model, [&] { checkpoint_from(wrong); }).starts_with("a checkpoint must begin"));
  }
}

TEST_CASE("chunks of rows are dealt to the ranks in turn") {
  dataset table = blobs();
  for (std::size_t i = 0; i < table.rows(); ++i)
    table.labels[i] = static_cast<std::uint32_t>(i); // to know them again
  table.labels.resize(23);
  table.values.resize(23 * table.width());
  table.tracks.clear();
  table.chunks.clear();
  using rows = std::vector<std::uint32_t>;
  CHECK(shard_of(table, 0, 2, 5).labels == rows{0, 1, 2, 3, 4, 10, 11, 12, 13, 14, 20, 21, 22});
  CHECK(shard_of(table, 1, 2, 5).labels == rows{5, 6, 7, 8, 9, 15, 16, 17, 18, 19});
  CHECK(shard_of(table, 2, 3, 20).rows() == 0); // there are two chunks
}

TEST_CASE("each row is in the share of exactly one rank, with its label") {
  const dataset table = blobs();
  for (const std::uint32_t ranks : {1U, 2U, 7U}) {
    std::size_t rows = 0;
    for (std::uint32_t rank = 0; rank < ranks; ++rank) {
      const samples share = shard_of(table, rank, ranks);
      REQUIRE(share.labels.size() == share.rows());
      for (std::size_t i = 0; i < share.rows(); ++i) {
        const std::size_t from = rank + i * ranks;
        CHECK(share.labels[i] == table.labels[from]);
        CHECK(std::equal(table.row(from).begin(), table.row(from).end(),
                         share.values.begin() + static_cast<std::ptrdiff_t>(i * table.width())));
      }
      rows += share.rows();
    }
    CHECK(rows == table.rows());
  }
}
