// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/session.hpp"

#include "actors/policy.hpp"
#include "config/json.hpp"
#include "tests/actors/corpora.hpp"

#include <doctest/doctest.h>

using namespace fugato;
namespace fs = std::filesystem;

TEST_CASE_FIXTURE(small_corpus, "every policy and worker count gives the same bytes") {
  const extraction reference = extract(path, dispatch_of("synchronous", 1));
  CHECK(reference.failures.empty());
  CHECK(reference.data.track_names.size() == 10);
  CHECK(reference.data.width() == 87);
  CHECK(reference.data.label_names == std::vector<std::string>{"noise", "tones"});
  const std::string expected = table_of(reference);
  for (const policy& how : policies())
    for (const std::uint32_t workers : {1U, 2U, 3U, 5U}) {
      CAPTURE(how.name);
      CAPTURE(workers);
      const extraction x = extract(path, dispatch_of(std::string(how.name), workers));
      CHECK(table_of(x) == expected);
      CHECK(x.totals.file_bytes == reference.totals.file_bytes);
    }
}

TEST_CASE_FIXTURE(small_corpus, "shipped audio gives the same bytes under every policy") {
  const std::string expected = table_of(extract(path, dispatch_of("synchronous", 1)));
  for (const policy& how : policies()) {
    CAPTURE(how.name);
    dispatch_settings settings = dispatch_of(std::string(how.name), 2);
    settings.ship_audio = true;
    settings.ship_megabytes = 1;
    CHECK(table_of(extract(path, settings)) == expected);
  }
}

TEST_CASE_FIXTURE(small_corpus, "a bad track is listed with its reason and spoils nothing else") {
  const std::string expected = table_of(extract(path, dispatch_of("synchronous", 1)));
  spoil("noise/a.wav");
  fs::create_symlink("nowhere", path / "tones" / "gone.wav");
  for (const policy& how : policies()) {
    const extraction x = extract(path, dispatch_of(std::string(how.name), 2));
    CAPTURE(how.name);
    CHECK(table_of(x) == expected);
    REQUIRE(x.failures.size() == 2);
    CHECK(x.failures[0].reason == errc::not_audio);
    CHECK(x.failures[0].sentence.find("noise/a.wav: ") != std::string::npos);
    CHECK(x.failures[1].reason == errc::not_found);
  }
}

TEST_CASE_FIXTURE(small_corpus, "progress ends with every track accounted for") {
  spoil("noise/a.wav");
  progress last;
  std::uint32_t calls = 0;
  extract(path, dispatch_of("threads", 2), [&](const progress& x) {
    CHECK(x.done + x.failed >= last.done + last.failed);
    last = x;
    ++calls;
  });
  CHECK(last.tracks == 11);
  CHECK(last.done == 10);
  CHECK(last.failed == 1);
  CHECK(calls == 11);
}

TEST_CASE("an extraction of no tracks ends at once, empty") {
  session actors{dispatch_settings{}};
  const extraction x = actors.extract(track_list{}, {}, [](const progress&) {});
  CHECK(x.data.rows() == 0);
  CHECK(x.failures.empty());
}

TEST_CASE("settings that make no sense together are refused before anything starts") {
  session actors{dispatch_settings{}};
  line_settings settings;
  settings.features.hop_length = 4096;
  CHECK_THROWS_AS(actors.extract(track_list{}, settings, [](const progress&) {}), error);
}

TEST_CASE_FIXTURE(small_corpus, "the trainer learns the table and tells bad data apart") {
  dispatch_settings dispatch;
  dispatch.workers = 2;
  session actors{dispatch};
  const auto data = std::make_shared<const dataset>(extract(path, dispatch_of("threads", 2)).data);
  model_settings models;
  read_json(R"({"xgboost": {"n_estimators": 5}})", {"test", ""}, description_of(models));
  const auto result = actors.train(data, {}, models, line_settings{});
  CHECK(result->test.chunks.accuracy > 0.9);
  CHECK(result->test.tracks.accuracy > 0.9);
  CHECK(result->model.from_audio);
  const auto none = std::make_shared<const dataset>();
  CHECK_THROWS_AS(actors.train(none, {}, models, {}), error);
}

TEST_CASE_FIXTURE(small_corpus, "tracks can be handed on one by one in place of being kept, under every policy") {
  spoil("noise/a.wav");
  const std::vector<track> tracks = list_corpus(path);
  const extraction whole = extract(path, dispatch_of("synchronous", 1));
  std::vector<std::vector<float>> expected(tracks.size());
  for (std::size_t row = 0; row < whole.data.rows(); ++row)
    for (const track& x : tracks)
      if (x.name == whole.data.track_names[whole.data.tracks[row]])
        expected[x.id].insert(expected[x.id].end(), whole.data.row(row).begin(), whole.data.row(row).end());
  for (const policy& how : policies()) {
    CAPTURE(how.name);
    std::vector<std::vector<float>> found(tracks.size());
    std::vector<int> told(tracks.size(), 0);
    std::vector<track_outcome> failed;
    extract_control control;
    control.each = [&](track_outcome&& x) {
      ++told[x.track];
      if (x.rows.empty())
        failed.push_back(std::move(x));
      else
        found[x.track] = std::move(x.rows);
    };
    session actors{dispatch_of(std::string(how.name), 2)};
    const extraction x = actors.extract(
        tracks, {}, [](const progress&) {}, "", control);
    CHECK(x.data.rows() == 0);
    CHECK(x.failures.size() == 1);
    CHECK(found == expected);
    CHECK(told == std::vector<int>(tracks.size(), 1));
    REQUIRE(failed.size() == 1);
    CHECK(failed[0].reason == errc::not_audio);
    CHECK(failed[0].sentence.find("noise/a.wav: ") != std::string::npos);
  }
}
