// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/settings.hpp"

#include <utility>

namespace fugato {

void describe(visitor& v, hyper_parameters& x) { x.of.describe_parameters(v); }

model_settings::model_settings() {
  for (const model& row : models())
    prototypes_.push_back(row.make());
}

model_settings::model_settings(const model_settings& other) {
  for (const auto& prototype : other.prototypes_)
    prototypes_.push_back(prototype->clone());
}

model_settings& model_settings::operator=(model_settings other) noexcept {
  prototypes_.swap(other.prototypes_);
  return *this;
}

const classifier& model_settings::at(std::string_view name) const {
  const model& row = models().at(name);
  return *prototypes_[static_cast<std::size_t>(&row - &*models().begin())];
}

classifier& model_settings::at(std::string_view name) {
  return const_cast<classifier&>(std::as_const(*this).at(name)); // this object is not const
}

void describe(visitor& v, model_settings& x) {
  for (const model& row : models()) {
    hyper_parameters section{x.at(row.name)};
    v(row.name, section, row.summary);
  }
}

void describe(visitor& v, train_settings& x) {
  v("model", x.model, one_of{models().names()}, "what is trained");
  v("seed", x.seed, between{0, 4294967295}, "of whatever the model draws at random");
  v("split", x.split, "how the table is parted into rows to learn from and rows to test with");
}

} // namespace fugato
