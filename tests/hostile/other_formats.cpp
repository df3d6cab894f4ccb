// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/hostile/cases.hpp"

namespace fugato::hostile {
namespace {

using enum fate;

constexpr int flac = SF_FORMAT_FLAC | SF_FORMAT_PCM_16;
constexpr int vorbis = SF_FORMAT_OGG | SF_FORMAT_VORBIS;
constexpr int opus = SF_FORMAT_OGG | SF_FORMAT_OPUS;
constexpr int mp3 = SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III;

/// A second of noise, long enough for several pages and frames.
bytes second(int format) { return encoded(format, 48000, 1, 48000); }

/// One that is read to its end without complaint.
specimen sound(const std::string& file, std::string_view how, int format, std::uint32_t rate = 22050,
               unsigned channels = 1) {
  return {"formats/" + file, how, row, "", holding([=] { return encoded(format, rate, channels); })};
}

specimen damaged(const std::string& file, std::string_view how, int format, double share) {
  return {"formats/" + file, how, failure, "damaged-audio", holding([=] { return cut(second(format), share); })};
}

/// The last byte but a fifth of the file turned over.
specimen corrupted(const std::string& file, int format) {
  return {"formats/" + file, "a byte turned over", failure, "damaged-audio", holding([=] {
            const bytes x = second(format);
            return flipped(x, x.size() * 4 / 5);
          })};
}

/// The stated number of samples of a FLAC file (RFC 9639, 8.2): the low 36 bits of the 8 bytes at 18.
bytes flac_of(std::uint32_t samples) {
  bytes x = second(flac);
  for (std::size_t i = 0; i < 4; ++i)
    x.at(22 + i) = static_cast<std::byte>(samples >> (24 - 8 * i));
  return x;
}

specimens whole() {
  return {
      sound("pcm8.wav", "8 bits", SF_FORMAT_WAV | SF_FORMAT_PCM_U8),
      sound("pcm16.wav", "16 bits", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 44100, 2),
      sound("pcm24.wav", "24 bits", SF_FORMAT_WAV | SF_FORMAT_PCM_24),
      sound("pcm32.wav", "32 bits", SF_FORMAT_WAV | SF_FORMAT_PCM_32),
      sound("float32.wav", "floats", SF_FORMAT_WAV | SF_FORMAT_FLOAT),
      sound("float64.wav", "doubles", SF_FORMAT_WAV | SF_FORMAT_DOUBLE),
      sound("alaw.wav", "A-law", SF_FORMAT_WAV | SF_FORMAT_ALAW),
      sound("ulaw.wav", "mu-law", SF_FORMAT_WAV | SF_FORMAT_ULAW),
      sound("ima_adpcm.wav", "IMA ADPCM", SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM),
      sound("ms_adpcm.wav", "MS ADPCM", SF_FORMAT_WAV | SF_FORMAT_MS_ADPCM, 22050, 2),
      sound("gsm.wav", "GSM 6.10", SF_FORMAT_WAV | SF_FORMAT_GSM610),
      sound("g721.wav", "G.721", SF_FORMAT_WAV | SF_FORMAT_G721_32),
      sound("extensible.wav", "WAVE_FORMAT_EXTENSIBLE, 6 channels", SF_FORMAT_WAVEX | SF_FORMAT_PCM_24, 48000, 6),
      sound("rifx.wav", "big-endian", SF_FORMAT_WAV | SF_FORMAT_PCM_16 | SF_ENDIAN_BIG),
      sound("rf64.rf64", "RF64", SF_FORMAT_RF64 | SF_FORMAT_PCM_16),
      sound("w64.w64", "Wave64", SF_FORMAT_W64 | SF_FORMAT_PCM_16),
      sound("aiff.aiff", "AIFF", SF_FORMAT_AIFF | SF_FORMAT_PCM_24),
      sound("sowt.aifc", "AIFF-C, little-endian", SF_FORMAT_AIFF | SF_FORMAT_PCM_16 | SF_ENDIAN_LITTLE),
      sound("au.au", "AU", SF_FORMAT_AU | SF_FORMAT_PCM_16),
      sound("caf.caf", "Core Audio", SF_FORMAT_CAF | SF_FORMAT_PCM_16),
      sound("voc.voc", "Creative Voice", SF_FORMAT_VOC | SF_FORMAT_PCM_16),
      sound("nist.sph", "NIST SPHERE", SF_FORMAT_NIST | SF_FORMAT_PCM_16),
      sound("flac.flac", "FLAC", flac, 44100, 2),
      sound("flac24.flac", "FLAC of 24 bits", SF_FORMAT_FLAC | SF_FORMAT_PCM_24),
      sound("vorbis.ogg", "Ogg Vorbis", vorbis, 44100, 2),
      sound("opus.opus", "Opus", opus, 48000),
      sound("mp3.mp3", "MP3", mp3, 44100, 2),
  };
}

specimens broken() {
  return {
      damaged("cut.w64", "Wave64 cut", SF_FORMAT_W64 | SF_FORMAT_PCM_16, 0.5),
      damaged("cut.aiff", "AIFF cut", SF_FORMAT_AIFF | SF_FORMAT_PCM_16, 0.5),
      damaged("cut.au", "AU cut", SF_FORMAT_AU | SF_FORMAT_PCM_16, 0.5),
      damaged("cut.caf", "Core Audio cut", SF_FORMAT_CAF | SF_FORMAT_PCM_16, 0.5),
      damaged("cut.voc", "Creative Voice cut", SF_FORMAT_VOC | SF_FORMAT_PCM_16, 0.5),
      damaged("cut.sph", "NIST SPHERE cut", SF_FORMAT_NIST | SF_FORMAT_PCM_16, 0.5),
      damaged("cut_adpcm.wav", "ADPCM cut", SF_FORMAT_WAV | SF_FORMAT_MS_ADPCM, 0.5),
      damaged("cut.flac", "FLAC cut", flac, 0.6),
      damaged("cut.ogg", "Ogg Vorbis cut", vorbis, 0.6),
      damaged("cut.opus", "Opus cut", opus, 0.6),
      damaged("cut.mp3", "MP3 with a Xing header cut", mp3, 0.6),
      {"formats/header_only.flac", "FLAC without a frame", failure, "damaged-audio",
       holding([] { return first(second(flac), 42); })},
      {"formats/headers_only.ogg", "Ogg Vorbis cut in its headers", failure, "damaged-audio",
       holding([] { return first(second(vorbis), 200); })},
      corrupted("corrupted.flac", flac),
      corrupted("corrupted.ogg", vorbis),
      corrupted("corrupted.opus", opus),
      {"formats/corrupted.mp3", "MP3 with frames overwritten", failure, "damaged-audio", holding([] {
         bytes x = second(mp3);
         std::fill(x.begin() + static_cast<std::ptrdiff_t>(x.size() / 2), x.end() - 1000, std::byte{0});
         return x;
       })},
      {"formats/header_only.mp3", "MP3 cut in its first frame, which may be anything", failure, "not-audio",
       holding([] { return first(second(mp3), 40); })},
      {"formats/cut_float.wav", "floats cut within one", failure, "damaged-audio", holding([] {
         const bytes x = encoded(SF_FORMAT_WAV | SF_FORMAT_FLOAT);
         return first(x, x.size() / 2 / 4 * 4 + 2);
       })},
      {"formats/total_too_great.flac", "FLAC that claims 4 G samples", failure, "damaged-audio",
       holding([] { return flac_of(0xFFFFFFFF); })},
      {"formats/total_unknown.flac", "FLAC that states no number of samples", row, "",
       holding([] { return flac_of(0); })},
      {"formats/rate_0.flac", "FLAC of 0 Hz", failure, "damaged-audio", holding([] {
         bytes x = second(flac);
         x.at(18) = x.at(19) = std::byte{0};
         x.at(20) &= std::byte{0x0F};
         return x;
       })},
      {"formats/chained.ogg", "two Ogg files joined, of two rates", warned_row, "further", holding([] {
         return joined({encoded(vorbis, 44100, 1, 44100), encoded(vorbis, 22050, 1, 22050)});
       })},
      {"formats/tagged.mp3", "MP3 behind an ID3v2 tag", row, "", holding([] {
         return joined({id3(1000, 1000), second(mp3)});
       })},
      {"formats/tagged.flac", "FLAC behind an ID3v2 tag", row, "", holding([] {
         return joined({id3(1000, 1000), second(flac)});
       })},
      {"formats/tagged_behind.mp3", "MP3 before an ID3v1 tag", row, "", holding([] {
         return joined({second(mp3), writer().text("TAG").zeros(125).take()});
       })},
      {"formats/only_a_tag.mp3", "an ID3v2 tag and no more", failure, "damaged-audio",
       holding([] { return id3(1000, 1000); })},
      {"formats/tag_claims_256_mb.mp3", "an ID3v2 tag that claims 256 MB", failure, "damaged-audio", holding([] {
         return joined({id3(0x0FFFFFFF, 0), second(mp3)});
       })},
      {"formats/au_starts_behind_its_end.au", "AU whose samples start at 2 GB", failure, "damaged-audio",
       holding([] { return patched(encoded(SF_FORMAT_AU | SF_FORMAT_PCM_16), 4, 4, 0x7F); })},
      {"formats/caf_rate_nan.caf", "Core Audio of NaN Hz", failure, "absurd-format",
       holding([] { return patched(encoded(SF_FORMAT_CAF | SF_FORMAT_PCM_16), 20, 8, 0xF87F); })},
      {"formats/aiff_rate_nan.aiff", "AIFF of NaN Hz", failure, "absurd-format",
       holding([] { return patched(encoded(SF_FORMAT_AIFF | SF_FORMAT_PCM_16), 28, 10, 0xC0FF7F); })},
  };
}

} // namespace

specimens other_formats() {
  specimens result = whole();
  for (specimen& x : broken())
    result.push_back(std::move(x));
  return result;
}

} // namespace fugato::hostile
