// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/train_policy.hpp"

#include "config/json.hpp"
#include "tests/errors.hpp"

#include <doctest/doctest.h>

using namespace fugato;

namespace {

train_place decide(const std::string& policy, const std::string& model, std::size_t rows, bool elsewhere = true) {
  return train_policies().at(policy).decide(model_settings{}.at(model), rows, 50, elsewhere);
}

std::string refusal(const std::string& policy, const std::string& model, const std::string& parameters = "{}") {
  model_settings models;
  hyper_parameters section{models.at(model)};
  read_json(parameters, {"test", ""}, description_of(section));
  train_settings how;
  how.policy = policy;
  how.model = model;
  return sentence(errc::settings, [&] { check(how, models); });
}

} // namespace

TEST_CASE("auto goes by the size of the table and by the model, and says so") {
  const train_place small = decide("auto", "xgboost", 1000);
  CHECK_FALSE(small.on_ranks);
  CHECK(small.note.find("1000 rows x 50 columns are fewer than") != std::string::npos);
  const train_place large = decide("auto", "xgboost", cells_worth_ranks / 50);
  CHECK(large.on_ranks);
  CHECK(large.note.find("learnt by ranks, for 1000000 rows x 50 columns are at least") != std::string::npos);
  const train_place alone = decide("auto", "xgboost", cells_worth_ranks / 50, false);
  CHECK_FALSE(alone.on_ranks);
  CHECK(alone.note.find("ranks on this machine have no more cores than its threads") != std::string::npos);
  const train_place other = decide("auto", "knn", cells_worth_ranks);
  CHECK_FALSE(other.on_ranks);
  CHECK(other.note.find("must be a model that ranks can learn together") != std::string::npos);
}

TEST_CASE("local and distributed do as they are told, and say nothing") {
  CHECK_FALSE(decide("local", "xgboost", cells_worth_ranks).on_ranks);
  CHECK(decide("distributed", "xgboost", 10).on_ranks);
  CHECK(decide("distributed", "xgboost-forest", 10).note.empty());
}

TEST_CASE("distributed is refused for models that cannot be learnt so") {
  CHECK(
      refusal("distributed", "knn") ==
      "/train/policy: distributed needs a model that ranks can learn together (xgboost, xgboost-forest), found 'knn'");
  CHECK(refusal("distributed", "xgboost", R"({"tree_method": "exact"})")
            .starts_with("/train/policy: distributed does not suit /models/xgboost/tree_method: must be hist"));
  CHECK(refusal("distributed", "xgboost") == "no error");
  CHECK(refusal("auto", "knn") == "no error");
}
