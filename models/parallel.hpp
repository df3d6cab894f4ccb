// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/classifier.hpp"

#include <cstddef>
#include <functional>

namespace fugato {

/// Does one job of many; may keep buffers of its own between them.
using worker = std::function<void(std::size_t job)>;

/// Does the jobs 0 .. jobs-1 in at most @p threads threads, the calling one among
/// them, each with a worker of its own. Which worker does which job is left to
/// chance, so a job's result must not depend on the ones before it.
/// @param context of a fit: its `cancel` is asked before each job, and its `tell`
///        is told, on the calling thread only
/// @throws the first exception of a worker, once all have stopped;
///         error(internal) when cancelled
void share_out(std::size_t jobs, unsigned threads, const std::function<worker()>& make_worker,
               const fit_context* context = nullptr);

} // namespace fugato
