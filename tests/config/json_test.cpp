// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/json.hpp"

#include "config/error.hpp"
#include "tests/errors.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <limits>

using namespace fugato;

namespace {

struct inner {
  std::uint32_t n_fft = 2048;
  double rate = 0.5;
};

void describe(visitor& v, inner& x) {
  v("n_fft", x.n_fft, between{16, 65536}, "FFT length [samples]");
  v("rate", x.rate, between{0, 1}, "a share");
}

struct outer {
  bool on = true;
  std::uint64_t seed = 7;
  std::string padding = "zero";
  std::string corpus;
  std::vector<std::string> names{"a"};
  std::vector<double> weights;
  inner features;
  std::vector<inner> parts;
};

void describe(visitor& v, outer& x) {
  v("on", x.on, anything{}, "a switch");
  v("seed", x.seed, anything{}, "of the generator");
  v("padding", x.padding, one_of{{"zero", "reflect"}}, "how edges are padded");
  v("corpus", x.corpus, a_path{}, "a folder");
  v("names", x.names, one_of{{"a", "b", "chroma"}}, "what is wanted");
  v("weights", x.weights, between{0, 10}, "some numbers");
  v("features", x.features, "a section");
  v("parts", x.parts, "a list of sections");
}

outer read(const std::string& text) {
  outer x;
  read_json(text, {"run.json", "/data"}, description_of(x));
  return x;
}

std::string complaint(const std::string& text) {
  try {
    read(text);
  } catch (const error& e) {
    CHECK(e.code() == errc::settings);
    return e.what();
  }
  return "";
}

} // namespace

TEST_CASE("fields that the text leaves out keep their defaults") {
  const outer x = read("{ // a comment\n \"features\": {\"n_fft\": 1024} }");
  CHECK(x.features.n_fft == 1024);
  CHECK(x.features.rate == 0.5);
  CHECK(x.seed == 7);
}

TEST_CASE("what is written reads back equal") {
  outer x;
  x.seed = std::numeric_limits<std::uint64_t>::max();
  x.features.rate = 0.1;
  x.weights = {1.0 / 3.0};
  x.parts = {{32, 0.25}, {64, 0.75}};
  const std::string text = to_json(x);
  const outer y = read(text);
  CHECK(to_json(y) == text);
  CHECK(y.seed == x.seed);
  CHECK(y.weights == x.weights);
  CHECK(y.parts.at(1).n_fft == 64);
}

TEST_CASE("a number that is not finite is written as null") {
  inner x;
  x.rate = std::numeric_limits<double>::quiet_NaN();
  CHECK(nlohmann::json::parse(to_json(x))["rate"].is_null());
}

TEST_CASE("a relative path counts from the folder of the file") {
  CHECK(read(R"({"corpus": "music/gtzan"})").corpus == "/data/music/gtzan");
  CHECK(read(R"({"corpus": "../x"})").corpus == "/x");
  CHECK(read(R"({"corpus": "/abs"})").corpus == "/abs");
}

TEST_CASE("every mistake is one sentence with file, pointer and what must hold") {
  CHECK(complaint(R"({"featurs": {}})") == "run.json: /featurs: unknown setting; did you mean 'features'?");
  CHECK(complaint(R"({"features": {"n_fft": 5}})") == "run.json: /features/n_fft: must lie in [16, 65536], found 5");
  CHECK(complaint(R"({"features": {"n_fft": 64.5}})") ==
        "run.json: /features/n_fft: must be a whole number, found 64.5");
  CHECK(complaint(R"({"features": {"n_fft": "64"}})") ==
        "run.json: /features/n_fft: must be a whole number, found \"64\"");
  CHECK(complaint(R"({"features": 3})") == "run.json: /features: must be an object, found 3");
  CHECK(complaint(R"({"seed": -1})") == "run.json: /seed: must lie in [0, 18446744073709551615], found -1");
  CHECK(complaint(R"({"on": 1})") == "run.json: /on: must be true or false, found 1");
  CHECK(complaint(R"({"padding": "zeros"})") == "run.json: /padding: unknown name 'zeros'; did you mean 'zero'?");
  CHECK(complaint(R"({"names": ["a", "croma"]})") ==
        "run.json: /names/1: unknown name 'croma'; did you mean 'chroma'?");
  CHECK(complaint(R"({"names": "a"})") == "run.json: /names: must be a list, found \"a\"");
  CHECK(complaint(R"({"weights": [1, 11]})") == "run.json: /weights/1: must lie in [0, 10], found 11");
  CHECK(complaint(R"({"parts": [{"n_fft": 32}, {"rat": 1}]})") ==
        "run.json: /parts/1/rat: unknown setting; did you mean 'rate'?");
  CHECK(complaint(R"({"seed": 1, "seed": 2})") == "run.json: /seed: a key must stand only once, found it twice");
  CHECK(complaint(R"({"features": {"rate": 0, "rate": 1}})") ==
        "run.json: /features/rate: a key must stand only once, found it twice");
  CHECK(complaint(R"({"a/b~c": 1})").starts_with("run.json: /a~1b~0c: unknown setting; known: on, seed"));
  CHECK(complaint("[1]") == "run.json: /: must be an object, found [1]");
  const std::string broken = complaint("{\"on\": tru}");
  CHECK(broken.starts_with("run.json: must be JSON (// comments allowed): line 1, column"));
  CHECK(broken.find('\n') == std::string::npos);
}

TEST_CASE("a failed reading is reported for files that cannot be read") {
  outer x;
  CHECK_THROWS_WITH_AS(read_json_file("/no/such.json", description_of(x)), "/no/such.json: must be a readable file",
                       error);
  CHECK_THROWS_AS(read_json_file("/tmp", description_of(x)), error);
}

TEST_CASE("an assignment is the same as a nested object") {
  CHECK(assignment_to_json("features.n_fft=512") == R"({"features":{"n_fft":512}})");
  CHECK(assignment_to_json("corpus=a=b") == R"({"corpus":"a=b"})");
  CHECK(assignment_to_json("names=[\"a\"]") == R"({"names":["a"]})");
  CHECK(assignment_to_json("corpus=") == R"({"corpus":""})");
  CHECK_THROWS_WITH_AS(assignment_to_json("n_fft"), "--set must have the form section.key=value, found 'n_fft'", error);
  CHECK_THROWS_AS(assignment_to_json("=1"), error);
  CHECK_THROWS_AS(assignment_to_json(".a=1"), error);
}

namespace {

outer set(const std::string& assignment) {
  outer x;
  read_json(assignment_to_json(assignment), {"--set " + assignment, "/data"}, description_of(x));
  return x;
}

std::string nested(std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); }

} // namespace

TEST_CASE("a scalar typed on the command line suits a string as it stands") {
  CHECK(set("corpus=2024").corpus == "/data/2024");
  CHECK(set("corpus=1.50").corpus == "/data/1.50");
  CHECK(set("corpus=true").corpus == "/data/true");
  CHECK(set("corpus=\"7\"").corpus == "/data/7");
  CHECK(set("seed=2024").seed == 2024);
  CHECK(sentence(errc::settings, [] { set("padding=1"); }).starts_with("--set padding=1: /padding: unknown name '1'"));
  CHECK(sentence(errc::settings, [] { set("corpus=[1]"); }) ==
        "--set corpus=[1]: /corpus: must be a string, found [1]");
  CHECK(sentence(errc::settings, [] { set("names=[1]"); }) == "--set names=[1]: /names/0: must be a string, found 1");
  CHECK(complaint(R"({"corpus": 2024})") == "run.json: /corpus: must be a string, found 2024");
}

TEST_CASE("a key stands only once inside of an assigned value, too") {
  CHECK(sentence(errc::settings, [] { set(R"(features={"rate":0,"rate":1})"); }) ==
        R"(--set features={"rate":0,"rate":1}: /features/rate: a key must stand only once, found it twice)");
  CHECK_THROWS_AS(assignment_to_json("features..rate=1"), error);
}

TEST_CASE("nesting ends at 64 levels, before anything can exhaust the stack") {
  CHECK(complaint("{\"on\": " + nested(63) + "}").starts_with("run.json: /on: must be true or false, found [[["));
  CHECK(complaint("{\"on\": " + nested(64) + "}") == "run.json: must not nest deeper than 64 levels");
  CHECK(complaint("{\"on\": " + nested(1000000) + "}") == "run.json: must not nest deeper than 64 levels");
  const std::string end = "...: must not nest deeper than 64 levels";
  CHECK(sentence(errc::settings, [] { set("on=" + nested(1000000)); }).ends_with(end));
  std::string key = "a";
  for (int i = 0; i < 20000; ++i)
    key += ".a";
  CHECK(sentence(errc::settings, [&] { set(key + "=1"); }).ends_with(end));
}

TEST_CASE("a message repeats little of what it found, on one line") {
  const std::string big(1000, 'x');
  CHECK(complaint(R"({"on": ")" + big + "\"}") ==
        "run.json: /on: must be true or false, found \"" + std::string(79, 'x') + "...");
  CHECK(complaint(R"({"padding": ")" + big + "\"}").size() < 160);
  CHECK(complaint("{\"" + big + "\": 1}").starts_with("run.json: /" + std::string(80, 'x') + "...: unknown setting"));
  CHECK(complaint("{\"on\": \"" + big).size() < 260);
  CHECK(sentence(errc::settings, [&] { set("on=" + big); }).size() < 250);
  CHECK(sentence(errc::usage, [&] { assignment_to_json(big); }).size() < 160);
  CHECK(complaint(R"({"padding": "z\n\u001b[31m\u009b\u007f"})")
            .starts_with(R"(run.json: /padding: unknown name 'z\n\u001b[31m\u009b\u007f')"));
  CHECK(complaint(R"({"a\nb": 1})").starts_with(R"(run.json: /a\nb: unknown setting)"));
  CHECK(complaint(R"({"a\nb": 1, "a\nb": 2})").starts_with(R"(run.json: /a\nb: a key must)"));
  CHECK(sentence(errc::settings, [] { set("on=a\nb"); }) ==
        R"(--set on=a\nb: /on: must be true or false, found "a\nb")");
  const std::string umlauts = "\xC3\xA4\xC3\xA4"; // 39 and a half would fit: none is cut in two
  std::string many = "y";
  for (int i = 0; i < 30; ++i)
    many += umlauts;
  CHECK(complaint(R"({"padding": ")" + many + "\"}").find("\xC3...") == std::string::npos);
  CHECK(complaint(R"({"padding": ")" + many + "\"}").find("\xA4...") != std::string::npos);
}

TEST_CASE("the schema names types, bounds, defaults and choices") {
  outer x;
  const auto schema = nlohmann::json::parse(write_schema("test", description_of(x)));
  CHECK(schema["additionalProperties"] == false);
  const auto& fields = schema["properties"];
  CHECK(fields["features"]["properties"]["n_fft"]["minimum"] == 16);
  CHECK(fields["features"]["properties"]["n_fft"]["default"] == 2048);
  CHECK(fields["padding"]["enum"] == nlohmann::json{"zero", "reflect"});
  CHECK(fields["names"]["items"]["enum"].size() == 3);
  CHECK(fields["parts"]["items"]["properties"].contains("rate"));
  CHECK(fields["seed"]["type"] == "integer");
}

TEST_CASE("the reference has a row per setting") {
  outer x;
  const std::string table = write_reference(description_of(x));
  CHECK(table.find("| `features.n_fft` | whole number | `2048` | 16 to 65536 | FFT length [samples] |") !=
        std::string::npos);
}

TEST_CASE("JSON is written without anything that commands a terminal, and reads back the same") {
  outer x;
  x.padding = "zero";
  x.corpus = "a\x1B[31m\x7F\u009B\u202E\u2028\n\"b\\";
  const std::string text = to_json(x);
  CHECK(text.find(R"(a\u001b[31m\u007f\u009b\u202e\u2028\n\"b\\)") != std::string::npos);
  outer copy;
  read_json(text, {"x", ""}, description_of(copy));
  CHECK(copy.corpus == x.corpus);
}
