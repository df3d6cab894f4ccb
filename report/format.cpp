// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/format.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace fugato {

std::string short_time(double seconds) {
  if (seconds == 0)
    return "0 s";
  return std::abs(seconds) < 0.9995 ? fmt::format("{:.3g} ms", 1000 * seconds) : fmt::format("{:#.4g} s", seconds);
}

std::string short_bytes(double bytes) {
  constexpr std::array units{"B", "kB", "MB", "GB", "TB"};
  std::size_t i = 0;
  for (; bytes >= 999.5 && i + 1 < units.size(); ++i)
    bytes /= 1000;
  return fmt::format("{:.{}f} {}", bytes, i > 0 && bytes < 99.95 ? 1 : 0, units[i]);
}

std::string short_number(double x) { return std::isfinite(x) ? fmt::format("{:#.3g}", x) : "-"; }

std::string short_percent(double part) {
  if (!std::isfinite(part))
    return "-";
  return fmt::format("{:.{}f} %", 100 * part, std::abs(part) < 0.095 && part != 0 ? 1 : 0);
}

std::string counted(double n, const std::string& noun) {
  return fmt::format("{:.0f} {}{}", n, noun, n == 1 ? "" : "s");
}

std::string listed(const std::vector<std::string>& items) {
  std::string result;
  for (std::size_t i = 0; i < items.size(); ++i)
    result += (i == 0 ? "" : i + 1 == items.size() ? " and " : ", ") + items[i];
  return result;
}

} // namespace fugato
