// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/results.hpp"

#include <doctest/doctest.h>

using namespace fugato;

TEST_CASE("failures are a CSV whose names are quoted where they must be") {
  const std::vector<failure> failures{{{0, "a,b.wav", "", ""}, errc::not_audio, "a,b.wav: must be audio"},
                                      {{1, "c.wav", "", ""}, errc::read_error, "c.wav: \"EIO\""}};
  CHECK(failures_csv(failures) == "path,reason,sentence\n"
                                  "\"a,b.wav\",not-audio,\"a,b.wav: must be audio\"\n"
                                  "c.wav,read-error,\"c.wav: \"\"EIO\"\"\"\n");
}

TEST_CASE("failures are counted by reason") {
  const std::vector<failure> failures{{{}, errc::not_audio, ""}, {{}, errc::not_found, ""}, {{}, errc::not_audio, ""}};
  const auto counts = count_failures(failures);
  REQUIRE(counts.size() == 2);
  CHECK(counts[0].reason == "not-found");
  CHECK(counts[1].reason == "not-audio");
  CHECK(counts[1].tracks == 2);
}

TEST_CASE("the split names every row's part") {
  dataset data;
  data.columns = {"x"};
  data.values = {1, 2, 3};
  data.track_names = {"t1", "t2"};
  data.tracks = {0, 0, 1};
  data.chunks = {0, 1, 0};
  data.label_names = {"blues", "rock"};
  data.labels = {0, 0, 1};
  split parts;
  parts.train = {0, 1};
  parts.test = {2};
  CHECK(split_csv(data, parts) ==
        "row,track,chunk,label,part\n0,t1,0,blues,train\n1,t1,1,blues,train\n2,t2,0,rock,test\n");
}

TEST_CASE("rows that a split leaves out, or sets aside, are named so") {
  dataset data;
  data.columns = {"x"};
  data.values = {1, 2, 3};
  data.label_names = {"blues", "rock"};
  data.labels = {0, 0, 1};
  split parts;
  parts.valid = {1};
  parts.test = {2};
  CHECK(split_csv(data, parts) == "row,track,chunk,label,part\n0,,,blues,none\n1,,,blues,valid\n2,,,rock,test\n");
}

TEST_CASE("predictions have each row's truth, answer and probabilities") {
  dataset data;
  data.columns = {"x"};
  data.values = {1, 2, 3};
  data.track_names = {"a,b.wav", "t2"};
  data.tracks = {0, 0, 1};
  data.chunks = {0, 1, 0};
  data.label_names = {"R&B, soul", "rock"};
  data.labels = {0, 0, 1};
  training_result result;
  result.parts.train = {0, 2};
  result.parts.test = {1};
  result.test.probabilities = {0.25F, 0.75F};
  result.train.probabilities = {1, 0, 0.1F, 0.9F};
  CHECK(predictions_csv(data, result) == "row,track,chunk,part,label,predicted,\"p_R&B, soul\",p_rock\n"
                                         "1,\"a,b.wav\",1,test,\"R&B, soul\",rock,0.25,0.75\n"
                                         "0,\"a,b.wav\",0,train,\"R&B, soul\",\"R&B, soul\",1,0\n"
                                         "2,t2,0,train,rock,rock,0.1,0.9\n");
}

TEST_CASE("the host has a processor, cores and a name") {
  const host_report host = this_host();
  CHECK_FALSE(host.cpu.empty());
  CHECK(host.cores >= 1);
  CHECK(host.load_average.size() == 3);
  CHECK(utc_now().size() == 20);
}
