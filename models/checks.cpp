// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/checks.hpp"

#include "config/error.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace fugato {

void check_rows(const samples& x, std::size_t width, std::string_view who) {
  if (x.width != width)
    throw error(errc::bad_model, fmt::format("{} needs rows of {} columns, found {}", who, width, x.width));
  const auto bad = std::find_if(x.values.begin(), x.values.end(), [](float value) { return !std::isfinite(value); });
  if (bad != x.values.end()) {
    const auto at = static_cast<std::size_t>(bad - x.values.begin());
    throw error(errc::bad_model, fmt::format("{} needs finite values, found {} in row {}, column {} (from 0)", who,
                                             *bad, at / x.width, at % x.width));
  }
}

void check_trainable(const samples& x, std::uint32_t classes, std::string_view who) {
  if (classes > max_classes)
    throw error(errc::bad_model, fmt::format("{} takes at most {} classes, found {}", who, max_classes, classes));
  if (x.rows() == 0 || x.labels.size() != x.rows())
    throw error(errc::bad_model, fmt::format("{} needs a label for each of at least one training row, found {} labels "
                                             "for {} rows",
                                             who, x.labels.size(), x.rows()));
  check_rows(x, x.width, who);
  const auto [lowest, highest] = std::minmax_element(x.labels.begin(), x.labels.end());
  if (*highest >= classes)
    throw error(errc::bad_model,
                fmt::format("{} needs labels below the number of classes {}, found {}", who, classes, *highest));
  if (*lowest == *highest)
    throw error(errc::bad_model, fmt::format("{} needs training rows of at least 2 classes, found 1", who));
}

} // namespace fugato
