// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/clip.hpp"

#include "tests/audio/samples.hpp"

using namespace fugato;
using namespace fugato::test;

namespace {

constexpr int wav16 = SF_FORMAT_WAV | SF_FORMAT_PCM_16;

} // namespace

TEST_CASE("a clip at the analysis rate has the file's samples, bytes and seconds") {
  const temporary_folder folder;
  const std::vector<std::byte> bytes = encode(wav16, 22050, 1, sine(440, 0.5, 22050, 11025));
  write_bytes(folder / "a.wav", bytes);
  const clip x = read_clip(folder / "a.wav", {});
  CHECK(x.rate == 22050);
  CHECK(x.samples.size() == 11025);
  CHECK(x.samples == decode(bytes, "a", {}).mono);
  CHECK(x.file_bytes == bytes.size());
  CHECK(x.file_seconds == 0.5);
  CHECK(x.damage.empty());
}

TEST_CASE("a clip at another rate is mixed to mono, then resampled") {
  const std::vector<std::byte> bytes = encode(wav16, 44100, 2, sine(440, 0.5, 44100, 44101, 2));
  const clip x = make_clip(bytes, "a", {});
  CHECK(x.rate == 22050);
  REQUIRE(x.samples.size() == 22051);
  CHECK(x.file_seconds == doctest::Approx(44101 / 44100.0));
  const std::vector<float> expected = sine(440, 0.375, 22050, 22051); // mean of 0.5 and 0.25
  for (std::size_t i = 2000; i < 20000; ++i)
    REQUIRE(std::abs(x.samples[i] - expected[i]) < 1e-4);
}

TEST_CASE("trimming shortens the samples but not the seconds of the file") {
  std::vector<float> samples(36780, 0.0F);
  std::fill(samples.begin() + 10000, samples.begin() + 20000, 0.25F);
  const std::vector<std::byte> bytes = encode(wav16, 22050, 1, samples);
  audio_settings settings;
  CHECK(make_clip(bytes, "a", settings).samples.size() == 36780);
  settings.trim = true;
  const clip x = make_clip(bytes, "a", settings);
  CHECK(x.samples == std::vector<float>(samples.begin() + 18 * 512, samples.begin() + 42 * 512));
  CHECK(x.file_seconds == doctest::Approx(36780 / 22050.0));
}

TEST_CASE("silence survives trimming whole, as in librosa") {
  audio_settings settings;
  settings.trim = true;
  CHECK(make_clip(encode(wav16, 22050, 1, std::vector<float>(5000, 0.0F)), "a", settings).samples.size() == 5000);
}

TEST_CASE("errors of reading and of decoding begin with the path") {
  const temporary_folder folder;
  write_text(folder / "text.wav", "This is not music.");
  for (const std::string& path : {folder / "text.wav", folder / "absent.wav", folder.path().string()}) {
    const error e = caught([&] { read_clip(path, {}); });
    CHECK(std::string(e.what()).starts_with(path + ": "));
  }
}

TEST_CASE("files too large for max_seconds are refused before they are read") {
  const temporary_folder folder;
  write_text(folder / "a.wav", "RIFF");
  std::filesystem::resize_file(folder / "a.wav", std::uintmax_t{1} << 40U);
  CHECK(caught([&] { read_clip(folder / "a.wav", {}); }).code() == errc::too_large);
  audio_settings settings;
  settings.max_seconds = 1;
  CHECK(max_file_bytes(settings) == (16U << 20U) + 384000);
}

TEST_CASE("samples that resampling would make infinite are refused") {
  std::vector<float> samples = noisy(44100, 5000);
  for (float& x : samples)
    x = x > 0 ? 3.4e38F : -3.4e38F;
  const std::vector<std::byte> bytes = encode(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 44100, 1, samples);
  CHECK(decode(bytes, "a", {}).mono == samples);
  CHECK(caught([&] { make_clip(bytes, "a", {}); }).code() == errc::non_finite);
}

TEST_CASE("a damaged file's good part is resampled like any other") {
  std::vector<std::byte> bytes = encode(wav16, 44100, 1, sine(440, 0.5, 44100, 44100));
  bytes.resize(bytes.size() / 2);
  audio_settings settings;
  settings.on_damage = "partial";
  const clip x = make_clip(bytes, "a", settings);
  CHECK(x.samples.size() == 11020); // 22039 samples are left of 44100
  CHECK(!x.damage.empty());
  CHECK(x.file_seconds == doctest::Approx(22039 / 44100.0));
}
