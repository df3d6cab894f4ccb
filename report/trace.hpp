// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/row_source.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

/// Who worked on what, when.
namespace fugato {

/// A stretch of work of one line.
struct trace_event {
  std::string name;              ///< the track
  std::string category;          ///< what was done to it, e.g. "read", "extract"
  std::uint64_t start_us = 0;    ///< on the machine's monotonic clock [us]
  std::uint64_t duration_us = 0; ///< [us]
  std::uint32_t process = 0;
  std::uint32_t line = 0; ///< of the run: no two lines share a number
};

/// The events as complete ("X") events of the Chrome Trace Event Format, with the
/// names "line 0", "line 1" ... of their threads; opens in Perfetto
/// (https://ui.perfetto.dev). Bytes of a name that are not UTF-8 become U+FFFD.
std::string trace_json(std::span<const trace_event> events);

/// The same, piece by piece, of events that are made when they are asked for.
void write_trace(const text_sink& out, std::size_t events, const std::function<trace_event(std::size_t)>& event);

/// The complete events of such a text, in their order; others are passed over.
/// @param origin names the text in the error
/// @throws error(bad_table) for a text that holds no list of trace events
std::vector<trace_event> read_trace(const std::string& text, const std::string& origin);

} // namespace fugato
