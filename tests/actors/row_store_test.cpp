// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/row_store.hpp"

#include "models/table.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <sstream>

using namespace fugato;

namespace {

using corpus_ptr = std::shared_ptr<const track_list>;

corpus_ptr list(const std::vector<track>& tracks) { return std::make_shared<const track_list>(tracks); }

const auto corpus =
    list({{0, "a/1.wav", "1.wav", "blues"}, {1, "b/2.wav", "2.wav", "rock"}, {2, "a/3.wav", "3.wav", "blues"}});

/// A store, and a shorter way to fill it.
struct filled {
  explicit filled(const std::vector<std::string>& columns, const corpus_ptr& of = corpus,
                  const std::string& folder = "")
      : store(of, columns, std::make_shared<row_spool>(folder)) {}
  bool add(std::uint32_t track, const std::vector<float>& rows) { return store.add({track, rows, "", {}}); }
  row_store store;
};

std::string streamed(const row_source& table) {
  std::string text;
  write_table([&](std::string_view piece) { text += piece; }, table);
  return text;
}

std::string at_once(const dataset& table) {
  std::ostringstream text;
  write_table(text, table);
  return text.str();
}

} // namespace

TEST_CASE("rows leave in the order of the corpus, whatever the order of arrival") {
  filled x{{"x", "y"}};
  CHECK(x.add(2, {5, 6}));
  CHECK(x.add(0, {1, 2, 3, 4}));
  CHECK(x.add(1, {7, 8}));
  CHECK(x.store.rows() == 4);
  CHECK(x.store.tracks_with_rows() == 3);
  const dataset table = x.store.table();
  CHECK(table.values == std::vector<float>{1, 2, 3, 4, 7, 8, 5, 6});
  CHECK(table.track_names == std::vector<std::string>{"1.wav", "2.wav", "3.wav"});
  CHECK(table.tracks == std::vector<std::uint32_t>{0, 0, 1, 2});
  CHECK(table.chunks == std::vector<std::uint32_t>{0, 1, 0, 0});
  CHECK(table.label_names == std::vector<std::string>{"blues", "rock"});
  CHECK(table.labels == std::vector<std::uint32_t>{0, 0, 1, 0});
  CHECK(streamed(x.store) == at_once(table));
  CHECK(streamed(x.store).starts_with("file_name,x,y,label\n1.wav.0,1,2,blues\n1.wav.1,3,4,blues\n2.wav.0,7,8,rock\n"));
}

TEST_CASE("rows enter once, however often they arrive") {
  filled x{{"x"}};
  CHECK(x.add(1, {1}));
  CHECK_FALSE(x.add(1, {2}));
  CHECK(x.store.table().values == std::vector<float>{1});
}

TEST_CASE("tracks without rows, and labels that only they have, are left out") {
  filled x{{"x"}};
  x.add(0, {1});
  const dataset table = x.store.table();
  CHECK(table.track_names == std::vector<std::string>{"1.wav"});
  CHECK(table.label_names == std::vector<std::string>{"blues"});
}

TEST_CASE("a corpus without labels gives an unlabelled table") {
  filled x{{"x"}, list({{0, "x.wav", "x.wav", ""}})};
  x.add(0, {1});
  const dataset table = x.store.table();
  CHECK(table.label_names.empty());
  CHECK(table.labels.empty());
  CHECK(table.rows() == 1);
  CHECK(streamed(x.store) == "file_name,x\nx.wav.0,1\n");
}

TEST_CASE("rows of a track that counts as failed are left out") {
  filled x{{"x"}};
  x.add(0, {1});
  x.add(1, {2});
  x.store.remove(0);
  const dataset table = x.store.table();
  CHECK(table.values == std::vector<float>{2});
  CHECK(table.track_names == std::vector<std::string>{"2.wav"});
}

TEST_CASE("a table larger than what stays in memory comes back from disk the same") {
  std::vector<track> many;
  for (std::uint32_t i = 0; i < 3000; ++i)
    many.push_back({i, std::to_string(i) + ".wav", std::to_string(i) + ".wav", i % 2 == 0 ? "even" : "odd"});
  const corpus_ptr of = list(many);
  const std::vector<std::string> columns(300, "x");
  filled disk{columns, of, std::filesystem::temp_directory_path().string()};
  filled memory{columns, of};
  for (std::uint32_t i = 0; i < 3000; ++i) {
    const std::uint32_t track = i * 7 % 3000;
    const std::vector<float> row(300, static_cast<float>(track));
    disk.add(track, row);
    memory.add(track, row);
  }
  CHECK(disk.store.table().values == memory.store.table().values);
  CHECK(streamed(disk.store) == streamed(memory.store));
}
