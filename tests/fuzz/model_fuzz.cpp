// SPDX-License-Identifier: GPL-3.0-or-later
// The loader of model folders. An input is `model.json`, a byte 0, and XGBoost's file, whose hash is put into
// `model.json` wherever that says HASH: guesses would never find it.
#include "config/files.hpp"
#include "config/hash.hpp"
#include "models/trained.hpp"
#include "tests/fuzz/target.hpp"

#include <cmath>
#include <filesystem>
#include <numeric>
#include <unistd.h>

using namespace fugato;

namespace {

struct scratch_folder {
  std::string path = "/dev/shm/fugato-fuzz-" + std::to_string(getpid());
  scratch_folder() { std::filesystem::create_directories(path); }
  ~scratch_folder() { std::filesystem::remove_all(path); }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;

  void write(const std::string& name, const std::string& text) const {
    std::FILE* file = std::fopen((path + "/" + name).c_str(), "wb");
    fuzz::promise(file != nullptr, "the scratch folder can be written");
    std::fwrite(text.data(), 1, text.size(), file);
    std::fclose(file);
  }
};

/// Whatever loads must predict.
void use(const trained_model& model) {
  dataset table;
  table.columns = model.columns;
  table.values.assign(model.columns.size(), 0.5F);
  const std::vector<float> p = predict_proba(model, table, 1);
  fuzz::promise(p.size() == model.labels.size(), "a model that loads knows its labels");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const scratch_folder folder;
  std::string description = fuzz::text_of(data, size);
  const auto end = description.find('\0');
  const std::string forest = end == std::string::npos ? "" : description.substr(end + 1);
  description.resize(std::min(end, description.size()));
  if (const auto at = description.find("HASH"); at != std::string::npos)
    description.replace(at, 4, sha256_hex(forest));
  folder.write("model.json", description);
  folder.write("xgboost.json", forest);
  fuzz::attempt([&] { use(load_trained(folder.path)); });
  return 0;
}
