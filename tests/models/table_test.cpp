// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/table.hpp"
#include "tests/errors.hpp"
#include "tests/models/blobs.hpp"

#include <doctest/doctest.h>

#include <unistd.h>

#include <bit>
#include <cmath>
#include <ctime>
#include <filesystem>
#include <limits>
#include <random>
#include <sstream>

using namespace fugato;

namespace {

using names = std::vector<std::string>;
using numbers = std::vector<std::uint32_t>;

dataset read(const std::string& text) { return parse_table(text, "t.csv"); }
std::string refusal(const std::string& text) {
  return sentence(errc::bad_table, [&] { read(text); });
}

std::string written(const dataset& table) {
  std::ostringstream out;
  write_table(out, table);
  return out.str();
}

} // namespace

TEST_CASE("a table with our row names reads with tracks, chunks and sorted labels") {
  const dataset t = read("file_name,a,b,label\n"
                         "rock.1.wav.1,1,2,rock\nrock.1.wav.0,3,4,rock\nblues.1.wav.0,5.5,-6e2,blues\n");
  CHECK(t.columns == names{"a", "b"});
  CHECK(t.values == std::vector<float>{1, 2, 3, 4, 5.5F, -600});
  CHECK(t.track_names == names{"rock.1.wav", "blues.1.wav"});
  CHECK(t.tracks == numbers{0, 0, 1});
  CHECK(t.chunks == numbers{1, 0, 0});
  CHECK(t.label_names == names{"blues", "rock"});
  CHECK(t.labels == numbers{1, 1, 0});
}

TEST_CASE("a table of GTZAN's 3 s segments as published reads with its tracks; length stays a column") {
  const dataset t = read("filename,length,chroma_stft_mean,label\r\n"
                         "blues.00000.0.wav,66149,0.335,blues\r\nblues.00000.1.wav,66149,0.343,blues\r\n"
                         "blues.00001.0.wav,66149,0.346,blues\r\n");
  CHECK(t.columns == names{"length", "chroma_stft_mean"});
  CHECK(t.track_names == names{"blues.00000", "blues.00001"});
  CHECK(t.chunks == numbers{0, 1, 0});
}

TEST_CASE("in Fugato's own column the last number is the chunk, whatever the track is called") {
  const std::string rows = "song.0,1\nsong.1,2\ntrackB.mpga.0,3\ntrackB.mpga.1,4\nc.bwf.0,5\n";
  const dataset t = read("file_name,x\n" + rows);
  CHECK(t.track_names == names{"song", "trackB.mpga", "c.bwf"});
  CHECK(t.tracks == numbers{0, 0, 1, 1, 2});
  CHECK(t.chunks == numbers{0, 1, 0, 1, 0});
  CHECK(read("filename,x\n" + rows).track_names ==
        names{"song.0", "song.1", "trackB.mpga.0", "trackB.mpga.1", "c.bwf"});
  CHECK(read("file_name,x\nblues.00000.wav,1\nblues.00000,2\n").track_names == names{"blues.00000.wav", "blues.00000"});
  CHECK(read("file_name,x\nblues.00000.3.wav,1\nblues.00000.4.wav,2\n").track_names == names{"blues.00000"});
  CHECK(refusal("file_name,x\na.0,1\n\na.0,1\na.1,2\n") ==
        "t.csv: line 4: column 'file_name': a chunk must stand only once, found 'a.0' again");
}

TEST_CASE("tracks of any name are the same tracks after being written and read") {
  dataset t;
  t.columns = {"x"};
  t.values = {1, 2, 3, 4};
  t.track_names = {"take.1", "a.bwf", "no extension"};
  t.tracks = {0, 0, 1, 2};
  t.chunks = {0, 1, 0, 0};
  const dataset back = read(written(t));
  CHECK(back.track_names == t.track_names);
  CHECK(back.tracks == t.tracks);
  CHECK(back.chunks == t.chunks);
}

TEST_CASE("a track named on several rows has chunks in order of occurrence") {
  const dataset t = read("filename,x\nb.wav,1\na.wav,2\nb.wav,3\nb.wav,4\n");
  CHECK(t.track_names == names{"b.wav", "a.wav"});
  CHECK(t.tracks == numbers{0, 1, 0, 0});
  CHECK(t.chunks == numbers{0, 0, 1, 2});
  CHECK(t.labels.empty());
}

TEST_CASE("names and labels may be missing, labels may be called genre or class") {
  const dataset plain = read("x,y\n1,2\n");
  CHECK(plain.track_names.empty());
  CHECK(plain.tracks.empty());
  CHECK(plain.label_names.empty());
  CHECK(read("x,genre\n1,jazz\n").label_names == names{"jazz"});
  CHECK(read("class,x\n7,1\n").label_names == names{"7"});
  CHECK(read("class,x,label\n7,1,pop\n").columns == names{"class", "x"});
}

TEST_CASE("pandas' leading index columns are left out when they hold row numbers") {
  CHECK(read(",x\n0,1.5\n1,2.5\n").columns == names{"x"});
  CHECK(read("Unnamed: 0.1,Unnamed: 0,x\n0,17,1.5\n").values == std::vector<float>{1.5F});
  CHECK(refusal(",x\n0,1\na.wav,2\n") == "t.csv: line 3: column 1: a leading column without a name must hold row "
                                         "numbers (name it if it is something else), found 'a.wav'");
  CHECK(refusal("x,\n1,2\n") == "t.csv: line 1: column 2: must have a name; only leading columns of row numbers may go "
                                "without");
}

TEST_CASE("cells that are no finite number are errors with their place") {
  const std::string must = "must be a finite number (text may stand in the columns file_name and label only), found ";
  CHECK(refusal("x,y\n1,2\n3,\n") == "t.csv: line 3: column 'y': " + must + "an empty cell");
  CHECK(refusal("x,artist\n1,Bach\n") == "t.csv: line 2: column 'artist': " + must + "'Bach'");
  for (const char* cell :
       {"nan", "NaN", "inf", "-Infinity", "1e39", "1e5000", "1.5 2", "0x10", "1,5 ", "--1", "+-1", "+"})
    CHECK_MESSAGE(refusal("x\n" + std::string(cell) + "\n") != "no error", cell);
}

TEST_CASE("numbers may have blanks around them, a plus sign, or be too small for float32") {
  const dataset t = read("x\n 1.5\t\n+2\n1e-60\n1e-4000\n1.401298464324817e-45\n.5\n3.\n-0\n");
  CHECK(t.values == std::vector<float>{1.5F, 2, 0, 0, std::numeric_limits<float>::denorm_min(), .5F, 3, 0});
  CHECK(std::signbit(t.values[7]));
}

TEST_CASE("what is wrong with a table's form is an error with its line") {
  CHECK(refusal("") == "t.csv: must start with a line of column names, found an empty file");
  CHECK(refusal("x,y\n") == "t.csv: must hold at least one row below the column names, found none");
  CHECK(refusal("file_name,label\na,b\n") == "t.csv: must have at least one column of numbers, found none");
  CHECK(refusal("x,y\n1,2\n\n3\n") == "t.csv: line 4: must hold 2 fields like the column names, found 1");
  CHECK(refusal("x,y\n1,2,3\n") == "t.csv: line 2: must hold 2 fields like the column names, found 3");
  CHECK(refusal("x,y,x\n1,2,3\n") ==
        "t.csv: line 1: column 'x': a name must stand only once, found it in columns 1 and 3");
  CHECK(refusal("x,label\n1,a\n2,\n") ==
        "t.csv: line 3: column 'label': each row must have a label, found an empty cell");
  CHECK(refusal("filename,x\n,1\n") ==
        "t.csv: line 2: column 'filename': each row must name its track, found an empty cell");
  CHECK(refusal("filename,x\na.wav.1,1\na.wav.1,1\n") ==
        "t.csv: line 3: column 'filename': a chunk must stand only once, found 'a.wav.1' again");
}

TEST_CASE("a table that is not there is an error with its path") {
  CHECK(sentence(errc::bad_table, [] { read_table("/nowhere/t.csv"); }) == "/nowhere/t.csv: must be a readable file");
  CHECK(sentence(errc::bad_table, [] { read_table("/tmp"); }) == "/tmp: must be a readable file");
}

TEST_CASE("a table is written with row names, shortest numbers and LF") {
  dataset t;
  t.columns = {"a", "b,c"};
  t.values = {0.1F, 1e-5F, -0.0F, 16777216.0F};
  t.track_names = {"x.wav"};
  t.tracks = {0, 0};
  t.chunks = {0, 1};
  t.label_names = {"hip, hop"};
  t.labels = {0, 0};
  CHECK(written(t) == "file_name,a,\"b,c\",label\n"
                      "x.wav.0,0.1,1e-05,\"hip, hop\"\nx.wav.1,-0,16777216,\"hip, hop\"\n");
  t.track_names.clear();
  t.tracks.clear();
  t.labels.clear();
  CHECK(written(t) == "a,\"b,c\"\n0.1,1e-05\n-0,16777216\n");
}

TEST_CASE("a written table reads back equal, to the bit") {
  dataset t = blobs();
  const std::string path =
      (std::filesystem::temp_directory_path() / ("fugato_table_test-" + std::to_string(getpid()) + ".csv")).string();
  write_table(path, t);
  const dataset back = read_table(path);
  std::filesystem::remove(path);
  CHECK(back.columns == t.columns);
  CHECK(back.values == t.values);
  CHECK(back.track_names == t.track_names);
  CHECK(back.tracks == t.tracks);
  CHECK(back.chunks == t.chunks);
  CHECK(back.label_names == t.label_names);
  CHECK(back.labels == t.labels);
  CHECK(sentence(errc::output, [&] { write_table("/nowhere/t.csv", t); }) != "no error");
}

TEST_CASE("a hundred thousand random float32 read back to the same bits") {
  dataset t;
  t.columns = {"a", "b", "c", "d"};
  std::mt19937 bits(3);
  while (t.values.size() < 100000)
    if (const auto x = std::bit_cast<float>(static_cast<std::uint32_t>(bits())); std::isfinite(x))
      t.values.push_back(x);
  const dataset back = read(written(t));
  REQUIRE(back.values.size() == t.values.size());
  std::size_t different = 0;
  for (std::size_t i = 0; i < t.values.size(); ++i)
    different += std::bit_cast<std::uint32_t>(back.values[i]) != std::bit_cast<std::uint32_t>(t.values[i]) ? 1 : 0;
  CHECK(different == 0);
}

TEST_CASE("ten thousand rows of sixty columns read in well under a second") {
  const std::string text = written(blobs({.classes = 10, .tracks_per_class = 100, .chunks = 10, .width = 60}));
  const std::clock_t start = std::clock(); // of this process, whatever else the machine does
  const dataset t = read(text);
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  CHECK(t.rows() == 10000);
  MESSAGE("read in ", seconds, " s of CPU");
  CHECK(seconds < 5); // far above the usual 0.05 s: it may be sanitised
}
