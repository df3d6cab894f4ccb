// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/settings.hpp"
#include "models/training.hpp"

#include <functional>
#include <string>

namespace fugato {

/// How ranks are to be run.
struct rank_settings {
  const train_settings& train;
  const dispatch_settings& dispatch; ///< policy distributed: ranks on its nodes, else in child processes
  std::function<void(const std::string&)> announce;
};

/// Has a model learnt by ranks that share the rows. All live in processes of their own.
/// When one of them dies, hangs or is silent, the attempt ends within the
/// timeout, and the next goes on from the last checkpoint with fresh workers.
/// The result is a pure function of the arguments and the number of ranks: see collective_learner.
/// @returns what the ranks' threads spent in the attempt that succeeded, and a note for each that did not
/// @throws error(worker_lost) when as many attempts failed as may; error(settings) when the
///         model cannot be learnt so; error(internal) when ranks do not learn the same
fitted fit_on_ranks(classifier& model, const samples& rows, const fit_context& context, const rank_settings& how);

} // namespace fugato
