// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/columns.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fugato {

std::string in_columns(const std::vector<table_line>& lines) {
  std::vector<std::size_t> widths;
  for (const table_line& one : lines) {
    widths.resize(std::max(widths.size(), one.size()));
    for (std::size_t i = 0; i < one.size(); ++i)
      widths[i] = std::max(widths[i], one[i].size());
  }
  std::string text;
  for (const table_line& one : lines) {
    for (std::size_t i = 0; i < one.size(); ++i)
      text += i == 0 ? fmt::format("{:<{}}", one[i], widths[i]) : fmt::format("  {:>{}}", one[i], widths[i]);
    text += "\n";
  }
  return text;
}

std::string spread_text(const figure_spread& x) {
  return x.values == 0   ? "-"
         : x.values == 1 ? fmt::format("{:.4f}", x.mean)
                         : fmt::format("{:.4f} +- {:.4f}", x.mean, x.deviation);
}

} // namespace fugato
