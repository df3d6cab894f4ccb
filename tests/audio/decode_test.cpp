// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/clip.hpp"

#include "tests/audio/decoding.hpp"

#include <algorithm>
#include <thread>

using namespace fugato;
using namespace fugato::test;

namespace {

constexpr int wav16 = SF_FORMAT_WAV | SF_FORMAT_PCM_16;

struct coding {
  std::string name;
  int format;
  double tolerance; ///< greatest difference from what was encoded
};

const coding lossless[] = {
    {"WAV 8", SF_FORMAT_WAV | SF_FORMAT_PCM_U8, 0.5 / 128 + 1e-7},
    {"WAV 16", wav16, 0.5 / 32768 + 1e-7},
    {"WAV 24", SF_FORMAT_WAV | SF_FORMAT_PCM_24, 0.5 / 8388608 + 1e-7},
    {"WAV 32", SF_FORMAT_WAV | SF_FORMAT_PCM_32, 1e-7},
    {"WAV float", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 0},
    {"WAV double", SF_FORMAT_WAV | SF_FORMAT_DOUBLE, 0},
    {"WAV extensible", SF_FORMAT_WAVEX | SF_FORMAT_PCM_16, 0.5 / 32768 + 1e-7},
    {"RF64", SF_FORMAT_RF64 | SF_FORMAT_PCM_16, 0.5 / 32768 + 1e-7},
    {"RIFX", wav16 | SF_ENDIAN_BIG, 0.5 / 32768 + 1e-7},
    {"W64", SF_FORMAT_W64 | SF_FORMAT_PCM_16, 0.5 / 32768 + 1e-7},
    {"AIFF", SF_FORMAT_AIFF | SF_FORMAT_PCM_16, 0.5 / 32768 + 1e-7},
    {"AIFF 24", SF_FORMAT_AIFF | SF_FORMAT_PCM_24, 0.5 / 8388608 + 1e-7},
    {"AU", SF_FORMAT_AU | SF_FORMAT_PCM_16, 0.5 / 32768 + 1e-7},
    {"CAF", SF_FORMAT_CAF | SF_FORMAT_PCM_16, 0.5 / 32768 + 1e-7},
    {"FLAC 16", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 0.5 / 32768 + 1e-7},
    {"FLAC 24", SF_FORMAT_FLAC | SF_FORMAT_PCM_24, 0.5 / 8388608 + 1e-7},
};

const coding lossy[] = {
    {"WAV mu-law", SF_FORMAT_WAV | SF_FORMAT_ULAW, 0.02},
    {"WAV MS ADPCM", SF_FORMAT_WAV | SF_FORMAT_MS_ADPCM, 0.02},
    {"Ogg Vorbis", SF_FORMAT_OGG | SF_FORMAT_VORBIS, 0.03},
    {"Opus", SF_FORMAT_OGG | SF_FORMAT_OPUS, 0.05},
    {"MP3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, 0.03},
};

} // namespace

TEST_CASE("lossless codings give back what was encoded, mono and stereo") {
  for (const coding& c : lossless)
    for (const unsigned channels : {1U, 2U}) {
      CAPTURE(c.name);
      CAPTURE(channels);
      const decoded x = decode(encode(c.format, 44100, channels, sine(440, 0.5, 44100, 20000, channels)), "x", {});
      CHECK(x.rate == 44100);
      CHECK(x.channels == channels);
      CHECK(x.damage.empty());
      CHECK(x.mono.size() == 20000);
      CHECK(greatest_difference(x.mono, sine(440, channels == 1 ? 0.5 : 0.375, 44100, 20000)) <= c.tolerance + 6e-8);
    }
}

TEST_CASE("lossy codings come close, with the right length") {
  for (const coding& c : lossy) {
    CAPTURE(c.name);
    const decoded x = decode(encode(c.format, 48000, 2, sine(440, 0.5, 48000, 48000, 2)), "x", {});
    CHECK(x.rate == 48000);
    CHECK(x.mono.size() >= 48000);
    CHECK(x.mono.size() < 48000 + 2048); // ADPCM fills its last block
    // libsndfile's Opus encoder loses the last few samples to the look-ahead
    const std::vector<float> inner(x.mono.begin(), x.mono.begin() + 47000);
    CHECK(greatest_difference(inner, sine(440, 0.375, 48000, 48000)) <= c.tolerance);
  }
}

TEST_CASE("16-bit samples become int16 / 32768 exactly") {
  const std::vector<float> samples{-1.0F, 32767.0F / 32768, 1.0F / 32768, 0.0F, -1.0F / 32768, 12345.0F / 32768};
  for (const int format : {wav16, SF_FORMAT_FLAC | SF_FORMAT_PCM_16, SF_FORMAT_AIFF | SF_FORMAT_PCM_16})
    CHECK(decode(encode(format, 22050, 1, samples), "x", {}).mono == samples);
}

TEST_CASE("stereo becomes the float mean of the channels") {
  const std::vector<float> two{0.5F, 0.25F, -1.0F, 32767.0F / 32768, 3.0F / 32768, 0.0F};
  const std::vector<float> mean{0.375F, -0.5F / 32768, 1.5F / 32768};
  CHECK(decode(encode(wav16, 22050, 2, two), "x", {}).mono == mean);
  const std::vector<float> three{0.1F, 0.2F, 0.4F};
  CHECK(decode(encode(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 22050, 3, three), "x", {}).mono ==
        std::vector<float>{((0.1F + 0.2F) + 0.4F) / 3.0F});
}

TEST_CASE("floats beyond [-1, 1] are legal and stay as they are") {
  const std::vector<float> samples{1.5F, -7.25F, 1e-30F, 0.0F};
  CHECK(decode(encode(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 22050, 1, samples), "x", {}).mono == samples);
}

TEST_CASE("bytes that begin like no audio are not audio") {
  CHECK(reason("This is a text that was given the name of a recording.") == "not-audio");
  CHECK(reason("x") == "not-audio");
  CHECK(reason(std::string(5000, '\0')) == "not-audio");
  using namespace std::string_literals;
  CHECK(reason("\xFF\xFE"
               "T\0h\0i\0s\0 \0i\0s\0 \0U\0T\0F\0-\0"s) == "not-audio");
  CHECK(reason("\x89PNG\r\n\x1A\n") == "not-audio");
  CHECK(reason("RIFF\x24\x10  AVI LIST") == "not-audio");
}

TEST_CASE("formats that are known but not decoded are unsupported and named") {
  struct {
    std::string bytes, format;
  } const cases[] = {{std::string("\0\0\0\x20"
                                  "ftypM4A ",
                                  12),
                      "MP4"},
                     {std::string("\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9", 10), "WMA"},
                     {"wvpk and so on", "WavPack"},
                     {"\xFF\xF1\x50\x80 and so on", "AAC"},
                     {"MThd and so on", "MIDI"}};
  for (const auto& c : cases) {
    CHECK(reason(c.bytes) == "unsupported-audio");
    const error e = caught([&] { decode(std::as_bytes(std::span(c.bytes)), "x", {}); });
    CHECK(std::string(e.what()).find(c.format) != std::string::npos);
  }
  std::vector<std::byte> wav = encode(wav16, 22050, 1, sine(440, 0.5, 22050, 100));
  patch(wav, 20, 2, 0x0161); // WMA within WAV
  CHECK(reason(wav) == "unsupported-audio");
}

TEST_CASE("a file without samples says so") {
  CHECK(reason(std::vector<std::byte>{}) == "no-samples");
  for (const int format :
       {wav16, SF_FORMAT_AIFF | SF_FORMAT_PCM_16, SF_FORMAT_AU | SF_FORMAT_PCM_16, SF_FORMAT_CAF | SF_FORMAT_PCM_16}) {
    CAPTURE(format);
    CHECK(reason(encode(format, 22050, 1, {})) == "no-samples");
  }
}

TEST_CASE("chunks behind an empty data chunk are not taken for audio") {
  std::vector<std::byte> wav = encode(wav16, 22050, 1, {});
  const std::string list("LIST\x0C\0\0\0INFOISFTxxxx", 20);
  for (const char c : list)
    wav.push_back(static_cast<std::byte>(c));
  patch(wav, 4, 4, wav.size() - 8);
  CHECK(reason(wav) == "no-samples");
}

TEST_CASE("samples that are not finite are refused, or end the good part") {
  for (const float bad : {std::nanf(""), INFINITY, -INFINITY}) {
    std::vector<float> samples = sine(440, 0.5, 22050, 1000);
    samples[700] = bad;
    const std::vector<std::byte> wav = encode(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 22050, 1, samples);
    CHECK(reason(wav) == "non-finite");
    const decoded x = decode(wav, "x", partial());
    CHECK(x.mono == std::vector<float>(samples.begin(), samples.begin() + 700));
    CHECK(x.damage.find("number 700") != std::string::npos);
    samples[0] = bad;
    CHECK(reason(encode(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 22050, 1, samples), partial()) == "non-finite");
  }
}

TEST_CASE("absurd rates and channel counts are refused") {
  const std::vector<std::byte> good = encode(wav16, 22050, 1, sine(440, 0.5, 22050, 1000));
  for (const std::uint64_t rate : {0ULL, 1ULL, 999ULL, 768001ULL, 0x80000000ULL, 0xFFFFFFFFULL}) {
    std::vector<std::byte> wav = good;
    patch(wav, 24, 4, rate);
    CAPTURE(rate);
    CHECK(reason(wav) == "absurd-format");
  }
  for (const std::uint64_t rate : {1000ULL, 768000ULL}) {
    std::vector<std::byte> wav = good;
    patch(wav, 24, 4, rate);
    CHECK(decode(wav, "x", {}).rate == rate);
  }
  for (const std::uint64_t channels : {0ULL, 65ULL, 1025ULL, 65535ULL}) {
    std::vector<std::byte> wav = good;
    patch(wav, 22, 2, channels);
    CAPTURE(channels);
    CHECK(reason(wav) == "absurd-format");
  }
  audio_settings settings;
  settings.max_channels = 1;
  CHECK(reason(encode(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 22050, 2, {0, 0}), settings) == "absurd-format");
}

TEST_CASE("audio longer than max_seconds is refused, audio of just that length is not") {
  audio_settings settings;
  settings.max_seconds = 0.5;
  for (const int format : {wav16, SF_FORMAT_FLAC | SF_FORMAT_PCM_16, SF_FORMAT_OGG | SF_FORMAT_VORBIS}) {
    CHECK(decode(encode(format, 22050, 1, sine(440, 0.5, 22050, 11025)), "x", settings).mono.size() == 11025);
    CHECK(reason(encode(format, 22050, 1, sine(440, 0.5, 22050, 11026)), settings) == "too-large");
  }
}

TEST_CASE("at high rates max_seconds allows as many samples as at 96 kHz") {
  audio_settings settings;
  settings.max_seconds = 0.1;
  CHECK(decode(encode(wav16, 384000, 1, sine(440, 0.5, 384000, 9600)), "x", settings).mono.size() == 9600);
  CHECK(reason(encode(wav16, 384000, 1, sine(440, 0.5, 384000, 9601)), settings) == "too-large");
}

TEST_CASE("samples that are all equal are a warning") {
  const auto warning = [](const std::vector<float>& samples) {
    return decode(encode(wav16, 22050, 1, samples), "x", {}).warning;
  };
  CHECK(warning(std::vector<float>(1000, 0.0F)) == "all 1000 samples are equal (0)");
  CHECK(warning(std::vector<float>(1000, 0.25F)) == "all 1000 samples are equal (0.25)");
  CHECK(warning({0.25F}).empty());
  std::vector<float> click(1000, 0.0F);
  click[999] = 1.0F / 32768;
  CHECK(warning(click).empty());
}

TEST_CASE("bytes of any kind behind a header neither crash nor hang the decoder") {
  std::uint32_t state = 1;
  const auto random = [&state] { return (state = state * 1664525U + 1013904223U) >> 16U; };
  for (const coding& c : lossless) {
    const std::vector<std::byte> good = encode(c.format, 44100, 2, sine(440, 0.5, 44100, 500, 2));
    for (int round = 0; round < 40; ++round) {
      std::vector<std::byte> bytes = good;
      for (int change = 0; change < 4; ++change)
        bytes[random() % std::min<std::size_t>(bytes.size(), 100)] = static_cast<std::byte>(random());
      try {
        const decoded x = decode(bytes, "x", partial());
        CHECK(!x.mono.empty());
        CHECK(std::all_of(x.mono.begin(), x.mono.end(), [](float value) { return std::isfinite(value); }));
      } catch (const error& e) {
        CHECK(std::string(e.what()).starts_with("x: "));
      }
    }
  }
}

TEST_CASE("threads that decode at once do not mix up their errors") {
  const std::vector<std::byte> text(100, std::byte{'x'});
  std::vector<std::byte> wav = encode(wav16, 22050, 1, sine(440, 0.5, 22050, 100));
  patch(wav, 20, 2, 0x0161);
  std::vector<std::string> wrong(4);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < wrong.size(); ++i)
      threads.emplace_back([&, i] {
        for (int round = 0; round < 200; ++round) {
          try {
            decode(i % 2 == 0 ? text : wav, "x", {});
          } catch (const error& e) {
            if (e.code() != (i % 2 == 0 ? errc::not_audio : errc::unsupported_audio))
              wrong[i] = e.what();
          }
        }
      });
  }
  for (const std::string& message : wrong)
    CHECK(message == "");
}

TEST_CASE("the version of libsndfile is known") { CHECK(sndfile_version().starts_with("libsndfile")); }
