// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "audio/settings.hpp"
#include "features/settings.hpp"
#include "models/classifier.hpp"
#include "models/dataset.hpp"
#include "models/scaler.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fugato {

/// All that is needed to classify: what was learnt, and how rows are made for it.
struct trained_model {
  std::string name; ///< row of the model catalog
  std::unique_ptr<classifier> learnt;
  scaler scaling;
  std::vector<std::string> labels;  ///< names of the classes
  std::vector<std::string> columns; ///< of the table that it learnt from, in order

  bool from_audio = false; ///< whether the settings below say how that table was made
  audio_settings audio;
  chunking_settings chunking;
  feature_settings features;
};

/// Writes a model folder, making it if need be: the classifier's own files and
/// `model.json`, which holds everything else and the files' SHA-256.
/// @param made_by version of Fugato, for the record
/// @throws error(output)
void save_trained(const trained_model& model, const std::string& directory, std::string_view made_by);

/// @throws error(bad_model) naming the file and the place: missing, damaged, of
///         another format version, a field left out, settings of the audio or
///         features changed since, or parts that do not belong together.
trained_model load_trained(const std::string& directory);

/// rows x labels; each row sums to 1. Columns are found by name; others than the
/// model's are left out. @throws error(bad_table) when one is missing.
std::vector<float> predict_proba(const trained_model& model, const dataset& table, unsigned threads);

} // namespace fugato
