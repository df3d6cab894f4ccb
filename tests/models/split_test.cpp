// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/files.hpp"
#include "config/json.hpp"
#include "models/split.hpp"
#include "tests/errors.hpp"
#include "tests/models/blobs.hpp"
#include "tests/models/models.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <set>

using namespace fugato;

namespace {

using numbers = std::vector<std::uint32_t>;

dataset unlabelled(std::size_t rows) {
  dataset t;
  t.columns = {"x"};
  t.values.resize(rows);
  return t;
}

/// Files of lists and groups for a table, and settings that use them.
struct split_files {
  scratch_folder folder{"split"};
  split_settings settings;

  explicit split_files(const dataset& t) {
    std::string parts[3];
    std::string groups = "track,group\n";
    for (std::size_t i = 0; i < t.track_names.size(); ++i) {
      parts[i % 5 == 0 ? 1 : i % 5 == 1 ? 2 : 0] += "genre/" + t.track_names[i] + "\n";
      groups += t.track_names[i] + ",artist " + std::to_string(i / 2) + "\n";
    }
    settings.lists = {write("train.txt", parts[0]), write("valid.txt", parts[1]), write("test.txt", parts[2])};
    settings.groups = write("groups.csv", groups);
    settings.folds = 4;
  }

  std::string write(const std::string& name, const std::string& text) const {
    write_file(folder.path + "/" + name, text);
    return folder.path + "/" + name;
  }

  split_settings of(std::string_view kind, std::uint32_t seed) const {
    split_settings result = settings;
    result.kind = kind;
    result.seed = seed;
    return result;
  }
};

std::set<std::string> names(const dataset& t, const numbers& rows) {
  std::set<std::string> result;
  for (const std::uint32_t row : rows)
    result.insert(t.track_names[t.tracks[row]]);
  return result;
}

template <class Set>
bool overlap(const Set& a, const Set& b) {
  return std::any_of(a.begin(), a.end(), [&](const auto& x) { return b.contains(x); });
}

/// Twelve tracks t00 ... t11 of three classes, in an order that is not that of the names.
dataset twelve_tracks() {
  const numbers classes{1, 0, 2, 0, 1, 2, 0, 1, 0, 2, 1, 0};
  dataset t = unlabelled(24);
  t.label_names = {"a", "b", "c"};
  for (std::uint32_t i = 0; i < 12; ++i) {
    const std::uint32_t number = (5 * i + 3) % 12;
    t.track_names.push_back(number < 10 ? "t0" + std::to_string(number) : "t" + std::to_string(number));
    for (std::uint32_t chunk = 0; chunk < 2; ++chunk) {
      t.tracks.push_back(i);
      t.chunks.push_back(chunk);
      t.labels.push_back(classes[number]);
    }
  }
  return t;
}

} // namespace

TEST_CASE("random-chunk parts rows as scikit-learn's train_test_split") {
  // scikit-learn 1.2.1
  CHECK(split_rows(unlabelled(20), {"random-chunk", 0.3, 42}).test == numbers{0, 1, 5, 8, 15, 17});
  CHECK(split_rows(unlabelled(101), {"random-chunk", 0.25, 7}).test ==
        numbers{2, 5, 11, 12, 13, 15, 17, 18, 20, 22, 26, 37, 40, 45, 49, 50, 52, 66, 71, 78, 85, 86, 88, 93, 94, 98});
}

TEST_CASE("grouped-track parts tracks as scikit-learn's GroupShuffleSplit, by their names") {
  dataset t = unlabelled(30);
  t.track_names = {"t0", "t7", "t4", "t1", "t8", "t5", "t2", "t9", "t6", "t3"};
  for (std::uint32_t i = 0; i < 30; ++i) {
    t.tracks.push_back(i % 10);
    t.chunks.push_back(i / 10);
  }
  // scikit-learn 1.2.1, groups t0 t7 t4 ... t3, three times
  CHECK(split_rows(t, {"grouped-track", 0.3, 42}).test == numbers{3, 4, 5, 13, 14, 15, 23, 24, 25});
}

TEST_CASE("each row is on one side, in the table's order") {
  const dataset t = blobs();
  const split_files files(t);
  for (const split_kind& kind : split_kinds()) {
    CAPTURE(kind.name);
    const split parts = split_rows(t, files.of(kind.name, 1));
    numbers all;
    for (const numbers* side : {&parts.train, &parts.test, &parts.valid}) {
      CHECK(std::is_sorted(side->begin(), side->end()));
      all.insert(all.end(), side->begin(), side->end());
    }
    std::sort(all.begin(), all.end());
    numbers expected(t.rows());
    std::iota(expected.begin(), expected.end(), 0U);
    CHECK(all == expected);
    CHECK(parts.kind == kind.name);
    CHECK(parts.leaky == kind.leaky);
    CHECK(parts.notes.empty());
  }
}

TEST_CASE("no track is on two sides, unless the kind of split is called leaky") {
  const dataset t = blobs();
  const split_files files(t);
  for (const split_kind& kind : split_kinds())
    for (const bool stratified : {false, true})
      for (std::uint32_t seed = 0; seed < 20; ++seed) {
        split_settings settings = files.of(kind.name, seed);
        settings.repeats = 2;
        settings.stratified = stratified && kind.name != "groups"; // too few of them
        for (const split& parts : splits_of(t, settings)) {
          CAPTURE(kind.name);
          const auto learnt = names(t, parts.train);
          const auto tested = names(t, parts.test);
          CHECK(overlap(learnt, tested) == kind.leaky);
          CHECK_FALSE(overlap(names(t, parts.valid), learnt));
          CHECK_FALSE(overlap(names(t, parts.valid), tested));
        }
      }
}

TEST_CASE("each fold's tracks are those of scikit-learn's StratifiedKFold, and each is tested once a repetition") {
  const dataset t = twelve_tracks();
  split_settings settings{"k-fold", 0.3, 42};
  settings.folds = 3;
  settings.repeats = 2;
  const auto parts = splits_of(t, settings);
  REQUIRE(parts.size() == 6);
  // scikit-learn 1.2.1: StratifiedKFold(3, shuffle=True, random_state=42).split(names, classes), then with 43
  using strings = std::set<std::string>;
  CHECK(names(t, parts[0].test) == strings{"t00", "t02", "t06", "t07"});
  CHECK(names(t, parts[1].test) == strings{"t01", "t05", "t10", "t11"});
  CHECK(names(t, parts[2].test) == strings{"t03", "t04", "t08", "t09"});
  CHECK(names(t, parts[3].test) == strings{"t02", "t03", "t04", "t10"});
  CHECK(names(t, parts[5].test) == strings{"t01", "t05", "t07", "t08"});
  CHECK(parts[5].repeat == 1);
  CHECK(parts[5].fold == 2);
  CHECK(split_rows(t, settings, 4).test == parts[4].test);
}

TEST_CASE("repetitions are what their seeds give alone") {
  const dataset t = blobs();
  split_settings settings{"grouped-track", 0.3, 7};
  settings.repeats = 3;
  const auto parts = splits_of(t, settings);
  REQUIRE(parts.size() == 3);
  for (std::uint32_t i = 0; i < 3; ++i)
    CHECK(parts[i].test == split_rows(t, {"grouped-track", 0.3, 7 + i}).test);
}

TEST_CASE("a stratified split keeps each class's share, by tracks and by chunks") {
  const dataset t = blobs();
  for (const char* kind : {"grouped-track", "random-chunk"})
    for (std::uint32_t seed = 0; seed < 5; ++seed) {
      split_settings settings{kind, 0.3, seed};
      settings.stratified = true;
      numbers tested(3, 0);
      for (const std::uint32_t row : split_rows(t, settings).test)
        ++tested[t.labels[row]];
      CHECK(tested == numbers{12, 12, 12});
    }
}

TEST_CASE("groups are parted as by scikit-learn's GroupShuffleSplit, by their names") {
  const dataset t = twelve_tracks();
  const split_files files(t);
  split_settings settings{"groups", 0.3, 42};
  settings.groups = files.write("g.csv", "t00,a\nt01,b\nt02.wav,a\nx/t03,c\nt04,d\nt05,b\nt06,e\nt07,f\nt08,c\nt09,g\n"
                                         "t10,d\nt11,f\nunknown,h\n");
  // scikit-learn 1.2.1: GroupShuffleSplit(1, test_size=.3, random_state=42).split(..., groups) of t00 ... t11
  CHECK(names(t, split_rows(t, settings).test) == std::set<std::string>{"t00", "t01", "t02", "t05", "t07", "t11"});
  settings.seed = 43;
  CHECK(names(t, split_rows(t, settings).test) == std::set<std::string>{"t03", "t04", "t07", "t08", "t10", "t11"});
}

TEST_CASE("no group is on both sides, also in folds, and a track without a group is its own") {
  const dataset t = blobs();
  split_files files(t);
  files.settings.groups = files.write("g.csv", "genre0.0,x\ngenre0.1,x\ngenre1.3,x\ngenre2.7,x\n");
  for (const char* kind : {"groups", "k-fold"})
    for (std::uint32_t seed = 0; seed < 10; ++seed)
      for (const split& parts : splits_of(t, files.of(kind, seed))) {
        const auto tested = names(t, parts.test);
        CHECK((tested.contains("genre0.0.wav") + tested.contains("genre0.1.wav") + tested.contains("genre1.3.wav") +
               tested.contains("genre2.7.wav")) %
                  4 ==
              0);
        REQUIRE(parts.notes.size() == 1);
        CHECK(parts.notes[0] ==
              "26 of 30 tracks have no group in " + files.settings.groups + ": each counts as a group of its own");
      }
}

TEST_CASE("lists tell each track's part; what they leave out is counted") {
  const dataset t = blobs();
  const split_files files(t);
  split_settings settings = files.of("lists", 0);
  settings.lists.train =
      files.write("t.txt", "# three\ngenre0/genre0.0.au\n\ngenre1.1.wav\ngenre2/genre2.2\nno/such.wav\n");
  settings.lists.valid = files.write("v.txt", "genre0.3\n");
  settings.lists.test = files.write("e.txt", "genre1.4.wav\r\ngenre2.5.wav\r\n");
  const split parts = split_rows(t, settings);
  using strings = std::set<std::string>;
  CHECK(names(t, parts.train) == strings{"genre0.0.wav", "genre1.1.wav", "genre2.2.wav"});
  CHECK(names(t, parts.valid) == strings{"genre0.3.wav"});
  CHECK(names(t, parts.test) == strings{"genre1.4.wav", "genre2.5.wav"});
  CHECK(parts.notes == std::vector<std::string>{"1 of 4 tracks of " + settings.lists.train + " are not in the table",
                                                "24 of 30 tracks are in none of the lists: left out"});
  settings.lists.valid.clear();
  CHECK(split_rows(t, settings).valid.empty());
  settings.lists.test = files.write("e.txt", "genre1.4.wav\ngenre0/genre0.0.wav\n");
  CHECK(sentence(errc::bad_table, [&] { split_rows(t, settings); }) ==
        settings.lists.test + ": line 2: a track must be in one list, but 'genre0/genre0.0.wav' is in " +
            settings.lists.train + " too");
  settings.lists.test = files.write("e.txt", "blues.00000.wav\n");
  CHECK(sentence(errc::bad_table, [&] { split_rows(t, settings); }) ==
        settings.lists.test +
            ": must name tracks of the table, but knows none of them; the table has 'genre0.0.wav', the list "
            "'blues.00000.wav'");
}

TEST_CASE("lists of the size of GTZAN's fault-filtered ones part a table of either form of names") {
  for (const bool extension : {false, true}) {
    dataset t = blobs({.classes = 10, .tracks_per_class = 100, .chunks = 1});
    const split_files files(t);
    std::string parts[3];
    for (std::size_t i = 0; i < 930; ++i) // 70 are faulty
      parts[i < 443 ? 0 : i < 443 + 197 ? 1 : 2] += "genre/" + t.track_names[i * 7 % 1000] + "\n";
    if (!extension)
      for (std::string& name : t.track_names)
        name.resize(name.size() - 4); // genre0.17, as of the row genre0.17.3.wav
    split_settings settings = files.of("lists", 0);
    settings.lists = {files.write("t.txt", parts[0]), files.write("v.txt", parts[1]), files.write("e.txt", parts[2])};
    const split x = split_rows(t, settings);
    CHECK(x.train.size() == 443);
    CHECK(x.valid.size() == 197);
    CHECK(x.test.size() == 290);
    CHECK(x.notes == std::vector<std::string>{"70 of 1000 tracks are in none of the lists: left out"});
  }
}

TEST_CASE("files that a split needs are checked before the work begins") {
  const dataset t = blobs();
  const split_files files(t);
  for (const split_kind& kind : split_kinds())
    check(files.of(kind.name, 0));
  const auto refusal = [](const split_settings& settings) {
    return sentence(errc::settings, [&] { check(settings); });
  };
  CHECK(refusal({"groups", 0.3, 0}) == "split.kind = groups needs a file, split.groups");
  CHECK(refusal({"lists", 0.3, 0}) == "split.kind = lists needs a file, split.lists.train");
  split_settings settings = files.of("lists", 0);
  settings.lists.valid = files.folder.path + "/missing.txt";
  CHECK(refusal(settings).find("missing.txt") != std::string::npos);
  settings = files.of("groups", 0);
  settings.groups = files.write("g.csv", "a\n");
  CHECK(refusal(settings).find("line 1") != std::string::npos);
  CHECK(sentence(errc::settings, [&] {
          split_rows(t, {"lists", 0.3, 0});
        }) == "split.kind = lists needs a file, split.lists.train");
  settings.groups = files.write("g.csv", "genre0.0,x\ngenre0.0.wav,y\n");
  CHECK(sentence(errc::bad_table, [&] { split_rows(t, settings); }) ==
        settings.groups +
            ": line 2: a track must be in one group, but 'genre0.0.wav' is in 'y' and, by line 1, in 'x'");
}

TEST_CASE("the training part is parted again by what must stay together") {
  const dataset t = blobs();
  split_files files(t);
  const split outer = split_rows(t, files.of("lists", 0));
  const auto listed = inner_splits(t, outer, files.of("lists", 0));
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].train == outer.train);
  CHECK(listed[0].test == outer.valid);
  const auto folds = inner_splits(t, outer, files.of("lists", 0), 3);
  REQUIRE(folds.size() == 3);
  numbers all;
  for (const split& one : folds) {
    CHECK_FALSE(overlap(names(t, one.train), names(t, one.test)));
    CHECK_FALSE(overlap(names(t, one.train), names(t, outer.test)));
    all.insert(all.end(), one.test.begin(), one.test.end());
  }
  std::sort(all.begin(), all.end());
  CHECK(all == outer.train);

  split_settings chunks{"random-chunk", 0.3, 4};
  const split leaky = split_rows(t, chunks);
  const split inner = inner_splits(t, leaky, chunks).front();
  CHECK_FALSE(overlap(names(t, inner.train), names(t, inner.test)));
  CHECK(inner.leaky);
  CHECK(inner.train.size() + inner.test.size() == leaky.train.size());
}

TEST_CASE("some of the rows can be parted alone") {
  const dataset t = blobs();
  numbers some;
  for (std::uint32_t i = 0; i < t.rows(); i += 2)
    some.push_back(i);
  const split parts = split_rows(t, some, {"grouped-track", 0.2, 42});
  CHECK(parts.train.size() + parts.test.size() == some.size());
  for (const auto row : parts.test)
    CHECK(row % 2 == 0);
}

TEST_CASE("a class without rows to learn from is an error") {
  dataset t = blobs({.classes = 2, .tracks_per_class = 4, .chunks = 2});
  for (std::size_t i = 0; i < t.rows(); ++i)
    t.labels[i] = t.tracks[i] == 5 ? 1 : 0; // one track of class 1
  int refused = 0;
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    try {
      const split parts = split_rows(t, {"grouped-track", 0.4, seed});
      CHECK(std::count(parts.train.begin(), parts.train.end(), 10) == 1);
    } catch (const error& e) {
      ++refused;
      CHECK(std::string(e.what()) ==
            "class 'genre1' must have rows to learn from, but grouped-track with test size 0.4 and seed " +
                std::to_string(seed) +
                " sends all of them to the test; it needs more tracks, another seed or a smaller test part");
    }
  }
  CHECK(refused > 0);
  CHECK(refused < 20);
}

TEST_CASE("tables that cannot be parted are errors that say why") {
  CHECK(sentence(errc::bad_table, [] { split_rows(unlabelled(10), {}); }) ==
        "split.kind = grouped-track needs a table that names the track of each row, but this one has no column "
        "file_name; split.kind = random-chunk works without");
  CHECK(sentence(errc::bad_table,
                 [] {
                   split_rows(unlabelled(1), {"random-chunk", 0.3, 0});
                 }) ==
        "a split needs rows on both sides; with 1 rows and split.test_size = 0.3, 0 are left to learn from and 1 to "
        "test with");
  CHECK(sentence(errc::bad_table, [] { split_rows(unlabelled(0), {"random-chunk", 0.3, 0}); }) != "no error");
  CHECK(sentence(errc::bad_table,
                 [] {
                   split_rows(blobs({.classes = 1, .tracks_per_class = 1}), {"grouped-track", 0.3, 0});
                 }) ==
        "a split needs tracks on both sides; with 1 tracks and split.test_size = 0.3, 0 are left to learn from "
        "and 1 to test with");
  CHECK(sentence(errc::settings, [] {
          split_rows(unlabelled(10), {"grouped-trak", 0.3, 0});
        }) == "unknown split.kind 'grouped-trak'; did you mean 'grouped-track'?");
}

TEST_CASE("split settings read from JSON, wrong ones are refused") {
  split_settings s;
  read_json(R"({"kind": "random-chunk", "test_size": 0.25, "seed": 4294967295})", {"s.json", ""}, description_of(s));
  CHECK(s.kind == "random-chunk");
  CHECK(s.test_size == 0.25);
  CHECK(s.seed == 4294967295U);
  for (const char* wrong : {R"({"kind": "x"})", R"({"test_size": 0})", R"({"test_size": 1})", R"({"seed": 4294967296})",
                            R"({"folds": 1})", R"({"repeats": 0})", R"({"stratified": 1})"})
    CHECK(sentence(errc::settings, [&] { read_json(wrong, {"s.json", ""}, description_of(s)); }) != "no error");
}
