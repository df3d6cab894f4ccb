// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/read_text.hpp"
#include "tests/audio/tagged.hpp"

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <sys/wait.h>
#include <vector>

/// A library of music in several formats, a model that knows it, and the program.
namespace fugato::test {

struct answer {
  int code = -1;
  std::string out;
  std::string err;
};

constexpr int as_flac = SF_FORMAT_FLAC | SF_FORMAT_PCM_16;
constexpr int as_ogg = SF_FORMAT_OGG | SF_FORMAT_VORBIS;
constexpr int as_opus = SF_FORMAT_OGG | SF_FORMAT_OPUS;
constexpr int as_mp3 = SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III;
constexpr int as_wav = SF_FORMAT_WAV | SF_FORMAT_PCM_16;

/// Music of one of two genres that anybody can tell apart: a tone, or noise.
inline std::vector<std::byte> music(int format, bool noise, unsigned seed, std::size_t frames = 150'000) {
  const std::uint32_t rate = format == as_opus ? 24000 : 22050;
  if (!noise)
    return encode(format, rate, 1, sine(220 + 55 * seed, 0.3, rate, frames));
  std::vector<float> samples(frames);
  std::mt19937 dice{seed};
  for (float& x : samples)
    x = 0.3F * (static_cast<float>(dice() >> 8U) * 0x1p-23F - 1.0F);
  return encode(format, rate, 1, samples);
}

class library {
public:
  temporary_folder folder;

  std::string operator/(const std::string& name) const { return folder / name; }

  answer fugato(const std::string& arguments, const std::string& before = "") const {
    const std::string command = "cd '" + folder.path().string() + "' && " + before +
                                " timeout 300 '" FUGATO_BINARY "' " + arguments + " >out.txt 2>err.txt";
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text("out.txt"), text("err.txt")};
  }

  std::string text(const std::string& name) const { return read_text(folder / name, errc::internal); }
  std::vector<std::byte> bytes(const std::string& name) const { return read_file(folder / name, 1U << 30U); }
  void add(const std::string& name, const std::vector<std::byte>& content) const {
    write_bytes(folder / name, content);
  }

  /// Learns `model/` from 8 tracks, and leaves nothing else.
  void learn() const {
    for (unsigned i = 0; i < 4; ++i) {
      add("learnt/tones/t" + std::to_string(i) + ".wav", music(as_wav, false, i));
      add("learnt/noise/n" + std::to_string(i) + ".wav", music(as_wav, true, i));
    }
    write_text(folder / "run.json", R"({"corpus": "learnt", "models": {"xgboost": {"n_estimators": 20}},
                                        "train": {"split": {"test_size": 0.5, "stratified": true}}})");
    const answer x = fugato("run run.json --out run");
    REQUIRE_MESSAGE(x.code == 0, x.err);
    std::filesystem::rename(folder / "run/model", folder / "model");
    std::filesystem::remove_all(folder / "learnt");
    std::filesystem::remove_all(folder / "run");
    std::filesystem::remove(folder / "run.json");
  }
};

inline std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> result;
  for (std::string line; std::getline(in, line);)
    result.push_back(line);
  return result;
}

inline std::vector<nlohmann::json> objects_of(const std::string& text) {
  std::vector<nlohmann::json> result;
  for (const std::string& line : lines_of(text))
    result.push_back(nlohmann::json::parse(line));
  return result;
}

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

} // namespace fugato::test
