// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/terminal.hpp"

#include "config/error.hpp"
#include "config/files.hpp"
#include "config/printable.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

namespace fugato {
namespace {

bool quiet_terminal = false;

bool on_terminal() { return isatty(STDERR_FILENO) == 1; }

/// "95 s", "12 min", "3.2 h"
std::string duration(double seconds) {
  if (seconds < 120)
    return fmt::format("{:.0f} s", seconds);
  if (seconds < 7200)
    return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

/// The first few sentences, and how many more there are.
template <class Item>
void tell(const std::vector<Item>& items, const char* what) {
  constexpr std::size_t most = 5;
  for (std::size_t i = 0; i < items.size() && i < most; ++i)
    warn(items[i].sentence);
  if (items.size() > most)
    warn(fmt::format("... and {} more {}", items.size() - most, what));
}

} // namespace

void open_terminal(bool quiet) {
  quiet_terminal = quiet;
  const bool colour = on_terminal() && std::getenv("NO_COLOR") == nullptr;
  auto logger = spdlog::stderr_color_st("fugato", colour ? spdlog::color_mode::always : spdlog::color_mode::never);
  logger->set_pattern("%^fugato: %v%$");
  logger->set_level(quiet ? spdlog::level::warn : spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

void note(const std::string& sentence) { spdlog::info("{}", printable(sentence)); }
void warn(const std::string& sentence) { spdlog::warn("{}", printable(sentence)); }
void complain(const std::string& sentence) { spdlog::error("{}", printable(sentence)); }

void print(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0)
    return;
  if (errno == EPIPE)
    end_by_closed_pipe();
  throw error(errc::output, std::string("stdout: must be writable: ") + std::strerror(errno));
}

progress_line::progress_line(std::string what, std::string unit) : what_(std::move(what)), unit_(std::move(unit)) {
  shown_ = start_;
}

progress_line::~progress_line() { wipe(); }

void progress_line::wipe() {
  if (dirty_)
    std::fputs("\r\033[K", stderr);
  dirty_ = false;
}

void progress_line::say(const std::string& sentence) {
  wipe();
  note(sentence);
}

std::string progress_line::text(const progress& x, double seconds) const {
  const std::uint32_t finished = x.done + x.failed;
  std::string result = fmt::format("{} {}/{} {}", what_, finished, x.tracks, unit_);
  if (x.failed > 0)
    result += fmt::format(" ({} failed)", x.failed);
  if (finished > 0 && seconds > 0) {
    result += fmt::format(", {:.1f}/s", finished / seconds);
    if (x.audio_microseconds > 0)
      result += fmt::format(", {:.0f} x real time", 1e-6 * static_cast<double>(x.audio_microseconds) / seconds);
    result += ", ETA " + duration(seconds / finished * (x.tracks - finished));
  }
  return result;
}

void progress_line::show(const progress& x, const std::string& remark) {
  using namespace std::chrono_literals;
  const bool terminal = on_terminal();
  const auto now = clock::now();
  if (quiet_terminal || now - shown_ < (terminal ? clock::duration(100ms) : clock::duration(10s)))
    return;
  shown_ = now;
  const std::string line =
      text(x, std::chrono::duration<double>(now - start_).count()) + (remark.empty() ? "" : "; ") + remark;
  if (!terminal)
    return note(line);
  std::fputs(("\r" + line + "\033[K").c_str(), stderr);
  std::fflush(stderr);
  dirty_ = true;
}

void tell_failures(const std::vector<failure>& failures) { tell(failures, "tracks failed"); }

void tell_warnings(const std::vector<warning>& warnings) { tell(warnings, "tracks are doubtful"); }

} // namespace fugato
