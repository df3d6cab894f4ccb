// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/faults.hpp"

#include "actors/messages.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <limits>
#include <string_view>
#include <thread>
#include <unistd.h>

namespace fugato {
namespace {

/// The kind of fault that strikes at a track; empty for none.
std::string_view fault_at(std::string_view path) {
  static const char* const set = std::getenv("FUGATO_FAULT");
  const std::string_view fault = set == nullptr ? "" : set;
  const auto colon = fault.find(':');
  const bool here = colon != std::string_view::npos && path.find(fault.substr(colon + 1)) != std::string_view::npos;
  return here ? fault.substr(0, colon) : "";
}

} // namespace

void simulate_fault(const std::string& path) {
  const std::string_view kind = fault_at(path);
  if (kind == "crash")
    std::abort();
  if (kind == "slow")
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
  while (kind == "hang")
    pause();
}

void simulate_fault(const parcel& work, parcel_rows& results) {
  const auto hit =
      std::find_if(work.tasks.begin(), work.tasks.end(), [](const task& x) { return !fault_at(x.what).empty(); });
  if (hit == work.tasks.end())
    return;
  const std::string_view kind = fault_at(hit->what);
  measured& result = results.tasks.at(static_cast<std::size_t>(hit - work.tasks.begin()));
  std::vector<float>& values = result.rows.values;
  if (kind == "nan" && !values.empty())
    values.back() = std::numeric_limits<float>::quiet_NaN();
  if (kind == "width" && !values.empty())
    values.pop_back();
  if (kind == "empty")
    values.clear();
  if (kind == "stranger")
    result.task = hit->id == 0 ? 1 : 0;
  if (kind == "nowhere")
    result.task = std::numeric_limits<std::uint32_t>::max();
  if (kind == "lease")
    results.lease += 1'000'000;
  if (kind == "reason")
    result.reason = "\x1B[31mno such reason";
  if (kind == "extra")
    results.tasks.push_back(result);
}

bool simulate_bypass(const parcel& work) {
  return std::any_of(work.tasks.begin(), work.tasks.end(), [](const task& x) { return fault_at(x.what) == "bypass"; });
}

void simulate_fault(hello& me) {
  if (fault_at("hello") == "version")
    ++me.protocol;
  if (fault_at("hello") == "build")
    me.build = "\x1B[31manother";
  if (fault_at("hello") == "settings")
    me.settings = "another";
}

} // namespace fugato
