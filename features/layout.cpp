// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/layout.hpp"

#include <string>

namespace fugato {

namespace {

placement unplaced(const feature& f, const feature_settings& settings) {
  placement p{&f, f.bands(settings), {}, 0, 0};
  if (f.single)
    p.statistics.push_back(&statistics().at("mean"));
  else
    for (const std::string& name : settings.statistics)
      p.statistics.push_back(&statistics().at(name));
  return p;
}

std::string column_name(const feature& f, std::size_t band, const statistic& s) {
  std::string name(f.column);
  if (const std::size_t place = name.find("{}"); place != std::string::npos)
    name.replace(place, 2, std::to_string(f.first_band + band));
  return name + "_" + std::string(s.name);
}

std::string unit_of(const feature& f, const statistic& s) {
  const std::string unit(f.unit);
  if (!s.squares_unit || unit == "1")
    return unit;
  return (unit.find('/') == std::string::npos ? unit : "(" + unit + ")") + "^2";
}

} // namespace

std::vector<placement> layout_of(const feature_settings& settings) {
  std::vector<placement> result;
  for (const std::string& name : settings.names)
    result.push_back(unplaced(features().at(name), settings));
  std::size_t next = 0;
  for (std::size_t i = 0; i < result.size();) {
    // A group that shares its columns' order band by band; mostly of one.
    std::size_t end = i + 1;
    if (!result[i].what->interleave.empty())
      while (end < result.size() && result[end].what->interleave == result[i].what->interleave)
        ++end;
    std::size_t stride = 0;
    for (std::size_t j = i; j < end; ++j) {
      result[j].first = next + stride;
      stride += result[j].statistics.size();
    }
    for (std::size_t j = i; j < end; ++j)
      result[j].band_stride = stride;
    next += stride * result[i].bands;
    i = end;
  }
  return result;
}

std::size_t width_of(const std::vector<placement>& layout) {
  std::size_t width = 0;
  for (const placement& p : layout)
    width += p.bands * p.statistics.size();
  return width;
}

std::vector<column> columns_of(const feature_settings& settings) {
  const std::vector<placement> layout = layout_of(settings);
  std::vector<column> result(width_of(layout));
  for (const placement& p : layout)
    for (std::size_t b = 0; b < p.bands; ++b)
      for (std::size_t s = 0; s < p.statistics.size(); ++s)
        result[p.first + b * p.band_stride + s] = {column_name(*p.what, b, *p.statistics[s]),
                                                   unit_of(*p.what, *p.statistics[s]), std::string(p.what->name),
                                                   std::string(p.statistics[s]->name)};
  return result;
}

} // namespace fugato
