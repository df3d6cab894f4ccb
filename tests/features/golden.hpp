// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "audio/clip.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

/// librosa's numbers for 28 signals, see tests/golden/README.md.
namespace golden {

inline std::string path(const std::string& name) { return std::string(FUGATO_SOURCE_DIR) + "/tests/golden/" + name; }

inline std::string bytes(const std::string& name) {
  std::ifstream in(path(name), std::ios::binary);
  if (!in)
    throw std::runtime_error("cannot read " + path(name));
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::vector<float> samples(const std::string& name) { return fugato::read_clip(path(name), {}).samples; }

/// Some columns of rows x columns values; all of them unless it was thinned.
struct array {
  std::size_t rows = 1;
  std::size_t columns = 0;       ///< before thinning
  std::vector<std::size_t> kept; ///< columns that are here
  std::vector<double> values;    ///< rows x kept
  double at(std::size_t row, std::size_t place) const { return values[row * kept.size() + place]; }
};

inline array read_array(const nlohmann::json& entry, const std::string& blob) {
  array a;
  const std::vector<std::size_t> shape = entry.at("shape");
  a.rows = shape.size() == 1 ? 1 : shape[0];
  a.columns = shape.back();
  std::size_t step = 1;
  std::size_t ends = 0;
  if (entry.contains("thinned")) {
    step = entry["thinned"][0];
    ends = entry["thinned"][1];
  }
  for (std::size_t i = 0; i < a.columns; ++i)
    if (i % step == 0 || i < ends || i + ends >= a.columns)
      a.kept.push_back(i);
  const std::size_t count = a.rows * a.kept.size();
  const char* from = blob.data() + std::size_t{entry.at("offset")};
  const auto copy = [&]<class T>(std::vector<T> values) {
    std::memcpy(values.data(), from, count * sizeof(T));
    a.values.assign(values.begin(), values.end());
  };
  if (entry.at("type") == "float32")
    copy(std::vector<float>(count));
  else
    copy(std::vector<double>(count));
  return a;
}

inline const nlohmann::json& index() {
  static const nlohmann::json all = nlohmann::json::parse(bytes("index.json"));
  return all;
}

inline std::vector<std::string> signal_names() {
  std::vector<std::string> names;
  for (const auto& [name, entry] : index().at("signals").items())
    names.push_back(name);
  return names;
}

/// The report's 87 columns, then 21 variances.
inline std::vector<std::string> column_names() { return index().at("columns"); }

inline array constant(const std::string& name) {
  return read_array(index().at("constants").at(name), bytes("constants.bin"));
}

class signal {
public:
  explicit signal(const std::string& called)
      : name(called),
        samples(golden::samples(called + ".flac")),
        entry_(index().at("signals").at(called)),
        blob_(bytes(called + ".bin")) {}

  /// Whether it is music, as opposed to a test signal.
  bool music() const { return name.starts_with("music_") || name.starts_with("tail_"); }
  std::size_t frames() const { return 1 + samples.size() / 512; }

  /// Nothing where librosa refuses, or leaves undefined.
  std::optional<array> find(const std::string& quantity) const {
    const auto& arrays = entry_.at("arrays");
    return arrays.contains(quantity) ? std::optional(read_array(arrays[quantity], blob_)) : std::nullopt;
  }
  std::optional<double> scalar(const std::string& quantity) const {
    const auto& x = entry_.at(quantity);
    return x.is_null() ? std::nullopt : std::optional(x.get<double>());
  }

  const std::string name;
  const std::vector<float> samples;

private:
  nlohmann::json entry_;
  std::string blob_;
};

/// All 28, read once.
inline const std::vector<signal>& signals() {
  static const std::vector<signal> all = [] {
    std::vector<signal> result;
    for (const std::string& name : signal_names())
      result.emplace_back(name);
    return result;
  }();
  return all;
}

} // namespace golden
