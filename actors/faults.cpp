// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/faults.hpp"

#include <chrono>
#include <cstdlib>
#include <string_view>
#include <thread>
#include <unistd.h>

namespace fugato {

void simulate_fault(const std::string& path) {
  static const char* const set = std::getenv("FUGATO_FAULT");
  const std::string_view fault = set == nullptr ? "" : set;
  const auto colon = fault.find(':');
  if (colon == std::string_view::npos || path.find(fault.substr(colon + 1)) == std::string::npos)
    return;
  if (fault.starts_with("crash:"))
    std::abort();
  if (fault.starts_with("slow:"))
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
  while (fault.starts_with("hang:"))
    pause();
}

} // namespace fugato
