// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/container.hpp"

#include "tests/audio/decoding.hpp"

using namespace fugato;
using namespace fugato::test;

namespace {

constexpr int wav16 = SF_FORMAT_WAV | SF_FORMAT_PCM_16;

} // namespace

TEST_CASE("a WAV file cut off is damaged; its good part ends where the file ends") {
  const std::vector<float> samples = sine(440, 0.5, 22050, 20000);
  const std::vector<std::byte> wav = encode(wav16, 22050, 1, samples);
  const std::vector<std::byte> whole = decode(wav, "x", {}).mono.size() == 20000 ? wav : std::vector<std::byte>{};
  for (const std::size_t kept : {1UL, 4096UL, 9999UL, 19999UL}) {
    const std::vector<std::byte> stump = cut_off(whole, data_of(wav) + 2 * kept);
    CHECK(reason(stump) == "damaged-audio");
    const decoded x = decode(stump, "x", partial());
    CHECK(x.mono.size() == kept);
    CHECK(greatest_difference(x.mono, samples) < 2e-5);
    CHECK(x.damage.find("40000 bytes") != std::string::npos);
  }
  for (const std::size_t size : {4UL, 12UL, 20UL, 36UL, 40UL, 44UL}) {
    CAPTURE(size);
    const std::string_view expected = size < 12 ? "not-audio" : "damaged-audio";
    CHECK(reason(cut_off(wav, size)) == expected);
    CHECK(reason(cut_off(wav, size), partial()) == expected);
  }
}

TEST_CASE("other formats cut off are damaged, and their good part is used") {
  for (const int format :
       {SF_FORMAT_WAVEX | SF_FORMAT_PCM_24, SF_FORMAT_RF64 | SF_FORMAT_PCM_16, wav16 | SF_ENDIAN_BIG,
        SF_FORMAT_W64 | SF_FORMAT_PCM_16, SF_FORMAT_VOC | SF_FORMAT_PCM_16, SF_FORMAT_NIST | SF_FORMAT_PCM_16,
        SF_FORMAT_AIFF | SF_FORMAT_PCM_16, SF_FORMAT_AU | SF_FORMAT_PCM_16, SF_FORMAT_CAF | SF_FORMAT_PCM_16,
        SF_FORMAT_FLAC | SF_FORMAT_PCM_16, SF_FORMAT_OGG | SF_FORMAT_VORBIS, SF_FORMAT_OGG | SF_FORMAT_OPUS,
        SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III}) {
    CAPTURE(format);
    const std::vector<std::byte> bytes = encode(format, 48000, 1, noisy(48000, 100000));
    const std::vector<float> whole = decode(bytes, "x", {}).mono;
    const std::vector<std::byte> stump = cut_off(bytes, bytes.size() * 7 / 10);
    CHECK(reason(stump) == "damaged-audio");
    const decoded x = decode(stump, "x", partial());
    CHECK(!x.damage.empty());
    CHECK(x.mono.size() > 20000);
    CHECK(x.mono.size() < 100000);
    CHECK(greatest_difference(x.mono, whole) < 1e-3);
  }
}

TEST_CASE("changed bytes are noticed where the format has checksums") {
  for (const int format :
       {SF_FORMAT_FLAC | SF_FORMAT_PCM_16, SF_FORMAT_OGG | SF_FORMAT_VORBIS, SF_FORMAT_OGG | SF_FORMAT_OPUS}) {
    CAPTURE(format);
    std::vector<std::byte> bytes = encode(format, 48000, 1, noisy(48000, 100000));
    const std::vector<float> whole = decode(bytes, "x", {}).mono;
    bytes[bytes.size() * 7 / 10] ^= std::byte{0x5A};
    CHECK(reason(bytes) == "damaged-audio");
    const decoded x = decode(bytes, "x", partial());
    CHECK(x.mono.size() > 20000);
    CHECK(greatest_difference(x.mono, whole) < 1e-3);
  }
}

TEST_CASE("a page missing within an Ogg stream is noticed") {
  const std::vector<std::byte> bytes = encode(SF_FORMAT_OGG | SF_FORMAT_VORBIS, 44100, 1, noisy(44100, 441000));
  const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  std::vector<std::size_t> pages;
  for (std::size_t at = text.find("OggS"); at != std::string::npos; at = text.find("OggS", at + 4))
    pages.push_back(at);
  REQUIRE(pages.size() > 5);
  std::vector<std::byte> holed(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(pages[3]));
  holed.insert(holed.end(), bytes.begin() + static_cast<std::ptrdiff_t>(pages[4]), bytes.end());
  CHECK(reason(holed) == "damaged-audio");
  CHECK(decode(holed, "x", partial()).damage.find("missing") != std::string::npos);
}

TEST_CASE("a header that lies about the length costs no memory and is damage") {
  const std::vector<std::byte> good = encode(wav16, 22050, 1, sine(440, 0.5, 22050, 1000));
  for (const std::uint64_t claim : {2002ULL, 100000ULL, 2000000000ULL, 4000000000ULL}) {
    CAPTURE(claim);
    std::vector<std::byte> wav = good;
    patch(wav, data_of(wav) - 4, 4, claim);
    CHECK(reason(wav) == "damaged-audio");
    const decoded x = decode(wav, "x", partial());
    CHECK(x.mono.size() == 1000);
    CHECK(x.mono.capacity() < 10000);
  }
  std::vector<std::byte> flac = encode(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 22050, 1, sine(440, 0.5, 22050, 10000));
  // STREAMINFO's total: the low 36 bits of the 8 bytes at 18, big-endian
  for (std::size_t i = 22; i < 26; ++i)
    flac[i] = std::byte{0xFF};
  CHECK(reason(flac) == "damaged-audio");
  const decoded x = decode(flac, "x", partial());
  CHECK(x.mono.size() == 10000);
  CHECK(x.mono.capacity() < 100000);
}

TEST_CASE("lengths that streaming writers leave open are legal") {
  const std::vector<std::byte> good = encode(wav16, 22050, 1, sine(440, 0.5, 22050, 1000));
  const std::vector<float> whole = decode(good, "x", {}).mono;
  // ffmpeg, sox, arecord, and files that were never closed
  for (const auto& [riff, data] : std::initializer_list<std::pair<std::uint64_t, std::uint64_t>>{
           {0xFFFFFFFF, 0xFFFFFFFF}, {0x7FFFF024, 0x7FFFF000}, {0x80000024, 0x80000000}, {0, 0}, {36, 0}}) {
    CAPTURE(data);
    std::vector<std::byte> wav = good;
    patch(wav, 4, 4, riff);
    patch(wav, data_of(wav) - 4, 4, data);
    CHECK(decode(wav, "x", {}).mono == whole);
  }
  std::vector<std::byte> au = encode(SF_FORMAT_AU | SF_FORMAT_PCM_16, 22050, 1, sine(440, 0.5, 22050, 1000));
  patch(au, 8, 4, 0xFFFFFFFF);
  CHECK(decode(au, "x", {}).mono == whole);
  std::vector<std::byte> aiff = encode(SF_FORMAT_AIFF | SF_FORMAT_PCM_16, 22050, 1, sine(440, 0.5, 22050, 1000));
  const std::string aiff_text(reinterpret_cast<const char*>(aiff.data()), aiff.size());
  patch(aiff, aiff_text.find("SSND") + 4, 4, 0x0800007F); // sox: 0x7F000008, big-endian
  patch(aiff, aiff_text.find("COMM") + 10, 4, 0x0000803F);
  CHECK(decode(aiff, "x", {}).mono == whole);
  std::vector<std::byte> caf = encode(SF_FORMAT_CAF | SF_FORMAT_PCM_16, 22050, 1, sine(440, 0.5, 22050, 1000));
  patch(caf, data_of(caf) - 4, 8, 0xFFFFFFFFFFFFFFFF);
  CHECK(decode(caf, "x", {}).mono == whole);
  std::vector<std::byte> flac = encode(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 22050, 1, sine(440, 0.5, 22050, 10000));
  flac[21] &= std::byte{0xF0};
  patch(flac, 22, 4, 0);
  CHECK(decode(flac, "x", {}).mono.size() == 10000);
}

TEST_CASE("tags before and after the audio are no damage") {
  const std::string id3v1 = "TAG" + std::string(125, ' ');
  const std::string id3v2("ID3\4\0\0\0\0\1\0", 10); // 128 bytes follow
  for (const int format : {wav16, SF_FORMAT_FLAC | SF_FORMAT_PCM_16, SF_FORMAT_OGG | SF_FORMAT_VORBIS,
                           SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III}) {
    CAPTURE(format);
    std::vector<std::byte> bytes = encode(format, 44100, 1, sine(440, 0.5, 44100, 44100));
    const std::vector<float> whole = decode(bytes, "x", {}).mono;
    for (const char c : id3v1)
      bytes.push_back(static_cast<std::byte>(c));
    CHECK(decode(bytes, "x", {}).mono == whole);
  }
  std::string tag = id3v2 + std::string(128, '\0');
  std::vector<std::byte> bytes = encode(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 44100, 1, sine(440, 0.5, 44100, 44100));
  const auto front = std::as_bytes(std::span(tag));
  bytes.insert(bytes.begin(), front.begin(), front.end());
  CHECK(decode(bytes, "x", {}).mono.size() == 44100);
}

TEST_CASE("a header that contradicts itself, yet harms no sample, is a warning") {
  const std::vector<std::byte> good = encode(wav16, 22050, 1, noisy(22050, 1000));
  const decoded whole = decode(good, "x", {});
  CHECK(whole.warning.empty());
  struct {
    std::size_t at, size;
    std::uint64_t value;
    const char* words;
  } const lies[] = {{4, 4, good.size() + 1, "promises a file"},
                    {4, 4, 1000, "counts 1008 bytes"},
                    {32, 2, 7, "frames of 7 bytes"},
                    {32, 2, 0, "frames of 0 bytes"}};
  for (const auto& lie : lies) {
    CAPTURE(lie.words);
    std::vector<std::byte> wav = good;
    patch(wav, lie.at, lie.size, lie.value);
    const decoded x = decode(wav, "x", {});
    CHECK(x.warning.find(lie.words) != std::string::npos);
    CHECK(x.damage.empty());
    CHECK(x.mono == whole.mono);
  }
  for (const std::uint64_t harmless : {good.size() - 8, good.size(), std::size_t{0x7FFFF024}}) {
    std::vector<std::byte> wav = good;
    patch(wav, 4, 4, harmless);
    CHECK(decode(wav, "x", {}).warning.empty());
  }
}

TEST_CASE("tags behind the audio are no contradiction") {
  std::vector<std::byte> wav = encode(wav16, 22050, 1, noisy(22050, 1000));
  wav.resize(wav.size() + 128);
  CHECK(decode(wav, "x", {}).warning.empty());
}

TEST_CASE("streams behind the first of an Ogg file are not read, which is a warning") {
  const std::vector<std::byte> one = encode(SF_FORMAT_OGG | SF_FORMAT_VORBIS, 44100, 1, noisy(44100, 44100));
  std::vector<std::byte> two = one;
  const std::vector<std::byte> other = encode(SF_FORMAT_OGG | SF_FORMAT_VORBIS, 22050, 1, noisy(22050, 44100));
  two.insert(two.end(), other.begin(), other.end());
  const decoded x = decode(two, "x", {});
  CHECK(x.warning.find(std::to_string(one.size())) != std::string::npos);
  CHECK(x.rate == 44100);
  CHECK(x.mono == decode(one, "x", {}).mono);
  CHECK(decode(one, "x", {}).warning.empty());
}

TEST_CASE("an ID3 tag longer than the file is damage, not an unknown format") {
  std::vector<std::byte> bytes(5000);
  const std::string tag("ID3\x04\0\0\x7F\x7F\x7F\x7F", 10);
  std::transform(tag.begin(), tag.end(), bytes.begin(), [](char c) { return static_cast<std::byte>(c); });
  CHECK(reason(bytes) == "damaged-audio");
}

TEST_CASE("an Ogg file that ends within or behind its headers is damaged, one that says so is empty") {
  for (const int format : {SF_FORMAT_OGG | SF_FORMAT_VORBIS, SF_FORMAT_OGG | SF_FORMAT_OPUS}) {
    CAPTURE(format);
    const std::vector<std::byte> bytes = encode(format, 48000, 1, noisy(48000, 48000));
    const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const std::size_t second = text.find("OggS", 1);
    for (const std::size_t size : {second, second + 10, text.find("OggS", second + 1)}) {
      CHECK(reason(cut_off(bytes, size)) == "damaged-audio");
      CHECK(reason(cut_off(bytes, size), partial()) == "damaged-audio");
    }
  }
  CHECK(reason(encode(SF_FORMAT_OGG | SF_FORMAT_VORBIS, 48000, 1, {})) == "no-samples");
}
