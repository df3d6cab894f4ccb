// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/compare_plan.hpp"

#include "actors/policy.hpp"
#include "config/error.hpp"
#include "models/train_policy.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fugato {
namespace {

using word_list = std::vector<std::string>;

void add_settings(word_list& words, const word_list& assignments) {
  for (const std::string& assignment : assignments)
    words.insert(words.end(), {"--set", assignment});
}

/// Those of every cell.
word_list common_settings(const comparison_order& x) {
  word_list result = x.assignments;
  if (!x.settings.dispatch.dashboard.empty()) // nobody is to look while time is taken
    result.emplace_back("dispatch.dashboard=");
  return result;
}

planned_cell planned(measured_cell cell, word_list arguments) {
  cell.command = "fugato";
  for (const std::string& word : arguments)
    cell.command += " " + word;
  return {std::move(cell), std::move(arguments)};
}

/// Of each cell once.
void add(std::vector<planned_cell>& cells, planned_cell one) {
  const auto same = [&](const planned_cell& other) { return other.cell.name() == one.cell.name(); };
  if (std::none_of(cells.begin(), cells.end(), same))
    cells.push_back(std::move(one));
}

planned_cell extraction(const comparison_order& x, const std::string& policy, std::uint32_t workers) {
  const std::string files = std::to_string(x.settings.compare.files);
  word_list words{"-q", "extract", x.config};
  add_settings(words, common_settings(x));
  add_settings(words, {"cache.folder=", "dispatch.policy=" + policy, fmt::format("dispatch.workers={}", workers)});
  words.insert(words.end(), {"--limit", files, "--allow-failures", files});
  return planned({policy, workers, "", {}, ""}, std::move(words));
}

std::vector<planned_cell> extractions(const comparison_order& x) {
  word_list names = x.settings.compare.policies;
  if (names.empty())
    for (const policy& each : policies())
      names.emplace_back(each.name);
  std::vector<planned_cell> result;
  for (const std::string& name : names)
    for (const std::uint32_t workers : x.settings.compare.workers) {
      dispatch_settings dispatch = x.settings.dispatch;
      dispatch.policy = name;
      dispatch.workers = workers;
      add(result, extraction(x, name, policies().at(name).lines(dispatch, x.settings.compare.files)));
    }
  return result;
}

planned_cell training(const comparison_order& x, const std::string& table, measured_cell cell,
                      const word_list& settings) {
  word_list words{"-q", "train", table, "--first-split"};
  if (!x.config.empty())
    words.insert(words.end(), {"--config", x.config});
  add_settings(words, common_settings(x));
  add_settings(words, settings);
  return planned(std::move(cell), std::move(words));
}

std::vector<planned_cell> trainings(const comparison_order& x, const std::string& table) {
  const compare_settings& how = x.settings.compare;
  std::vector<planned_cell> result;
  for (const std::uint32_t n : how.threads)
    add(result, training(x, table, {"local", n, "", {}, "local"}, // one model, whatever the number of threads
                         {"train.policy=local", fmt::format("train.threads={}", n)}));
  if (!how.ranks.empty())
    train_policies().at("distributed").check(x.settings.models.at(x.settings.train.model), x.settings.train.model);
  for (const std::uint32_t rows : how.chunk_rows)
    for (const std::uint32_t n : how.ranks) {
      const std::string name = rows == 1 ? "distributed" : fmt::format("distributed:{}", rows);
      add(result, training(x, table, {name, n, "", {}, fmt::format("{}/{}", name, n)},
                           {"train.policy=distributed", fmt::format("train.ranks={}", n),
                            fmt::format("train.chunk_rows={}", rows)}));
    }
  return result;
}

} // namespace

std::vector<planned_cell> plan_cells(const comparison_order& x, const std::string& table) {
  const bool learns = comparison_stages().at(x.settings.compare.stage).learns;
  std::vector<planned_cell> result = learns ? trainings(x, table) : extractions(x);
  if (result.empty())
    throw error(errc::settings, fmt::format("{}: /compare/{}: must hold at least one count, found none",
                                            x.config.empty() ? "settings" : x.config,
                                            learns ? "threads (or ranks with chunk_rows)" : "workers"));
  return result;
}

std::vector<std::string> table_arguments(const comparison_order& x) {
  word_list words{"-q", "extract", x.config};
  add_settings(words, common_settings(x));
  return words;
}

} // namespace fugato
