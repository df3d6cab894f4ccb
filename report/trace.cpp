// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/trace.hpp"

#include "config/error.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <iterator>
#include <map>
#include <utility>

namespace fugato {
namespace {

using nlohmann::json;

std::string quoted(const std::string& text) { return json(text).dump(-1, ' ', false, json::error_handler_t::replace); }

/// The line of each thread. A line of another process has another number, yet the
/// format counts threads per process, hence the pair.
std::map<std::pair<std::uint32_t, std::uint32_t>, std::string> thread_names(std::span<const trace_event> events) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::string> result;
  for (const trace_event& x : events)
    result.try_emplace({x.process, x.line}, "line " + std::to_string(x.line));
  return result;
}

} // namespace

std::string trace_json(std::span<const trace_event> events) {
  std::string result = "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[";
  auto out = std::back_inserter(result);
  const char* separator = "\n";
  for (const auto& [thread, name] : thread_names(events))
    fmt::format_to(out,
                   "{}{{\"ph\":\"M\",\"name\":\"thread_name\",\"pid\":{},\"tid\":{},\"args\":{{\"name\":\"{}\"}}}}",
                   std::exchange(separator, ",\n"), thread.first, thread.second, name);
  for (const trace_event& x : events)
    fmt::format_to(out, "{}{{\"ph\":\"X\",\"name\":{},\"cat\":{},\"ts\":{},\"dur\":{},\"pid\":{},\"tid\":{}}}",
                   std::exchange(separator, ",\n"), quoted(x.name), quoted(x.category), x.start_us, x.duration_us,
                   x.process, x.line);
  return result + "\n]}\n";
}

std::vector<trace_event> read_trace(const std::string& text, const std::string& origin) {
  try {
    const json root = json::parse(text);
    std::vector<trace_event> result;
    for (const json& x : root.at("traceEvents"))
      if (x.at("ph") == "X")
        result.push_back({x.at("name"), x.value("cat", ""), x.at("ts"), x.at("dur"), x.at("pid"), x.at("tid")});
    return result;
  } catch (const json::exception& e) {
    throw error(errc::bad_table, origin + ": must be a trace in Chrome Trace Event form: " + e.what());
  }
}

} // namespace fugato
