// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/catalog.hpp"
#include "report/prediction.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// How predictions are told.
namespace fugato {

/// What a format has to know before the first track.
struct prediction_target {
  std::string model; ///< kind of the model
  prediction_rules rules;
  std::size_t name_width = 5;                    ///< of the longest track name
  bool chunks = false;                           ///< whether each chunk is told too
  std::function<void(const std::string&)> print; ///< takes the text
  std::string folder;                            ///< of formats that are files: where they go
};

/// Takes tracks in their order and writes each at once, so that memory does not grow with their number.
class prediction_writer {
public:
  prediction_writer() = default;
  prediction_writer(const prediction_writer&) = delete;
  prediction_writer& operator=(const prediction_writer&) = delete;
  virtual ~prediction_writer() = default;

  virtual void add(const track_prediction& x) = 0;
  virtual void add(const failed_prediction& x) = 0;
  virtual void finish() {}
};

/// One row of the catalog of formats.
struct prediction_format {
  std::string_view name;
  std::string_view summary;
  bool to_folder;  ///< whether it is files in a folder, not a text
  bool has_chunks; ///< whether it can tell each chunk
  std::unique_ptr<prediction_writer> (*begin)(prediction_target);
};

const catalog<prediction_format>& prediction_formats();

/// A label as the name of a file: no separators, controls, or dots in front; at most 100 bytes.
std::string file_name_of(const std::string& label);

/// A path as a line of a playlist: absolute, or as a file: URL where it would break the line.
std::string playlist_line(const std::string& path);

} // namespace fugato
