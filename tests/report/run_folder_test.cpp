// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/run_folder.hpp"

#include "config/files.hpp"
#include "config/json.hpp"
#include "report/run_page.hpp"
#include "tests/errors.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <unistd.h>

using namespace fugato;
namespace fs = std::filesystem;

namespace {

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

const std::string heading = "row,track,chunk,part,label,predicted,p_a,\"p_b,c\"\n";

struct folder {
  std::string path = (fs::temp_directory_path() / ("fugato-run-folder-" + std::to_string(getpid()))).string();
  folder() { fs::create_directories(path); }
  ~folder() { fs::remove_all(path); }
};

} // namespace

TEST_CASE("predictions are read back: the test part, with labels and tracks by number") {
  const judged_rows x = parse_predictions(heading + "0,one,0,train,a,a,0.5,0.5\n"
                                                    "4,\"t,wo\",0,test,\"b,c\",a,0.75,0.25\n"
                                                    "5,\"t,wo\",1,test,\"b,c\",\"b,c\",0.125,0.875\n",
                                          "p.csv");
  CHECK(x.labels == std::vector<std::string>{"a", "b,c"});
  CHECK(x.track_names == std::vector<std::string>{"t,wo"});
  CHECK(x.tracks == std::vector<std::uint32_t>{0, 0});
  CHECK(x.numbers == std::vector<std::uint32_t>{4, 5});
  CHECK(x.truth == std::vector<std::uint32_t>{1, 1});
  CHECK(x.probabilities == std::vector<float>{0.75F, 0.25F, 0.125F, 0.875F});
  CHECK(parse_predictions(heading + "0,,,test,a,a,1,0\n", "p.csv").tracks.empty());
  CHECK(parse_predictions("", "p.csv").truth.empty());
}

TEST_CASE("damaged predictions are told by file and line") {
  const auto told = [](const std::string& text) {
    return sentence(errc::bad_table, [&] { parse_predictions(text, "p.csv"); });
  };
  CHECK(contains(told("row,track\n"), "p.csv: line 1: must be row, track"));
  CHECK(contains(told(heading + "0,x,0,test,a,a,1\n"), "p.csv: line 2: must have 8 fields, found 7"));
  CHECK(contains(told(heading + "0,x,0,test,z,a,1,0\n"), "found 'z'"));
  CHECK(contains(told(heading + "0,x,0,test,a,a,one,0\n"), "must hold numbers, found 'one'"));
  CHECK(contains(told(heading + "0,x,0,test,a,a,1,0\n1,,,test,a,a,1,0\n"), "of every row or of none"));
  CHECK(contains(sentence(errc::bad_table, [] { parse_failures("path,reason,sentence\nx,y\n", "f.csv"); }),
                 "f.csv: line 2"));
}

TEST_CASE("a folder is read back, and its page written") {
  const folder in;
  CHECK(contains(sentence(errc::usage, [&] { read_run_folder(in.path); }), "has no report.json"));
  run_report report;
  report.corpus.path = "music";
  report.add_phase("extract", {1.5, 2.5});
  manifest origin;
  origin.command = "fugato run x.json";
  write_file(in.path + "/report.json", to_json(report));
  write_file(in.path + "/manifest.json", to_json(origin));
  write_file(in.path + "/failures.csv", "path,reason,sentence\nx.wav,not-audio,\"x.wav: must be audio\"\n");
  const run_folder x = read_run_folder(in.path);
  CHECK(x.report.phases.at(0).cpu_seconds == 2.5);
  CHECK(x.origin.command == "fugato run x.json");
  CHECK(x.failures.at(0).sentence == "x.wav: must be audio");
  CHECK_FALSE(x.board);
  CHECK(x.stream.empty());
  write_run_page(in.path);
  CHECK(fs::file_size(in.path + "/report.html") > 1000);
  write_file(in.path + "/trace.json", "{}");
  CHECK(contains(sentence(errc::bad_table, [&] { read_run_folder(in.path); }), "trace.json"));
}
