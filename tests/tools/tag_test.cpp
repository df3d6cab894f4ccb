// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/clip.hpp"
#include "config/replace_file.hpp"
#include "tests/tools/library.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <sys/stat.h>
#include <unistd.h>

using namespace fugato::test;
using fugato::read_tags;
using nlohmann::json;
namespace fs = std::filesystem;
using genres = std::vector<std::string>;

namespace {

/// Music of all formats: without a genre, with one, with others in an old tag.
struct shelf : library {
  const std::vector<std::string> names{"music/a.flac", "music/b.ogg", "music/c.opus",
                                       "music/d.mp3",  "music/e.wav", "music/f.mp3"};

  shelf() {
    learn();
    add("music/a.flac", music(as_flac, false, 1));
    add("music/b.ogg", fugato::with_genres(music(as_ogg, true, 2), {"Ambient", "Drone"}, "x"));
    add("music/c.opus", music(as_opus, false, 3));
    add("music/d.mp3", joined(id3_tag(id3_frame("TPE1", "An Artist")), music(as_mp3, true, 4)));
    add("music/e.wav", music(as_wav, false, 5));
    add("music/f.mp3", joined(id3_tag(id3_frame("TCON", "(17)") + id3_frame("TIT2", "Title")), music(as_mp3, true, 6)));
  }

  std::map<std::string, std::vector<std::byte>> content() const {
    std::map<std::string, std::vector<std::byte>> result;
    for (const auto& entry : fs::directory_iterator(folder.path() / "music"))
      result["music/" + entry.path().filename().string()] = bytes("music/" + entry.path().filename().string());
    return result;
  }

  genres genre(const std::string& name) const { return read_tags(folder / name).genres; }

  std::string the_log() const {
    for (const auto& entry : fs::directory_iterator(folder.path()))
      if (entry.path().filename().string().starts_with("fugato-tags-"))
        return entry.path().filename().string();
    return "";
  }
};

} // namespace

TEST_CASE_FIXTURE(shelf, "without --apply nothing is written, and the difference is told file by file") {
  const auto before = content();
  const answer x = fugato("tag --model model music");
  CHECK(x.code == 0);
  CHECK(contains(x.out, "music/a.flac\n- genre: (none)\n+ genre: tones  ("));
  CHECK(contains(x.out, "= music/b.ogg: Ambient; Drone (keep)\n"));
  CHECK(contains(x.out, "= music/f.mp3: Rock (keep)\n"));
  CHECK(contains(x.err, "4 would be written"));
  CHECK(content() == before);
  CHECK(the_log().empty());
  const json report = json::parse(fugato("tag --model model music --json").out);
  CHECK(report["applied"] == false);
  REQUIRE(report["files"].size() == 6);
  CHECK(report["files"][0]["state"] == "write");
  CHECK(report["files"][1]["before"] == json{"Ambient", "Drone"});
}

TEST_CASE_FIXTURE(shelf, "tags are written, no sample changes, and undo gives back every byte and the time") {
  const auto before = content();
  std::map<std::string, std::int64_t> times;
  for (const std::string& name : names)
    times[name] = fugato::state_of(folder / name).modified_ns;
  const answer x = fugato("tag --model model music --apply --mode overwrite --write-as 'tones=Drum & Bass'");
  CHECK_MESSAGE(x.code == 0, x.err);
  for (const std::string& name : names) {
    CAPTURE(name);
    const bool noise = name[6] == 'b' || name[6] == 'd' || name[6] == 'f';
    CHECK(genre(name) == genres{noise ? "noise" : "Drum & Bass"});
    CHECK(fugato::decode(bytes(name), "x", {}).mono == fugato::decode(before.at(name), "x", {}).mono);
    CHECK(fugato::state_of(folder / name).modified_ns != times[name]);
  }
  CHECK(read_tags(folder / "music/d.mp3").artists == genres{"An Artist"});
  CHECK(read_tags(folder / "music/f.mp3").title == "Title");
  CHECK(content().size() == names.size()); // nothing is left beside them
  const std::string log = the_log();
  REQUIRE_FALSE(log.empty());
  CHECK(contains(x.err, "fugato tag --undo " + log));
  CHECK(fs::file_size(folder / log) < 40'000);

  const answer again =
      fugato("tag --model model music --apply --mode overwrite --write-as 'tones=Drum & Bass' --log second");
  CHECK(contains(again.err, "0 written"));
  CHECK_FALSE(fs::exists(folder / "second")); // nothing to log

  const auto tagged = content();
  CHECK(contains(fugato("tag --undo " + log).err, "6 would be restored"));
  CHECK(content() == tagged);
  const answer back = fugato("tag --undo " + log + " --apply");
  CHECK(back.code == 0);
  CHECK(contains(back.err, "6 restored, 0 refused"));
  CHECK(content() == before);
  for (const std::string& name : names)
    CHECK(fugato::state_of(folder / name).modified_ns == times[name]);
  const answer twice = fugato("tag --undo " + log + " --apply");
  CHECK(twice.code == 0);
  CHECK(contains(twice.out, "(as before already)"));
}

TEST_CASE_FIXTURE(shelf, "undo refuses a file that has changed since, and restores the others") {
  const auto before = content();
  REQUIRE(fugato("tag --model model music --apply --log log").code == 0);
  auto changed = bytes("music/a.flac");
  changed.push_back(std::byte{0});
  add("music/a.flac", changed);
  fs::remove(folder / "music/c.opus");
  const answer x = fugato("tag --undo log --apply");
  CHECK(x.code == 3);
  CHECK(contains(x.err, "music/a.flac: must be as `fugato tag` left it"));
  CHECK(contains(x.err, "music/c.opus: must be there"));
  CHECK(bytes("music/a.flac") == changed);
  CHECK(bytes("music/d.mp3") == before.at("music/d.mp3"));
  CHECK(bytes("music/e.wav") == before.at("music/e.wav"));
  CHECK(fugato("tag --undo nowhere --apply").code == 2);
  CHECK(fugato("tag --undo log --model model music").code == 2);
}

TEST_CASE_FIXTURE(shelf, "fill-empty keeps genres, the threshold keeps back doubtful ones, the time can stay") {
  const auto before = content();
  CHECK(fugato("tag --model model music --apply --threshold 1 --mode overwrite").code == 0);
  CHECK(content() == before);
  const std::int64_t time = fugato::state_of(folder / "music/a.flac").modified_ns;
  CHECK(fugato("tag --model model music --apply --keep-mtime").code == 0);
  CHECK(genre("music/a.flac") == genres{"tones"});
  CHECK(fugato::state_of(folder / "music/a.flac").modified_ns == time);
  CHECK(bytes("music/b.ogg") == before.at("music/b.ogg"));
  CHECK(bytes("music/f.mp3") == before.at("music/f.mp3"));
  CHECK(fugato("tag --model model music --mode fill").code == 2);
  CHECK(fugato("tag --model model music --write-as noise").code == 2);
  CHECK(fugato("tag music").code == 2);
}

TEST_CASE_FIXTURE(shelf,
                  "read-only files, hard links and bad files are told and left alone; symbolic links are followed") {
  REQUIRE(::chmod((folder / "music/a.flac").c_str(), 0444) == 0);
  fs::create_hard_link(folder / "music/c.opus", folder / "other.opus");
  fs::create_directories(folder / "elsewhere");
  fs::rename(folder / "music/e.wav", folder / "elsewhere/e.wav");
  fs::create_symlink("../elsewhere/e.wav", folder / "music/e.wav");
  fs::create_symlink("e.wav", folder / "music/g.wav");
  write_text(folder / "music/bad.mp3", "this is no music");
  const answer dry = fugato("tag --model model music");
  CHECK(dry.code == 3);
  const answer x = fugato("tag --model model music --apply");
  CHECK(x.code == 3);
  CHECK(contains(x.out, "! music/a.flac: must be writable, but is read-only\n"));
  CHECK(contains(x.out, "! music/c.opus: has 2 hard links"));
  CHECK(contains(x.out, "! music/bad.mp3: must be audio"));
  CHECK(contains(x.out, "the same file stands above under another name"));
  CHECK(contains(x.err, "2 written, 2 with a genre kept, 1 the same, 0 unsure, 3 failed"));
  CHECK(genre("music/a.flac").empty());
  CHECK(genre("other.opus").empty());
  CHECK(fs::is_symlink(folder / "music/e.wav"));
  CHECK(genre("elsewhere/e.wav") == genres{"tones"});
  CHECK(fugato("tag --model model music/c.opus --apply --part-hard-links --log parted").code == 0);
  CHECK(genre("music/c.opus") == genres{"tones"});
  CHECK(genre("other.opus").empty());
}
