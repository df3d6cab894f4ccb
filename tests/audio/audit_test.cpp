// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/audit.hpp"

#include "audio/corpus.hpp"
#include "config/json.hpp"
#include "tests/audio/samples.hpp"

using namespace fugato;
using namespace fugato::test;

namespace {

constexpr int wav16 = SF_FORMAT_WAV | SF_FORMAT_PCM_16;

struct small_corpus {
  temporary_folder folder;

  small_corpus() {
    const std::vector<std::byte> same = encode(wav16, 22050, 1, sine(440, 0.5, 22050, 22050));
    write_bytes(folder / "blues/a.wav", same);
    write_bytes(folder / "blues/b.wav", encode(wav16, 22050, 1, sine(441, 0.5, 22050, 22050)));
    write_bytes(folder / "blues/short.wav", encode(wav16, 22050, 1, sine(440, 0.5, 22050, 20000)));
    write_bytes(folder / "rock/copy.wav", same);
    write_bytes(folder / "rock/copy.flac",
                encode(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 22050, 1, sine(440, 0.5, 22050, 22050)));
    write_bytes(folder / "rock/stereo.wav", encode(wav16, 44100, 2, sine(440, 0.5, 44100, 44100, 2)));
    write_text(folder / "rock/text.wav", "no music");
  }
};

} // namespace

TEST_CASE("an audit counts labels, and names what cannot be read, differs or repeats") {
  const small_corpus corpus;
  const auto path = [&](const char* name) { return corpus.folder / name; };
  std::vector<std::size_t> steps;
  const corpus_audit found =
      audit(list_corpus(corpus.folder.path().string()), {}, [&](std::size_t done) { steps.push_back(done); });

  CHECK(steps == std::vector<std::size_t>{1, 2, 3, 4, 5, 6, 7});
  CHECK(found.tracks == 7);
  CHECK(found.seconds == doctest::Approx(5 + 20000 / 22050.0));
  REQUIRE(found.labels.size() == 2);
  CHECK(found.labels[0].label == "blues");
  CHECK(found.labels[0].tracks == 3);
  CHECK(found.labels[0].seconds == doctest::Approx(2 + 20000 / 22050.0));
  CHECK(found.labels[1].tracks == 4);
  CHECK(found.labels[1].seconds == doctest::Approx(3));

  REQUIRE(found.unreadable.size() == 1);
  CHECK(found.unreadable[0].path == path("rock/text.wav"));
  CHECK(found.unreadable[0].reason == "not-audio");
  CHECK(found.unreadable[0].message.starts_with(path("rock/text.wav")));

  REQUIRE(found.odd.size() == 3);
  CHECK(found.odd[0].path == path("blues/short.wav"));
  CHECK(found.odd[0].what == "seconds");
  CHECK(found.odd[0].usual == doctest::Approx(1));
  CHECK(found.odd[1].path == path("rock/stereo.wav"));
  CHECK(found.odd[1].what == "rate");
  CHECK(found.odd[1].value == 44100);
  CHECK(found.odd[1].usual == 22050);
  CHECK(found.odd[2].what == "channels");

  REQUIRE(found.repeated.size() == 2);
  CHECK(found.repeated[0].same == "bytes");
  CHECK(found.repeated[0].paths == std::vector<std::string>{path("blues/a.wav"), path("rock/copy.wav")});
  CHECK(found.repeated[1].same == "samples");
  CHECK(found.repeated[1].paths ==
        std::vector<std::string>{path("blues/a.wav"), path("rock/copy.flac"), path("rock/copy.wav")});
}

TEST_CASE("an audit names tracks that can be used but hardly should, printably") {
  const temporary_folder folder;
  write_bytes(folder / "x/\x1B[31m.wav", encode(wav16, 22050, 1, std::vector<float>(22050, 0.0F)));
  write_bytes(folder / "x/good.wav", encode(wav16, 22050, 1, noisy(22050, 22050)));
  const corpus_audit found = audit(list_corpus(folder.path().string()), {}, {});
  REQUIRE(found.suspect.size() == 1);
  CHECK(found.suspect[0].path == folder / "x/\\u001b[31m.wav");
  CHECK(found.suspect[0].message == found.suspect[0].path + ": all 22050 samples are equal (0)");
}

TEST_CASE("an audit of a sound corpus finds nothing") {
  const temporary_folder folder;
  for (int i = 0; i < 3; ++i)
    write_bytes(folder / ("x/" + std::to_string(i) + ".wav"),
                encode(wav16, 22050, 1, sine(440 + i, 0.5, 22050, static_cast<std::size_t>(22050 + 1000 * i))));
  const corpus_audit found = audit(list_corpus(folder.path().string()), {}, {});
  CHECK(found.unreadable.empty());
  CHECK(found.odd.empty());
  CHECK(found.repeated.empty());
}

TEST_CASE("an audit in which nothing can be read lists all tracks as unreadable") {
  const corpus_audit found = audit({{0, "/nowhere/a.wav", "a.wav", "x"}, {1, "/nowhere/b.wav", "b.wav", "x"}}, {}, {});
  CHECK(found.unreadable.size() == 2);
  CHECK(found.unreadable[1].reason == "not-found");
  CHECK(found.labels[0].tracks == 2);
  CHECK(found.odd.empty());
}

TEST_CASE("an audit survives being written as JSON and read back") {
  const small_corpus corpus;
  corpus_audit found = audit(list_corpus(corpus.folder.path().string()), {}, {});
  const std::string text = to_json(found);
  corpus_audit copy;
  read_json(text, {"audit", "/"}, description_of(copy));
  CHECK(to_json(copy) == text);
  CHECK(copy.repeated.size() == 2);
}
