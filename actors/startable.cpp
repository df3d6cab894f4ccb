// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/startable.hpp"

#include "config/error.hpp"

#include <fmt/format.h>

#include <future>
#include <system_error>
#include <thread>
#include <vector>

namespace fugato {

std::size_t startable(std::size_t threads, const std::string& setting) {
  constexpr std::size_t own = 6; // CAF's clock, printer and middleman, the observer, the trainer
  std::vector<std::thread> trial;
  std::promise<void> go;
  const std::shared_future<void> gate = go.get_future().share();
  bool enough = true;
  try {
    while (trial.size() < threads + own)
      trial.emplace_back([gate] { gate.wait(); });
  } catch (const std::system_error&) {
    enough = false;
  }
  const std::size_t started = trial.size();
  go.set_value();
  for (std::thread& one : trial)
    one.join();
  if (!enough)
    throw error(errc::settings,
                fmt::format("{}: must be as many as the system lets threads start; {} are needed, {} could be started",
                            setting, threads + own, started));
  return threads;
}

} // namespace fugato
