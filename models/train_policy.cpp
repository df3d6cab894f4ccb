// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/train_policy.hpp"

#include "config/error.hpp"
#include "models/collective.hpp"

#include <fmt/format.h>

namespace fugato {
namespace {

/// Why ranks cannot learn the model; empty when they can.
std::string obstacle(const classifier& model) {
  if (model.collective() == nullptr)
    return "must be a model that ranks can learn together";
  try {
    model.collective()->check_collective();
  } catch (const error& e) {
    return e.what();
  }
  return "";
}

/// Of the models that can be asked for.
std::string names_of_suitable() {
  std::string result;
  for (const model& row : models())
    if (row.make()->collective() != nullptr)
      result += (result.empty() ? "" : ", ") + std::string(row.name);
  return result;
}

void suits_always(const classifier&, const std::string&) {}

void suits_ranks(const classifier& model, const std::string& name) {
  if (model.collective() == nullptr)
    throw error(errc::settings, fmt::format("/train/policy: distributed needs a model that ranks can learn together "
                                            "({}), found '{}'",
                                            names_of_suitable(), name));
  if (const std::string why = obstacle(model); !why.empty())
    throw error(errc::settings, fmt::format("/train/policy: distributed does not suit /models/{}/{}", name, why));
}

train_place here(const classifier&, std::size_t, std::size_t, bool) { return {}; }
train_place on_ranks(const classifier&, std::size_t, std::size_t, bool) { return {true, ""}; }

train_place by_size(const classifier& model, std::size_t rows, std::size_t columns, bool elsewhere) {
  if (const std::string why = obstacle(model); !why.empty())
    return {false, "train.policy auto: learnt in one process, for the model " + why};
  if (rows * columns < cells_worth_ranks)
    return {false, fmt::format("train.policy auto: learnt in one process, for {} rows x {} columns are fewer than the "
                               "{} numbers from which ranks pay",
                               rows, columns, cells_worth_ranks)};
  if (!elsewhere)
    return {false, "train.policy auto: learnt in one process, for ranks on this machine have no more cores than its "
                   "threads; they pay on nodes that join (dispatch.policy distributed with dispatch.listen)"};
  return {true, fmt::format("train.policy auto: learnt by ranks, for {} rows x {} columns are at least {} numbers",
                            rows, columns, cells_worth_ranks)};
}

} // namespace

const catalog<train_policy>& train_policies() {
  static const catalog<train_policy> rows(
      "train policy",
      {{"local", "In one process, with threads.", suits_always, here},
       {"distributed", "By ranks in processes of their own, each with a share of the rows.", suits_ranks, on_ranks},
       {"auto", "By ranks of nodes that join where the table is so large that it pays, else in one process.",
        suits_always, by_size}});
  return rows;
}

void check(const train_settings& settings, const model_settings& models) {
  train_policies().at(settings.policy).check(models.at(settings.model), settings.model);
}

} // namespace fugato
