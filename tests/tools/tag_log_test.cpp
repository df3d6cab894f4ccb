// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/tag_log.hpp"

#include "config/files.hpp"
#include "config/read_text.hpp"
#include "tests/errors.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <random>
#include <unistd.h>

using namespace fugato;

namespace {

using content = std::vector<std::byte>;

content random_bytes(std::mt19937& dice, std::size_t size) {
  content result(size);
  for (std::byte& b : result)
    b = static_cast<std::byte>(dice() >> 8U);
  return result;
}

content operator+(content a, const content& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

std::size_t kept(const way_back& x) {
  std::size_t result = 0;
  for (const byte_run& run : x.runs)
    result += run.hex.size() / 2;
  return result;
}

} // namespace

TEST_CASE("the way back leads to the old content, and keeps little where a tag in front or behind has changed") {
  std::mt19937 dice{5};
  const content audio = random_bytes(dice, 100'000);
  for (const std::size_t before : {0U, 10U, 500U})
    for (const std::size_t after : {0U, 10U, 700U}) {
      const content old_tag = random_bytes(dice, before);
      const content new_tag = random_bytes(dice, after);
      for (const bool front : {true, false}) {
        const content old = front ? old_tag + audio : audio + old_tag;
        const content now = front ? new_tag + audio : audio + new_tag;
        const way_back way = difference(old, now);
        CHECK(undone(now, way) == old);
        CHECK(kept(way) <= before + 2);
      }
    }
  content renumbered = audio; // as pages of Ogg are
  for (std::size_t i = 0; i < renumbered.size(); i += 4000)
    renumbered[i] ^= std::byte{1};
  const way_back way = difference(audio, random_bytes(dice, 300) + renumbered);
  CHECK(kept(way) < 200);
  CHECK(undone({}, difference(audio, {})) == audio);
  CHECK(undone(audio, difference({}, audio)).empty());
}

TEST_CASE("a way that leads elsewhere is refused") {
  const content now(10);
  CHECK(sentence(errc::usage, [&] { undone(now, {20, false, {}}); }) != "no error");
  CHECK(sentence(errc::usage, [&] { undone(now, {10, false, {{9, "0000"}}}); }) != "no error");
  CHECK(sentence(errc::usage, [&] { undone(now, {10, false, {{1ULL << 63U, "00"}}}); }) != "no error");
  CHECK(sentence(errc::usage, [&] { undone(now, {1ULL << 60U, false, {}}); }) != "no error");
  CHECK(sentence(errc::usage, [&] { from_hex("0"); }) != "no error");
  CHECK(sentence(errc::usage, [&] { from_hex("zz"); }) != "no error");
}

TEST_CASE("a log keeps paths of any bytes, refuses to be overwritten, and a torn line is left out") {
  const std::string path =
      (std::filesystem::temp_directory_path() / ("fugato-log-" + std::to_string(getpid()))).string();
  const std::string odd = "/music/caf\xE9\n\x1B.mp3";
  tag_change change;
  change.path = odd;
  change.path_hex = to_hex(std::as_bytes(std::span(odd)));
  change.before = {"Rock", "Pop"};
  change.after = {"jazz"};
  change.modified_ns = 1'700'000'000'123'456'789;
  change.sha256_before = std::string(64, 'a');
  change.sha256_after = std::string(64, 'b');
  change.back = {1000, true, {{5, "00ff"}}};
  {
    tag_log log{path};
    log.append(change);
    log.append(change);
  }
  CHECK(sentence(errc::usage, [&] { tag_log{path}; }).find("must not exist yet") != std::string::npos);
  const std::string text = read_text(path, errc::internal);
  CHECK(text.find('\x1B') == std::string::npos);
  write_file(path, text.substr(0, text.size() - 20));
  const auto changes = read_tag_log(path);
  REQUIRE(changes.size() == 1);
  const content bytes = from_hex(changes[0].path_hex);
  CHECK(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()) == odd);
  CHECK(changes[0].before == change.before);
  CHECK(changes[0].modified_ns == change.modified_ns);
  CHECK(changes[0].back.from_end);
  CHECK(changes[0].back.runs[0].hex == "00ff");
  write_file(path, "{}\n");
  CHECK(sentence(errc::usage, [&] { read_tag_log(path); }).starts_with(path + ":1: "));
  write_file(path, "nothing\n");
  CHECK(sentence(errc::usage, [&] { read_tag_log(path); }).starts_with(path + ":1: "));
  std::filesystem::remove(path);
}
