// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/hostile/cases.hpp"

namespace fugato::hostile {
namespace {

using enum fate;

/// A ds64 chunk (EBU Tech 3306): sizes of RIFF and data, and the number of samples.
bytes long_sizes(std::uint64_t riff, std::uint64_t data, std::uint64_t samples) {
  return chunk("ds64", writer().little(8, riff).little(8, data).little(8, samples).little(4, 0).take());
}

bytes rf64(const bytes& chunks, const bytes& data) {
  return writer()
      .text("RF64")
      .little(4, 0xFFFFFFFF)
      .text("WAVE")
      .raw(chunks)
      .text("data")
      .little(4, 0xFFFFFFFF)
      .raw(data)
      .take();
}

bytes many_chunks(std::size_t count) {
  writer result;
  for (std::size_t i = 0; i < count; ++i)
    result.text("junk").little(4, 0);
  return result.take();
}

} // namespace

specimens bad_headers() {
  const auto named = [](const char* name) { return std::string("headers/") + name + ".wav"; };
  return {
      {named("empty"), "no byte", failure, "no-samples", holding([] { return bytes{}; })},
      {named("one_byte"), "one byte", failure, "not-audio", holding([] { return first(wav({}, music()), 1); })},
      {named("magic_only"), "RIFF and no more", failure, "not-audio",
       holding([] { return first(wav({}, music()), 4); })},
      {named("no_chunk"), "cut after WAVE", failure, "damaged-audio",
       holding([] { return first(wav({}, music()), 12); })},
      {named("cut_in_format"), "cut within the format", failure, "damaged-audio",
       holding([] { return first(wav({}, music()), 25); })},
      {named("cut_before_data"), "cut before the data chunk", failure, "damaged-audio",
       holding([] { return first(wav({}, music()), 36); })},
      {named("header_only"), "all samples are missing", failure, "damaged-audio",
       holding([] { return first(wav({}, music()), 44); })},
      {named("cut_in_samples"), "cut in the middle", failure, "damaged-audio",
       holding([] { return cut(wav({}, music()), 0.5); })},
      {named("cut_last_sample"), "the last sample is missing", failure, "damaged-audio",
       holding([] { return first(wav({}, music()), 44 + 15998); })},
      {named("data_claims_4_gb"), "the data claims 4 GB", failure, "damaged-audio",
       holding([] { return wav({.data_size = 0xF0000000}, music()); })},
      {named("data_claims_a_sample_more"), "the data claims a sample more", failure, "damaged-audio",
       holding([] { return wav({.data_size = 16002}, music()); })},
      {named("data_claims_nothing"), "the data claims 0 bytes, RIFF all", failure, "no-samples",
       holding([] { return wav({.data_size = 0}, music()); })},
      {named("data_is_empty"), "a whole file without samples", failure, "no-samples",
       holding([] { return wav({}, {}); })},
      {named("left_open_by_sox"), "sizes as sox leaves them in a pipe", row, "",
       holding([] { return wav({.riff_size = 0x7FFFF024, .data_size = 0x7FFFF000}, music()); })},
      {named("left_open_by_ffmpeg"), "sizes as ffmpeg leaves them in a pipe", row, "",
       holding([] { return wav({.riff_size = 0xFFFFFFFF, .data_size = 0xFFFFFFFF}, music()); })},
      {named("left_open_at_0"), "sizes of 0, as a crashed recorder leaves them", row, "",
       holding([] { return wav({.riff_size = 0, .data_size = 0}, music()); })},
      {named("riff_claims_more"), "RIFF claims 1 MB, the data are all there", warned_row, "header promises",
       holding([] { return wav({.riff_size = 1'000'000}, music()); })},
      {named("riff_claims_less"), "RIFF ends within the data", warned_row, "header counts",
       holding([] { return wav({.riff_size = 1000}, music()); })},
      {named("no_format"), "data, but no format", failure, "damaged-audio",
       holding([] { return wav_with({}, music()); })},
      {named("no_data"), "a format, but no data", failure, "damaged-audio",
       holding([] { return writer().text("RIFF").little(4, 28).text("WAVE").raw(wav_format({})).take(); })},
      {named("format_of_4_bytes"), "a format chunk of 4 bytes", failure, "damaged-audio",
       holding([] { return wav_with(chunk("fmt ", first(music(), 4)), music()); })},
      {named("format_claims_4_gb"), "a format chunk of 4 GB", failure, "damaged-audio",
       holding([] { return wav({.format_size = 0xFFFFFFFF}, music()); })},
      {named("tag_before_data"), "100 kB of tags before the data", row, "", holding([] {
         return wav_with(joined({wav_format({}), chunk("LIST", bytes(100'000))}), music());
       })},
      {named("odd_chunk"), "a chunk of odd size and its padding", row, "", holding([] {
         return wav_with(joined({wav_format({}), chunk("junk", bytes(7))}), music());
       })},
      {named("many_chunks"), "20000 empty chunks, more than libsndfile takes", failure, "damaged-audio", holding([] {
         return wav_with(joined({wav_format({}), many_chunks(20'000)}), music());
       })},
      {named("chunk_over_the_end"), "a chunk of 4 GB before the data", failure, "damaged-audio", holding([] {
         return wav_with(joined({wav_format({}), writer().text("junk").little(4, 0xFFFFFFF0).take()}), music());
       })},
      {named("rate_0"), "0 Hz", failure, "absurd-format", holding([] { return wav({.rate = 0}, music()); })},
      {named("rate_1"), "1 Hz", failure, "absurd-format", holding([] { return wav({.rate = 1}, music()); })},
      {named("rate_999"), "999 Hz", failure, "absurd-format", holding([] { return wav({.rate = 999}, music()); })},
      {named("rate_1000"), "1000 Hz", row, "", holding([] { return wav({.rate = 1000}, music()); })},
      {named("rate_768000"), "768 kHz, of which little is left", warned_row, "9 frames",
       holding([] { return wav({.rate = 768'000}, music()); })},
      {named("rate_4_ghz"), "4 GHz", failure, "absurd-format",
       holding([] { return wav({.rate = 0xFFFFFFFF}, music()); })},
      {named("channels_0"), "no channel", failure, "absurd-format",
       holding([] { return wav({.channels = 0, .block = 2}, music()); })},
      {named("channels_64"), "64 channels", row, "",
       holding([] { return encoded(SF_FORMAT_WAV | SF_FORMAT_PCM_16, 22050, 64); })},
      {named("channels_65"), "65 channels", failure, "absurd-format",
       holding([] { return wav({.channels = 65}, music()); })},
      {named("channels_65535"), "65535 channels", failure, "absurd-format",
       holding([] { return wav({.channels = 65535, .block = 2}, music()); })},
      {named("block_0"), "frames of 0 bytes", warned_row, "frames of",
       holding([] { return wav({.block = 0}, music()); })},
      {named("block_of_another_width"), "16 bits in frames of 7 bytes", warned_row, "frames of",
       holding([] { return wav({.block = 7}, music()); })},
      {named("bits_0"), "samples of 0 bits", failure, "unsupported-audio",
       holding([] { return wav({.bits = 0, .block = 2}, music()); })},
      {named("bits_65535"), "samples of 65535 bits", failure, "unsupported-audio",
       holding([] { return wav({.bits = 65535, .block = 2}, music()); })},
      {named("bits_12"), "12 bits in 16, which WAV allows", row, "",
       holding([] { return wav({.bits = 12, .block = 2}, music()); })},
      {named("bits_20"), "20 bits in 24", row, "",
       holding([] { return wav({.bits = 20, .block = 3}, first(music(), 15'999)); })},
      {named("bits_64"), "integers of 64 bits", failure, "unsupported-audio",
       holding([] { return wav({.bits = 64}, music()); })},
      {named("floats_of_16_bits"), "floats of 16 bits", failure, "damaged-audio",
       holding([] { return wav({.coding = 3}, music()); })},
      {named("two_files"), "two WAV files one after the other", failure, "damaged-audio", holding([] {
         return joined({wav({}, music()), wav({}, music())});
       })},
      {named("coding_0"), "coding 0", failure, "unsupported-audio",
       holding([] { return wav({.coding = 0}, music()); })},
      {named("coding_unknown"), "coding 0x9999", failure, "unsupported-audio",
       holding([] { return wav({.coding = 0x9999}, music()); })},
      {named("coding_wma"), "WMA within WAV", failure, "unsupported-audio",
       holding([] { return wav({.coding = 0x161}, music()); })},
      {named("rf64_claims_2_60"), "RF64 whose data claim 2^60 bytes", failure, "damaged-audio", holding([] {
         return rf64(joined({long_sizes(1ULL << 60U, 1ULL << 60U, 1ULL << 59U), wav_format({})}), music());
       })},
      {named("rf64_without_sizes"), "RF64 without the chunk of sizes", failure, "damaged-audio",
       holding([] { return rf64(wav_format({}), music()); })},
      {named("rf64_cut"), "RF64 cut in the middle", failure, "damaged-audio",
       holding([] { return cut(encoded(SF_FORMAT_RF64 | SF_FORMAT_PCM_16), 0.5); })},
      {named("avi"), "an AVI file", failure, "not-audio",
       holding([] { return writer().text("RIFF").little(4, 100).text("AVI LIST").zeros(92).take(); })},
  };
}

} // namespace fugato::hostile
