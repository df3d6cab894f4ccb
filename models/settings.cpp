// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/settings.hpp"

#include "models/train_policy.hpp"

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
  v("policy", x.policy, one_of{train_policies().names()},
    "where the model of the first split is learnt; the others of repeats and folds are learnt whole, side by side");
  v("threads", x.threads, between{0, 1024},
    "threads that learn in one process, and predict; the model is the same for any number; 0: as many as "
    "dispatch.workers. Trials side by side (repeats, folds, tune, train --model all) have one each");
  v("ranks", x.ranks, between{0, 64},
    "policy distributed: processes that learn together, each from a share of the rows; 0: as many as dispatch.workers");
  v("chunk_rows", x.chunk_rows, between{1, 1e9},
    "policy distributed: how many consecutive rows at a time are dealt to the ranks in turn; each needs at least one "
    "such chunk");
  v("checkpoint_rounds", x.checkpoint_rounds, between{1, 100000},
    "policy distributed: rounds after which the model so far is kept, to go on from should a rank be lost");
  v("timeout_seconds", x.timeout_seconds, between{1, 86400},
    "policy distributed: how long ranks may take to find each other, and to answer each other [s]");
  v("attempts", x.attempts, between{1, 100}, "policy distributed: how often training is begun or taken up again");
}

} // namespace fugato
