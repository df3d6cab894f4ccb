// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/row_store.hpp"

#include <doctest/doctest.h>

using namespace fugato;

namespace {

std::shared_ptr<const std::vector<track>> list(const std::vector<track>& tracks) {
  return std::make_shared<const std::vector<track>>(tracks);
}

const auto corpus =
    list({{0, "a/1.wav", "1.wav", "blues"}, {1, "b/2.wav", "2.wav", "rock"}, {2, "a/3.wav", "3.wav", "blues"}});

} // namespace

TEST_CASE("rows leave in the order of the corpus, whatever the order of arrival") {
  row_store store{corpus, {"x", "y"}};
  CHECK(store.add(2, {5, 6}));
  CHECK(store.add(0, {1, 2, 3, 4}));
  CHECK(store.add(1, {7, 8}));
  const dataset table = store.take();
  CHECK(table.values == std::vector<float>{1, 2, 3, 4, 7, 8, 5, 6});
  CHECK(table.track_names == std::vector<std::string>{"1.wav", "2.wav", "3.wav"});
  CHECK(table.tracks == std::vector<std::uint32_t>{0, 0, 1, 2});
  CHECK(table.chunks == std::vector<std::uint32_t>{0, 1, 0, 0});
  CHECK(table.label_names == std::vector<std::string>{"blues", "rock"});
  CHECK(table.labels == std::vector<std::uint32_t>{0, 0, 1, 0});
}

TEST_CASE("rows enter once, however often they arrive") {
  row_store store{corpus, {"x"}};
  CHECK(store.add(1, {1}));
  CHECK_FALSE(store.add(1, {2}));
  CHECK(store.take().values == std::vector<float>{1});
}

TEST_CASE("tracks without rows, and labels that only they have, are left out") {
  row_store store{corpus, {"x"}};
  store.add(0, {1});
  const dataset table = store.take();
  CHECK(table.track_names == std::vector<std::string>{"1.wav"});
  CHECK(table.label_names == std::vector<std::string>{"blues"});
}

TEST_CASE("a corpus without labels gives an unlabelled table") {
  row_store store{list({{0, "x.wav", "x.wav", ""}}), {"x"}};
  store.add(0, {1});
  const dataset table = store.take();
  CHECK(table.label_names.empty());
  CHECK(table.labels.empty());
  CHECK(table.rows() == 1);
}

TEST_CASE("rows of a track that counts as failed are left out") {
  row_store store{corpus, {"x"}};
  store.add(0, {1});
  store.add(1, {2});
  store.remove(0);
  const dataset table = store.take();
  CHECK(table.values == std::vector<float>{2});
  CHECK(table.track_names == std::vector<std::string>{"2.wav"});
}
