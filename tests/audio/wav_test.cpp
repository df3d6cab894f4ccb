// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/wav.hpp"

#include "config/error.hpp"

#include <doctest/doctest.h>
#include <sndfile.h>

#include <filesystem>
#include <string>
#include <unistd.h>
#include <vector>

namespace fs = std::filesystem;
using namespace fugato;

namespace {

struct scratch {
  fs::path dir = fs::temp_directory_path() / ("fugato-wav-test-" + std::to_string(::getpid()));
  scratch() { fs::create_directories(dir); }
  ~scratch() { fs::remove_all(dir); }
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;
};

std::vector<std::int16_t> ramp() {
  std::vector<std::int16_t> samples;
  for (int x = -32768; x <= 32767; x += 5)
    samples.push_back(static_cast<std::int16_t>(x));
  samples.push_back(32767);
  return samples;
}

} // namespace

TEST_CASE("a WAV file gives back the samples and the rate that were written") {
  const scratch here;
  const std::string path = here.dir / "ramp.wav";
  const std::vector<std::int16_t> samples = ramp();
  write_wav(path, samples, 22050);

  SF_INFO found{};
  SNDFILE* file = sf_open(path.c_str(), SFM_READ, &found);
  REQUIRE(file != nullptr);
  CHECK(found.samplerate == 22050);
  CHECK(found.channels == 1);
  CHECK(found.format == (SF_FORMAT_WAV | SF_FORMAT_PCM_16));
  REQUIRE(found.frames == static_cast<sf_count_t>(samples.size()));
  std::vector<std::int16_t> back(samples.size());
  CHECK(sf_read_short(file, back.data(), found.frames) == found.frames);
  CHECK(sf_close(file) == 0);
  CHECK(back == samples);
}

TEST_CASE("a WAV file has the announced size, also without samples, and leaves no partial file") {
  const scratch here;
  for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{1000}}) {
    const std::string path = here.dir / (std::to_string(count) + ".wav");
    write_wav(path, std::vector<std::int16_t>(count, 7), 44100);
    CHECK(fs::file_size(path) == wav_bytes(count));
    CHECK_FALSE(fs::exists(path + ".partial"));
  }
}

TEST_CASE("writing replaces an older file") {
  const scratch here;
  const std::string path = here.dir / "twice.wav";
  write_wav(path, ramp(), 22050);
  write_wav(path, std::vector<std::int16_t>(3, 1), 22050);
  CHECK(fs::file_size(path) == wav_bytes(3));
}

TEST_CASE("a WAV file that cannot be written is an output error that names it") {
  const scratch here;
  const auto code_of = [](const std::string& path) {
    try {
      write_wav(path, std::vector<std::int16_t>(3, 1), 22050);
    } catch (const error& e) {
      CHECK(std::string(e.what()).starts_with(path + ": "));
      return e.code();
    }
    return errc::internal;
  };
  CHECK(code_of(here.dir / "absent" / "x.wav") == errc::output);

  const std::string taken = here.dir / "folder.wav";
  fs::create_directories(taken + "/inside");
  CHECK(code_of(taken) == errc::output);
  CHECK(fs::is_directory(taken));
  CHECK_FALSE(fs::exists(taken + ".partial"));
}

TEST_CASE("a full disk is an output error and leaves the older file as it was") {
  const scratch here;
  const std::string path = here.dir / "full.wav";
  write_wav(path, std::vector<std::int16_t>(3, 1), 22050);
  fs::create_symlink("/dev/full", path + ".partial");
  CHECK_THROWS_AS(write_wav(path, std::vector<std::int16_t>(100000, 1), 22050), error);
  CHECK(fs::file_size(path) == wav_bytes(3));
  CHECK_FALSE(fs::is_symlink(path + ".partial"));
}
