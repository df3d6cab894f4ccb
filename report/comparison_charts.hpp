// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/comparison_page.hpp"

#include <string>

/// The drawings of the page; HTML with SVG inside.
namespace fugato {

/// A row per cell: each repetition a dot, the median a bar.
std::string time_chart(const comparison& x);

/// A row per cell: where the time of its cores went.
std::string shares_chart(const comparison& x);

/// A row per cell: user and system CPU of a run.
std::string cpu_chart(const comparison& x);

/// A row per cell: peak memory of leader and workers.
std::string memory_chart(const comparison& x);

/// A card per policy of several worker counts: speed-up and efficiency against
/// workers, with the ideal, the fit and the number of cores.
std::string scaling_charts(const comparison& x);

/// A card per stream: lines over time, CPU and memory below.
std::string stream_charts(const comparison& x, std::span<const task_stream> streams);

/// A swatch of a colour class with its meaning.
std::string legend(std::initializer_list<std::pair<std::string_view, std::string>> entries);

} // namespace fugato
