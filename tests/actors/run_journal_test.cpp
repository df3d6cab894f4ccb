// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/run_journal.hpp"

#include "config/error.hpp"
#include "config/hash.hpp"
#include "tests/actors/corpora.hpp"

#include <atomic>
#include <doctest/doctest.h>
#include <thread>

using namespace fugato;
namespace fs = std::filesystem;

namespace {

struct journalled : small_corpus {
  journalled() : small_corpus(3) { fs::remove(file); }
  ~journalled() { fs::remove(file); }

  std::string file = path.string() + ".journal";
  std::shared_ptr<const track_list> tracks = std::make_shared<const track_list>(list_corpus(path.string()));
  run_identity own{2, "a build", "{}", "abc", 6, "/", "{}"};

  run_journal open() const { return {file, own, tracks}; }

  std::string bytes(std::uint32_t track) const {
    std::ifstream in{tracks->path(track), std::ios::binary};
    return {std::istreambuf_iterator<char>(in), {}};
  }

  static void settle() { std::this_thread::sleep_for(std::chrono::milliseconds(2100)); }

  /// The tracks 0 and 1 are measured, so long after they were written that their stamps vouch for them.
  void measure_settled() const {
    settle();
    run_journal x = open();
    x.started(std::vector<std::uint32_t>{0, 1});
    for (const std::uint32_t track : {0U, 1U})
      x.keep({track, rows, "", {}, sha256_hex(bytes(track))});
  }

  static inline const std::vector<float> rows{1.5F, -2, 3};
};

std::string streamed(const row_source& table) {
  std::string text;
  write_table([&](std::string_view piece) { text += piece; }, table);
  return text;
}

} // namespace

TEST_CASE_FIXTURE(journalled, "a file is the same when its bytes are, whatever its time") {
  measure_settled();
  fs::last_write_time(tracks->path(0), fs::file_time_type::clock::now() - std::chrono::hours(1000));
  const std::string kept = bytes(1);
  fs::remove(tracks->path(1));
  std::ofstream{tracks->path(1), std::ios::binary} << kept; // restored from a backup, say
  const run_journal y = open();
  CHECK(y.before().changed == 0);
  CHECK(y.before().unseen == 0);
  CHECK(y.before().done.size() == 2);
}

TEST_CASE_FIXTURE(journalled, "other bytes under the size and the time of a file that was measured are noticed") {
  bool settled = false;
  SUBCASE("long after it was written") { settled = true; }
  SUBCASE("just after it was written") {}
  if (settled) {
    measure_settled();
  } else {
    run_journal x = open();
    x.started(std::vector<std::uint32_t>{0, 1});
    for (const std::uint32_t track : {0U, 1U})
      x.keep({track, rows, "", {}, sha256_hex(bytes(track))});
  }
  const auto time = fs::last_write_time(tracks->path(0));
  std::string other = bytes(0);
  other.back() = static_cast<char>(other.back() ^ 1);
  std::ofstream{tracks->path(0), std::ios::binary} << other;
  fs::last_write_time(tracks->path(0), time);
  const run_journal y = open();
  CHECK(y.before().changed == 1);
  REQUIRE(y.before().done.size() == 1);
  CHECK(y.before().done.contains(1));
}

TEST_CASE_FIXTURE(journalled,
                  "files that were never to be seen from here are taken to be what they were, and counted") {
  const std::string away = path.string() + ".away";
  fs::rename(path, away);
  {
    run_journal x = open();
    x.started(std::vector<std::uint32_t>{0});
    x.keep({0, rows, "", {}, std::string(64, 'a')});
  }
  {
    const run_journal y = open();
    CHECK(y.before().unseen == 1);
    CHECK(y.before().done.size() == 1);
  }
  fs::rename(away, path); // now they are here, and not the ones that were measured
  const run_journal z = open();
  CHECK(z.before().unseen == 0);
  CHECK(z.before().changed == 1);
}

TEST_CASE_FIXTURE(journalled, "what was done and what failed is known to the next run") {
  settle();
  {
    run_journal x = open();
    CHECK(x.before().done.empty());
    x.started(std::vector<std::uint32_t>{0, 1, 2});
    track_notes notes;
    notes.audio_microseconds = 7;
    x.keep({1, rows, "doubtful", notes, sha256_hex(bytes(1))});
    x.failed({2, errc::not_audio, "is no audio"});
    x.keep({0, {}, "", {}, sha256_hex(bytes(0))});
    x.failed({0, errc::worker_lost, "late rows do not count"});
  }
  const run_journal y = open();
  REQUIRE(y.before().done.size() == 1);
  CHECK(y.rows(y.before().done.at(1)) == rows);
  REQUIRE(y.before().warnings.size() == 1);
  CHECK(y.before().warnings[0].sentence == "doubtful");
  CHECK(y.before().totals.audio_microseconds == 7);
  REQUIRE(y.before().failed.size() == 2);
  CHECK(y.before().failed[0].task == 0);
  CHECK(y.before().failed[1].task == 2);
  CHECK(y.before().failed[1].reason == errc::not_audio);
  CHECK(y.before().failed[1].sentence == "is no audio");
  CHECK(y.before().crashes.empty());
  CHECK(y.before().changed == 0);
}

TEST_CASE_FIXTURE(journalled, "what failed for want of memory is tried again, without blame") {
  settle();
  {
    run_journal x = open();
    x.started(std::vector<std::uint32_t>{0, 1});
    x.failed({0, errc::internal, "the memory must suffice, but an allocation failed"});
    x.failed({1, errc::no_samples, "has none"});
  }
  const run_journal y = open();
  REQUIRE(y.before().failed.size() == 1);
  CHECK(y.before().failed[0].task == 1);
  CHECK(y.before().done.empty());
  CHECK(y.before().crashes.empty());
}

TEST_CASE_FIXTURE(journalled,
                  "a track is blamed for each run that died with it in its hands, but not for an orderly end") {
  for (std::uint32_t death = 0; death < 3; ++death) {
    run_journal x = open();
    CHECK(x.before().crashes.size() == (death == 0 ? 0 : 1));
    if (death > 0)
      CHECK(x.before().crashes.at(4) == death);
    x.started(std::vector<std::uint32_t>{3, 4});
    x.keep({3, rows, "", {}});
  }
  {
    run_journal x = open();
    CHECK(x.before().crashes.at(4) == 3);
    x.started(std::vector<std::uint32_t>{5});
    x.closed();
  }
  CHECK(open().before().crashes.count(5) == 0);
}

TEST_CASE_FIXTURE(journalled, "a file that has changed since is measured again") {
  {
    run_journal x = open();
    x.started(std::vector<std::uint32_t>{0, 1});
    x.keep({0, rows, "", {}});
    x.failed({1, errc::not_audio, "is no audio"});
  }
  std::ofstream{tracks->path(0), std::ios::app} << "more";
  fs::remove(tracks->path(1));
  const run_journal y = open();
  CHECK(y.before().done.empty());
  CHECK(y.before().failed.empty());
  CHECK(y.before().changed == 1);
  CHECK(y.before().touched == 1);
}

TEST_CASE_FIXTURE(journalled, "what a later run found of a file that had changed is what counts") {
  {
    run_journal x = open();
    x.started(std::vector<std::uint32_t>{0, 1, 2});
    x.keep({0, rows, "", {}, sha256_hex(bytes(0))});
    x.failed({1, errc::not_audio, "is no audio"});
    x.keep({2, rows, "", {}, sha256_hex(bytes(2))});
  }
  for (const std::uint32_t track : {0U, 1U, 2U})
    std::ofstream{tracks->path(track), std::ios::app} << "more";
  settle();
  const std::vector<float> later{7, 8, 9};
  {
    run_journal x = open();
    CHECK(x.before().done.empty());
    CHECK(x.before().failed.empty());
    x.started(std::vector<std::uint32_t>{0, 1, 2});
    x.keep({0, later, "", {}, sha256_hex(bytes(0))});
    x.keep({1, later, "", {}, sha256_hex(bytes(1))});
    x.failed({2, errc::damaged_audio, "is damaged"});
  }
  const run_journal y = open();
  REQUIRE(y.before().done.size() == 2);
  CHECK(y.rows(y.before().done.at(0)) == later);
  CHECK(y.rows(y.before().done.at(1)) == later);
  REQUIRE(y.before().failed.size() == 1);
  CHECK(y.before().failed[0].task == 2);
}

TEST_CASE_FIXTURE(journalled, "a run with another build, corpus or other settings is refused with both named") {
  const run_identity first = own;
  open();
  for (std::string run_identity::*part : {&run_identity::build, &run_identity::settings, &run_identity::corpus}) {
    own = first;
    own.*part = "other";
    std::string said;
    try {
      open();
    } catch (const error& e) {
      CHECK(e.code() == errc::usage);
      said = e.what();
    }
    CHECK(said.find("other") != std::string::npos);
    CHECK(said.find(first.*part) != std::string::npos);
  }
  own = first;
  own.config = "{\"dispatch\": {}}"; // may differ: another policy gives the same bytes
  CHECK_NOTHROW(open());
  CHECK(identity_in(file).config == first.config);
}

TEST_CASE_FIXTURE(journalled, "records that speak of no track of the corpus are damage") {
  {
    run_journal x = open();
    x.keep({5, rows, "", {}});
  }
  track_list fewer;
  for (std::size_t i = 0; i < 5; ++i)
    fewer.add((*tracks)[i]);
  tracks = std::make_shared<const track_list>(fewer);
  CHECK_THROWS_AS(open(), error);
}

TEST_CASE_FIXTURE(journalled, "an extraction goes on where another was stopped, to the same bytes") {
  const std::string expected = table_of(extract(path.string(), dispatch_of("synchronous", 1)));
  for (const char* policy : {"synchronous", "processes"}) {
    CAPTURE(policy);
    fs::remove(file);
    std::atomic<std::uint32_t> seen = 0;
    {
      const auto journal = std::make_shared<run_journal>(file, own, tracks);
      session actors{dispatch_of(policy, 1)};
      const extraction x = actors.extract(tracks, {}, [&](const progress& p) { seen = p.done; }, "",
                                          {[&] { return seen >= 2; }, journal, nullptr});
      journal->closed();
      CHECK(x.rows->tracks_with_rows() + x.withdrawn.size() == tracks->size());
    }
    const auto journal = std::make_shared<run_journal>(file, own, tracks);
    CHECK(journal->before().done.size() >= 2);
    session actors{dispatch_of("threads", 2)};
    const extraction y = actors.extract(tracks, {}, [](const progress&) {}, "", {{}, journal, nullptr});
    CHECK(y.resumed == journal->before().done.size());
    CHECK(streamed(*y.rows) == expected);
  }
}

TEST_CASE_FIXTURE(journalled, "a track that took three runs with it is given up, the others are measured") {
  for (int i = 0; i < 3; ++i)
    open().started(std::vector<std::uint32_t>{4});
  const auto journal = std::make_shared<run_journal>(file, own, tracks);
  session actors{dispatch_of("threads", 2)};
  const extraction x = actors.extract(tracks, {}, [](const progress&) {}, "", {{}, journal, nullptr});
  REQUIRE(x.failures.size() == 1);
  CHECK(x.failures[0].source.id == 4);
  CHECK(x.failures[0].reason == errc::worker_lost);
  CHECK(x.rows->tracks_with_rows() == 5);
}
