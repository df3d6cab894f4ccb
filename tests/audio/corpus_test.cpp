// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/corpus.hpp"

#include "config/hash.hpp"

#include "audio/bytes.hpp"
#include "tests/audio/samples.hpp"

#include <sys/stat.h>
#include <unistd.h>

using namespace fugato;
using namespace fugato::test;

namespace {

/// Names and labels in order, as "name<label> ..."; ids must count from 0.
std::string summary(const std::vector<track>& tracks) {
  std::string result;
  std::uint32_t id = 0;
  for (const track& t : tracks) {
    CHECK(t.id == id++);
    result += (result.empty() ? "" : " ") + t.name + "<" + t.label + ">";
  }
  return result;
}

void touch(const std::string& path) { write_text(path, "x"); }

std::string complaint(const std::string& list) {
  const temporary_folder folder;
  write_text(folder / "list.csv", list);
  const error e = caught([&] { list_corpus(folder / "list.csv"); });
  CHECK(e.code() == errc::settings);
  const std::string message = e.what();
  REQUIRE(message.starts_with(folder / "list.csv"));
  return message.substr((folder / "list.csv").size());
}

} // namespace

TEST_CASE("a folder's sub-folders are labels, searched to any depth and sorted bytewise") {
  const temporary_folder folder;
  for (const char* path : {"rock/b.wav", "rock/B.wav", "rock/deep/er/a.flac", "blues/z.OGG", "Jazz/k.Mp3"})
    touch(folder / path);
  const std::vector<track> tracks = list_corpus(folder.path().string());
  const std::string expected = "k.Mp3<Jazz> z.OGG<blues> B.wav<rock> b.wav<rock> a.flac<rock>";
  CHECK(summary(tracks) == expected);
  CHECK(tracks[0].path == folder / "Jazz/k.Mp3");
  CHECK(corpus_digest(list_corpus(folder.path().string() + "/")) == corpus_digest(tracks));
}

TEST_CASE("what is hidden or has another extension is no track") {
  const temporary_folder folder;
  for (const char* path : {"rock/a.wav", "rock/._a.wav", "rock/.b.wav", "rock/notes.txt", "rock/cover.jpg", "rock/wav",
                           ".git/c.wav", "rock/d.wav.part"})
    touch(folder / path);
  CHECK(summary(list_corpus(folder.path().string())) == "a.wav<rock>");
}

TEST_CASE("a folder named like a recording is a folder") {
  const temporary_folder folder;
  touch(folder / "rock/a.wav");
  touch(folder / "rock/album.wav/b.wav");
  CHECK(list_corpus(folder.path().string()).size() == 2);
}

TEST_CASE("a folder named like a recording that holds none is a track, which fails") {
  const temporary_folder folder;
  touch(folder / "rock/a.wav");
  std::filesystem::create_directory(folder / "rock/b.wav");
  std::filesystem::create_directory(folder / "rock/empty");
  std::filesystem::create_directory_symlink(".", folder / "rock/c.flac");
  const std::vector<track> tracks = list_corpus(folder.path().string());
  const std::string expected = "a.wav<rock> rock/b.wav<rock> rock/c.flac<rock>";
  CHECK(summary(tracks) == expected);
  CHECK(caught([&] { read_file(tracks[1].path, 1000); }).code() == errc::not_regular);
}

TEST_CASE("names and labels are printable and no formulas; paths stay what they are") {
  const temporary_folder folder;
  touch(folder / "=1+1/line\nend.wav");
  touch(folder / "=1+1/caf\xE9.wav");
  touch(folder / "=1+1/caf\\xe9.wav");
  touch(folder / "rock/-a.wav");
  const std::vector<track> tracks = list_corpus(folder.path().string());
  const std::string expected = "caf\\\\xe9.wav<\\u003d1+1> caf\\xe9.wav<\\u003d1+1> line\\nend.wav<\\u003d1+1> "
                               "\\u002da.wav<rock>";
  CHECK(summary(tracks) == expected);
  CHECK(tracks[2].path == folder / "=1+1/line\nend.wav");
  CHECK(read_file(tracks[1].path, 1000).size() == 1);
}

TEST_CASE("file names that repeat make all tracks go by their paths within the corpus") {
  const temporary_folder folder;
  for (const char* path : {"blues/1.wav", "rock/1.wav", "rock/2.wav"})
    touch(folder / path);
  const std::string expected = "blues/1.wav<blues> rock/1.wav<rock> rock/2.wav<rock>";
  CHECK(summary(list_corpus(folder.path().string())) == expected);
}

TEST_CASE("links are followed, but not in circles") {
  const temporary_folder folder;
  const temporary_folder elsewhere;
  touch(folder / "rock/a.wav");
  touch(elsewhere / "b.wav");
  std::filesystem::create_directory_symlink("..", folder / "rock/up");
  std::filesystem::create_directory_symlink(".", folder / "rock/here");
  std::filesystem::create_symlink("self", folder / "rock/self");
  std::filesystem::create_directory_symlink(elsewhere.path(), folder / "jazz");
  const std::string expected = "b.wav<jazz> a.wav<rock>";
  CHECK(summary(list_corpus(folder.path().string())) == expected);
}

TEST_CASE("links to nowhere and FIFOs are tracks, for reading them tells what is wrong") {
  const temporary_folder folder;
  touch(folder / "rock/a.wav");
  std::filesystem::create_symlink("nowhere", folder / "rock/b.wav");
  REQUIRE(::mkfifo((folder / "rock/c.wav").c_str(), 0600) == 0);
  CHECK(list_corpus(folder.path().string()).size() == 3);
}

TEST_CASE("a file beside genre folders is an error, not a genre without a name") {
  const temporary_folder folder;
  const std::string root = folder.path().string();
  const auto refusal = [&] {
    const error e = caught([&] { list_corpus(root); });
    CHECK(e.code() == errc::settings);
    return std::string(e.what());
  };
  touch(folder / "top.wav");
  touch(folder / "also.wav");
  CHECK(summary(list_corpus(root)) == "also.wav<> top.wav<>");
  touch(folder / "rock/a.wav");
  CHECK(refusal() == root + ": files must lie in a folder per genre, but 'also.wav' and 1 more lie beside the genre "
                            "folders; move them, or list the corpus in a .csv");
  std::filesystem::remove(folder / "also.wav");
  CHECK(refusal() == root + ": files must lie in a folder per genre, but 'top.wav' lies beside the genre folders; move "
                            "it, or list the corpus in a .csv");
}

TEST_CASE("tracks in formats that cannot be decoded are listed, so that they fail with a reason") {
  const temporary_folder folder;
  const std::vector<std::string> foreign{"m4a", "aac", "wma", "ape", "wv",  "tta", "mpc",
                                         "mka", "ac3", "dsf", "dff", "amr", "M4A", "bwf"};
  for (const std::string& extension : foreign)
    touch(folder / ("rock/a." + extension));
  CHECK(list_corpus(folder.path().string()).size() == foreign.size());
  CHECK_FALSE(has_audio_extension("a.mp4"));
}

namespace {

/// Root lists everything: for a while, this process is someone else.
struct no_root {
  no_root() { REQUIRE((::geteuid() != 0 || ::seteuid(65534) == 0)); }
  ~no_root() { CHECK((::getuid() != 0 || ::seteuid(0) == 0)); }
  no_root(const no_root&) = delete;
  no_root& operator=(const no_root&) = delete;
};

/// A folder that may not be listed until this is gone.
struct locked {
  std::string path;
  explicit locked(std::string p) : path(std::move(p)) {
    std::filesystem::permissions(path, std::filesystem::perms::none);
  }
  ~locked() { std::filesystem::permissions(path, std::filesystem::perms::owner_all); }
  locked(const locked&) = delete;
  locked& operator=(const locked&) = delete;
};

} // namespace

TEST_CASE("a sub-folder that may not be listed is a track that fails, not a smaller corpus") {
  const temporary_folder folder;
  std::filesystem::permissions(folder.path(), static_cast<std::filesystem::perms>(0755));
  touch(folder / "rock/a.wav");
  touch(folder / "rock/live/b.wav");
  touch(folder / "jazz/c.wav");
  std::filesystem::create_directory_symlink("../jazz/inner", folder / "rock/link");
  const locked jazz(folder / "jazz");
  const locked live(folder / "rock/live");
  const no_root someone;
  const std::vector<track> tracks = list_corpus(folder.path().string());
  const std::string expected = "jazz<jazz> a.wav<rock> rock/link<rock> rock/live<rock>";
  CHECK(summary(tracks) == expected);
  CHECK(tracks[0].path == folder / "jazz");
  for (const std::size_t i : {0U, 2U, 3U})
    CHECK(caught([&] { read_file(tracks[i].path, 1000); }).code() == errc::permission);
  CHECK(list_files({folder / "rock"}).size() == 3);
}

TEST_CASE("a folder that may not be listed beside files without labels is no genre") {
  const temporary_folder folder;
  std::filesystem::permissions(folder.path(), static_cast<std::filesystem::perms>(0755));
  touch(folder / "a.wav");
  touch(folder / "covers/b.wav");
  const locked covers(folder / "covers");
  const no_root someone;
  CHECK(summary(list_corpus(folder.path().string())) == "a.wav<> covers<>");
}

TEST_CASE("a corpus that may not be listed itself is an error") {
  const temporary_folder folder;
  touch(folder / "rock/a.wav");
  const locked root(folder.path().string());
  const no_root someone;
  CHECK(caught([&] { list_corpus(folder.path().string()); }).code() == errc::permission);
}

TEST_CASE("a list has paths and labels, relative to its folder, in any common dialect") {
  const temporary_folder folder;
  write_text(folder / "lists/gtzan.csv", "\xEF\xBB\xBFpath,label\r\n"
                                         "# a comment, with \"quotes\"\r\n"
                                         "\r\n"
                                         "../rock/b.wav , rock\r\n"
                                         "\"with, comma.wav\",jazz\r\n"
                                         "\"with \"\"quotes\"\".wav\",\"hip, hop\"\r\n"
                                         "/absolute/a.mp3,blues\r\n"
                                         "unlabelled.wav\r\n"
                                         "empty label.wav,");
  const std::vector<track> tracks = list_corpus(folder / "lists/gtzan.csv");
  const std::string expected =
      "empty label.wav<> unlabelled.wav<> a.mp3<blues> with \"quotes\".wav<hip, hop> with, comma.wav<jazz> b.wav<rock>";
  CHECK(summary(tracks) == expected);
  CHECK(tracks[0].path == folder / "lists/empty label.wav");
  CHECK(tracks[2].path == "/absolute/a.mp3");
  CHECK(tracks[5].path == folder / "rock/b.wav");
}

TEST_CASE("a list's repeated file names go by the paths as listed") {
  const temporary_folder folder;
  write_text(folder / "list.txt", "a/1.wav,x\nb/1.wav,y\n");
  const std::string expected = "a/1.wav<x> b/1.wav<y>";
  CHECK(summary(list_corpus(folder / "list.txt")) == expected);
}

TEST_CASE("what is wrong with a list is said with its line") {
  CHECK(complaint("a.wav,x\n\"b.wav,y\n") == ":2: a quoted field must end with a quote in the same line");
  CHECK(complaint("\"a.wav\"b,y\n") == ":1: a comma or the line's end must follow a closing quote");
  CHECK(complaint("a.wav,x,z\n") == ":1: must be path[,label], but has 3 fields; quote a field that has commas");
  CHECK(complaint("#\n,x\n") == ":2: the path must not be empty");
  CHECK(complaint("a.wav,x\nb.wav\na.wav,y\n") == ":3: 'a.wav' is listed twice, first in line 1");
  CHECK(complaint(std::string("a\0.wav,x\n", 9)) == ":1: a list must be UTF-8 text, but holds a zero byte");
  CHECK(complaint("a.wav\n./a.wav\n").find("listed twice under different spellings") != std::string::npos);
}

TEST_CASE("one audio file is a corpus of one") {
  const temporary_folder folder;
  touch(folder / "a.flac");
  CHECK(summary(list_corpus(folder / "a.flac")) == "a.flac<>");
}

TEST_CASE("a corpus that is not there, empty or something else says what it must be") {
  const temporary_folder folder;
  touch(folder / "notes.pdf");
  write_text(folder / "empty.csv", "path,label\n# nothing\n");
  const auto code = [](const std::string& path) {
    const error e = caught([&] { list_corpus(path); });
    CHECK(std::string(e.what()).starts_with(path + ": "));
    return e.code();
  };
  CHECK(code(folder / "absent") == errc::not_found);
  CHECK(code(folder.path().string()) == errc::not_found);
  CHECK(code(folder / "empty.csv") == errc::not_found);
  CHECK(code(folder / "notes.pdf") == errc::settings);
  CHECK(code("") == errc::not_found);
}

TEST_CASE("files and folders to predict keep the order of the arguments") {
  const temporary_folder folder;
  for (const char* path : {"z.wav", "songs/b/2.wav", "songs/a/1.wav", "strange.bin"})
    touch(folder / path);
  const std::vector<track> tracks = list_files(
      {folder / "z.wav", folder / "songs/", folder / "strange.bin", folder / "songs/../z.wav", folder / "absent.wav"});
  const std::string expected = "z.wav<> 1.wav<> 2.wav<> strange.bin<> absent.wav<>";
  CHECK(summary(tracks) == expected);
}

TEST_CASE("files to predict with equal names go by their paths") {
  const temporary_folder folder;
  touch(folder / "a/1.wav");
  touch(folder / "b/1.wav");
  const std::string expected = (folder / "b/1.wav") + "<>" + " " + (folder / "a/1.wav") + "<>";
  CHECK(summary(list_files({folder / "b/1.wav", folder / "a"})) == expected);
  std::filesystem::create_directory(folder / "empty");
  CHECK(caught([&] { list_files({folder / "a/1.wav", folder / "empty"}); }).code() == errc::not_found);
}

TEST_CASE("the digest is of a listing that has a quoted line for each track") {
  CHECK(corpus_digest({{0, "/x/a.wav", "a.wav", "rock"}, {1, "/x/b, \"c\".wav", "b, \"c\".wav", ""}}) ==
        sha256_hex("a.wav,rock,/x/a.wav\n\"b, \"\"c\"\".wav\",,\"/x/b, \"\"c\"\".wav\"\n"));
}
