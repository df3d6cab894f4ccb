// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/faults.hpp"

#include "actors/messages.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <deque>
#include <limits>
#include <string_view>
#include <thread>
#include <unistd.h>
#include <vector>

namespace fugato {
namespace {

struct fault {
  std::string kind;
  std::string text;
};

std::vector<fault> faults_in(std::string_view list) {
  std::vector<fault> result;
  while (!list.empty()) {
    const std::string_view one = list.substr(0, list.find(';'));
    list.remove_prefix(std::min(list.size(), one.size() + 1));
    if (const auto colon = one.find(':'); colon != std::string_view::npos)
      result.push_back({std::string(one.substr(0, colon)), std::string(one.substr(colon + 1))});
  }
  return result;
}

const std::vector<fault>& faults_set() {
  static const char* const set = std::getenv("FUGATO_FAULT");
  static const std::vector<fault> all = faults_in(set == nullptr ? "" : set);
  return all;
}

void read_at_null() {
  const volatile char* volatile nowhere = nullptr;
  static_cast<void>(*nowhere);
}

/// bad_alloc, which gives it back, ends the track, the system's killer the process.
[[noreturn]] void take_all_memory() {
  constexpr std::size_t piece = std::size_t{16} << 20U;
  std::deque<std::vector<char>> all;
  for (;;)
    all.emplace_back(piece, 1);
}

[[noreturn]] void sleep_for_ever() {
  for (;;)
    pause();
}

struct deed {
  std::string_view kind;
  void (*act)();
};

constexpr std::array deeds{
    deed{"crash", [] { std::abort(); }},
    deed{"segv", read_at_null},
    deed{"oom", take_all_memory},
    deed{"exit", [] { _exit(7); }},
    deed{"stop", [] { std::raise(SIGSTOP); }},
    deed{"hang", sleep_for_ever},
    deed{"slow", [] { std::this_thread::sleep_for(std::chrono::milliseconds(300)); }},
};

bool is_set(std::string_view kind, const std::string& at) {
  return std::any_of(faults_set().begin(), faults_set().end(),
                     [&](const fault& x) { return x.kind == kind && at.find(x.text) != std::string::npos; });
}

} // namespace

void simulate_fault(const std::string& path) {
  for (const deed& one : deeds)
    if (is_set(one.kind, path))
      one.act();
}

void simulate_fault(const parcel& work, parcel_rows& results) {
  for (std::size_t i = 0; i < work.tasks.size(); ++i) {
    const task& at = work.tasks[i];
    const auto here = [&](std::string_view kind) { return is_set(kind, at.what); };
    measured& result = results.tasks.at(i);
    std::vector<float>& values = result.rows.values;
    if (here("nan") && !values.empty())
      values.back() = std::numeric_limits<float>::quiet_NaN();
    if (here("width") && !values.empty())
      values.pop_back();
    if (here("empty"))
      values.clear();
    if (here("stranger"))
      result.task = at.id == 0 ? 1 : 0;
    if (here("nowhere"))
      result.task = std::numeric_limits<std::uint32_t>::max();
    if (here("lease"))
      results.lease += 1'000'000;
    if (here("reason"))
      result.reason = "\x1B[31mno such reason";
    if (here("extra"))
      results.tasks.push_back(measured{result});
  }
}

bool simulate_bypass(const parcel& work) {
  return std::any_of(work.tasks.begin(), work.tasks.end(), [](const task& x) { return is_set("bypass", x.what); });
}

std::uint32_t claimed_protocol(std::uint32_t truth) { return is_set("version", "hello") ? truth + 1 : truth; }
std::string claimed_build(const std::string& truth) { return is_set("build", "hello") ? "\x1B[31manother" : truth; }
std::string claimed_settings(const std::string& truth) { return is_set("settings", "hello") ? "another" : truth; }

} // namespace fugato
