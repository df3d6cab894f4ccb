// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trained.hpp"

#include "config/error.hpp"
#include "config/files.hpp"
#include "config/hash.hpp"
#include "config/json.hpp"
#include "config/printable.hpp"
#include "config/read_text.hpp"
#include "config/spelling.hpp"
#include "models/settings.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>

namespace fugato {
namespace {

constexpr std::uint32_t current_format = 1;

/// A file of the classifier.
struct hashed_file {
  std::string name;
  std::string sha256;
};

void describe(visitor& v, hashed_file& x) {
  v("name", x.name, anything{}, "in the model folder");
  v("sha256", x.sha256, anything{}, "of its bytes");
}

/// The content of `model.json`.
struct model_json {
  trained_model& model;
  std::uint32_t format = 0;
  std::string made_by;
  std::vector<hashed_file> files;
  std::string settings_sha256;
};

/// SHA-256 of the JSON of all settings that say how rows are made.
std::string hash_of_settings(trained_model& model) {
  return sha256_hex(write_json([&](visitor& v) {
    v("audio", model.audio, "");
    v("chunking", model.chunking, "");
    v("features", model.features, "");
  }));
}

/// The format comes first, for a file of another one has other fields; the name
/// comes before the parameters, for it says which ones there are.
void describe(visitor& v, model_json& x) {
  v("format", x.format, anything{}, "version of this file's layout");
  if (x.format != current_format)
    throw error(errc::bad_model, fmt::format("/format: must be {}, found {}", current_format, x.format));
  v("fugato", x.made_by, anything{}, "version of Fugato that wrote it");
  v("model", x.model.name, one_of{models().names()}, "row of the model catalog");
  if (!x.model.learnt)
    x.model.learnt = models().at(x.model.name).make();
  hyper_parameters parameters{*x.model.learnt};
  v("parameters", parameters, "hyper-parameters");
  v("labels", x.model.labels, anything{}, "names of the classes, in the order of the probabilities");
  v("columns", x.model.columns, anything{}, "names of the features, in order");
  v("scaler", x.model.scaling, "how features are standardised");
  v("files", x.files, "what the classifier wrote itself");
  v("from_audio", x.model.from_audio, anything{}, "whether the sections below say how the features were made");
  if (!x.model.from_audio)
    return;
  v("audio", x.model.audio, "how files become samples");
  v("chunking", x.model.chunking, "how samples become chunks");
  v("features", x.model.features, "what is measured of a chunk");
  v("settings_sha256", x.settings_sha256, anything{}, "of the three sections above, written as JSON");
}

std::string json_path(const std::string& directory) { return directory + "/model.json"; }

/// A field left out would be taken at today's default, not as the model was made.
void check_complete(const nlohmann::json& found, const nlohmann::json& whole, const std::string& at) {
  for (const auto& [key, value] : whole.items()) {
    if (whole.is_object() && !found.contains(key))
      throw error(errc::bad_model, fmt::format("{}/{}: must be there, but is missing", at, key));
    if (value.is_structured())
      check_complete(whole.is_object() ? found.at(key) : found.at(std::stoul(key)), value, at + "/" + key);
  }
}

/// What `model.json` says, before it is known to be consistent.
model_json read_model_json(const std::string& directory, trained_model& model) {
  const std::string path = json_path(directory);
  const std::string text = read_text(path, errc::bad_model);
  model_json content{model, 0, {}, {}, {}};
  try {
    read_json(text, {path, directory}, description_of(content));
    check_complete(nlohmann::json::parse(text, nullptr, true, true),
                   nlohmann::json::parse(write_json(description_of(content))), path + ": ");
  } catch (const error& e) {
    const std::string what = e.what();
    throw error(errc::bad_model, what.starts_with(path) ? what : path + ": " + what);
  }
  return content;
}

void check_names(const std::vector<std::string>& names, const std::string& at) {
  std::set<std::string_view> seen;
  for (const std::string& name : names) {
    if (printable(name) != name) // they go to reports and terminals as they are
      throw error(errc::bad_model,
                  fmt::format("{}: names must not hold control characters, found '{}'", at, printable(name)));
    if (name.empty() || !seen.insert(name).second)
      throw error(errc::bad_model, name.empty() ? at + ": names must not be empty, but one is"
                                                : fmt::format("{}: '{}' must stand only once", at, name));
  }
}

void check_settings(const model_json& content, const std::string& path) {
  if (content.model.from_audio && hash_of_settings(content.model) != content.settings_sha256)
    throw error(errc::bad_model,
                path + ": /audio, /chunking and /features must be those that the model learnt from, but they do not "
                       "have the SHA-256 of /settings_sha256: they were changed");
}

void check_consistent(const trained_model& model, const std::string& path) {
  const std::size_t width = model.columns.size();
  check_names(model.labels, path + ": /labels");
  check_names(model.columns, path + ": /columns");
  if (width == 0 || model.labels.size() < 2)
    throw error(errc::bad_model, fmt::format("{}: must name at least 1 column and 2 labels, found {} and {}", path,
                                             width, model.labels.size()));
  if (model.scaling.mean.size() != width || model.scaling.scale.size() != width)
    throw error(errc::bad_model, fmt::format("{}: /scaler: must have a mean and a scale for each of {} columns, found "
                                             "{} and {}",
                                             path, width, model.scaling.mean.size(), model.scaling.scale.size()));
  if (!std::all_of(model.scaling.scale.begin(), model.scaling.scale.end(), [](double x) { return x > 0; }))
    throw error(errc::bad_model, path + ": /scaler/scale: must be greater than 0 in each column");
}

void check_files(const std::vector<hashed_file>& files, const std::string& directory) {
  if (files.empty())
    throw error(errc::bad_model, json_path(directory) + ": /files: must name the classifier's files, found none");
  for (const hashed_file& file : files) {
    if (file.name.find('/') != std::string::npos)
      throw error(errc::bad_model, fmt::format("{}: /files: must lie in the model folder, but '{}' does not",
                                               json_path(directory), file.name));
    const std::string path = directory + "/" + file.name;
    if (sha256_hex(read_text(path, errc::bad_model)) != file.sha256)
      throw error(errc::bad_model, path + ": must have the SHA-256 that model.json says, but was changed or damaged");
  }
}

/// Whether the classifier takes rows of this width and knows so many classes.
void check_classifier(const trained_model& model, const std::string& directory) {
  samples probe;
  probe.width = model.columns.size();
  probe.values.resize(probe.width, 0.0F);
  const auto refuse = [&](const std::string& found) {
    throw error(errc::bad_model, fmt::format("{}: the classifier must fit the {} columns and {} labels of model.json, "
                                             "but {}",
                                             directory, probe.width, model.labels.size(), found));
  };
  std::vector<float> p;
  try {
    p = model.learnt->predict_proba(probe, 1);
  } catch (const error& e) {
    refuse(e.what());
  }
  if (p.size() != model.labels.size())
    refuse("it knows " + std::to_string(p.size()) + " classes");
  if (!std::all_of(p.begin(), p.end(), [](float x) { return std::isfinite(x); }))
    refuse("its probabilities are not finite");
}

} // namespace

void save_trained(const trained_model& model, const std::string& directory, std::string_view made_by) {
  std::error_code failed;
  std::filesystem::create_directories(directory, failed);
  if (failed)
    throw error(errc::output, directory + ": the folder could not be made: " + failed.message());
  std::vector<hashed_file> files;
  for (const std::string& name : model.learnt->save(directory))
    files.push_back({name, sha256_hex(read_text(directory + "/" + name, errc::output))});
  // descriptions read and write alike; this one only looks
  auto& described = const_cast<trained_model&>(model);
  model_json content{described, current_format, std::string(made_by), std::move(files), hash_of_settings(described)};
  write_file(json_path(directory), write_json(description_of(content)));
}

trained_model load_trained(const std::string& directory) {
  trained_model model;
  const model_json content = read_model_json(directory, model);
  check_settings(content, json_path(directory));
  check_consistent(model, json_path(directory));
  check_files(content.files, directory);
  model.learnt->load(directory);
  check_classifier(model, directory);
  return model;
}

std::vector<float> predict_proba(const trained_model& model, const dataset& table, unsigned threads) {
  std::vector<std::size_t> from;
  for (const std::string& name : model.columns) {
    const auto it = std::find(table.columns.begin(), table.columns.end(), name);
    if (it == table.columns.end())
      throw error(errc::bad_table,
                  fmt::format("the table must have the {} columns that the model learnt from, but "
                              "lacks '{}'{}",
                              model.columns.size(), name, hint(name, {table.columns.begin(), table.columns.end()})));
    from.push_back(static_cast<std::size_t>(it - table.columns.begin()));
  }
  dataset picked;
  picked.columns = model.columns;
  picked.values.reserve(table.rows() * from.size());
  for (std::size_t i = 0; i < table.rows(); ++i)
    for (const std::size_t j : from)
      picked.values.push_back(table.row(i)[j]);
  std::vector<std::uint32_t> rows(picked.rows());
  std::iota(rows.begin(), rows.end(), 0U);
  return model.learnt->predict_proba(scaled(picked, rows, model.scaling), threads);
}

} // namespace fugato
