// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/trace.hpp"

#include "config/error.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <set>
#include <utility>

namespace fugato {
namespace {

using nlohmann::json;

std::string quoted(const std::string& text) { return json(text).dump(-1, ' ', false, json::error_handler_t::replace); }

/// Process and line. A line of another process has another number, yet the format counts
/// threads per process, hence the pair.
using thread = std::pair<std::uint32_t, std::uint32_t>;

} // namespace

void write_trace(const text_sink& out, std::size_t events, const std::function<trace_event(std::size_t)>& event) {
  std::set<thread> threads;
  for (std::size_t i = 0; i < events; ++i) {
    const trace_event x = event(i);
    threads.insert({x.process, x.line});
  }
  out("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[");
  const char* separator = "\n";
  for (const auto& [process, line] : threads)
    out(fmt::format(
        "{}{{\"ph\":\"M\",\"name\":\"thread_name\",\"pid\":{},\"tid\":{},\"args\":{{\"name\":\"line {}\"}}}}",
        std::exchange(separator, ",\n"), process, line, line));
  for (std::size_t i = 0; i < events; ++i) {
    const trace_event x = event(i);
    out(fmt::format("{}{{\"ph\":\"X\",\"name\":{},\"cat\":{},\"ts\":{},\"dur\":{},\"pid\":{},\"tid\":{}}}",
                    std::exchange(separator, ",\n"), quoted(x.name), quoted(x.category), x.start_us, x.duration_us,
                    x.process, x.line));
  }
  out("\n]}\n");
}

std::string trace_json(std::span<const trace_event> events) {
  std::string result;
  write_trace([&](std::string_view text) { result += text; }, events.size(), [&](std::size_t i) { return events[i]; });
  return result;
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
