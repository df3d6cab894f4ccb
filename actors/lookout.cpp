// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/lookout.hpp"

#include <utility>

namespace fugato {
namespace {

constexpr std::uint64_t second = 1'000'000;

/// When to speak: first, for a worker that is replaced is there sooner, and then how often.
constexpr std::uint64_t first_word = 2 * second;
constexpr std::uint64_t next_words = 10 * second;

} // namespace

std::optional<std::string> lookout::look(std::uint64_t now, bool any_worker, std::uint32_t open_tasks) {
  if (any_worker) {
    since_.reset();
    return std::nullopt;
  }
  if (!since_) {
    since_ = seen_ = now;
    next_word_ = now + first_word;
  }
  waited_us_ += now - std::exchange(seen_, now);
  const std::uint64_t waited = now - *since_;
  if (most_us_ > 0 && waited > most_us_ && !std::exchange(gave_up_, true))
    return "a worker must be there within " + std::to_string(most_us_ / second) +
           " s (dispatch.no_worker_seconds), but none came, and " + std::to_string(open_tasks) +
           " tasks are to be done";
  if (gave_up_ || now < next_word_)
    return std::nullopt;
  next_word_ = now + next_words;
  return "waiting for workers: none is there, and " + std::to_string(open_tasks) + " tasks are to be done" +
         (most_us_ > 0 ? "; giving up in " + std::to_string((most_us_ - waited) / second) + " s" : "");
}

} // namespace fugato
