// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/pipeline.hpp"
#include "actors/work.hpp"
#include "config/describe.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// The work "rank": each task is one rank of a model that is learnt together; the
/// table of scaled training rows is the briefing's supply, and the task's number
/// the rank.
namespace fugato {

/// What the ranks of an attempt have in common: the briefing's settings.
struct rank_plan {
  std::string model;      ///< row of the catalog
  std::string parameters; ///< JSON of its section
  std::uint32_t classes = 0;
  std::uint64_t seed = 0;
  std::vector<std::string> names; ///< that the tracker expects, by rank
  std::uint32_t port = 0;         ///< of the tracker, for ranks on its machine
  std::uint32_t chunk_rows = 1;
  std::uint32_t timeout_seconds = 60;
  std::uint32_t checkpoint_rounds = 50;
  std::string initial; ///< model to go on from, or empty
};

/// What a rank answers, as JSON.
struct rank_result {
  std::string sha256;     ///< of the model
  double cpu_seconds = 0; ///< of its thread
  std::string model;      ///< of rank 0 only: all have the same
};

void describe(visitor& v, rank_plan& x);
void describe(visitor& v, rank_result& x);

std::string digest_of_ranks(const std::string& settings);
prepared_work learn_in_ranks(const briefing& brief, const site& here);

} // namespace fugato
