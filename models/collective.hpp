// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/classifier.hpp"
#include "models/dataset.hpp"

#include <atomic>
#include <cstdint>
#include <string>

/// Models that several processes learn together: each *rank* sees a share of the
/// rows, and all end with the same model.
namespace fugato {

/// What a rank has to know besides its rows.
struct rank_job {
  std::uint16_t port = 0;  ///< of this machine, where the ranks find each other
  std::string name;        ///< under which this rank is expected
  std::uint32_t ranks = 1; ///< in all
  /// How long another rank may be silent, a whole number of at least 1 [s].
  std::uint32_t timeout_seconds = 60;
  std::uint32_t checkpoint_rounds = 50; ///< rank 0 tells the model each time so many are done
  std::string initial;                  ///< a model, as of `fit_together`, to go on from; empty: none
  /// Told at which port of this machine the rank awaits others, as soon as it does; or null.
  std::atomic<std::uint16_t>* awaits = nullptr;
};

/// What rank 0 tells whoever started the ranks, while they learn.
struct checkpoint {
  std::uint32_t done = 0; ///< rounds, those of the initial model included
  std::uint32_t of = 0;
  std::string model; ///< to go on from
};

/// The text in which a checkpoint travels.
std::string to_message(const checkpoint& x);
/// @throws error(bad_model) for a text that is none
checkpoint checkpoint_from(const std::string& message);

/// The side of a classifier that ranks need.
class collective_learner {
public:
  virtual ~collective_learner() = default;

  /// @throws error(settings) when ranks cannot learn together with these parameters
  virtual void check_collective() const = 0;

  /// The work of one rank. The model is a pure function of shards, parameters, seed
  /// and the number of ranks. The whole call must be made on one thread, and all
  /// ranks at the same time; once it is left, by an error too, the other ranks fail
  /// soon unless they are done.
  /// @param context without validation rows
  /// @returns what was learnt; equal on all ranks
  /// @throws error(bad_model) when a rank is lost, silent for longer than it may, or does not come
  virtual std::string fit_together(const samples& shard, const fit_context& context, const rank_job& job) const = 0;

  /// Takes over what ranks have learnt. @throws error(bad_model)
  virtual void adopt(const std::string& model) = 0;
};

/// The rows of a rank: each `ranks`-th chunk of `chunk_rows` (>= 1) consecutive rows, beginning with its own
/// number. With chunks of one row no share lacks a class because the table is sorted.
samples shard_of(const dataset& table, std::uint32_t rank, std::uint32_t ranks, std::uint32_t chunk_rows = 1);

} // namespace fugato
