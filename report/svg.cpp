// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/svg.hpp"

#include <fmt/format.h>

#include <cmath>

namespace fugato {

std::string tooltip(const std::string& text) { return element("title", {}, escaped(text)); }

std::string percent(double part) { return fmt::format("{:.5g}%", 100 * part); }

std::string pixels(double x) { return fmt::format("{:.5g}", x); }

std::vector<double> round_ticks(double high, int count) {
  if (!(high > 0) || !std::isfinite(high))
    return {0, 1};
  const double rough = high / count;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  const double digit = rough / power;
  const double step = power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
  std::vector<double> result;
  for (int i = 0; result.empty() || result.back() < high * (1 - 1e-9); ++i)
    result.push_back(i * step);
  return result;
}

} // namespace fugato
