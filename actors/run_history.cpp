// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/run_history.hpp"

#include "config/printable.hpp"

#include <algorithm>

namespace fugato {
namespace {

constexpr double rate_window = 10; // s
constexpr std::size_t most_rates = 300;
constexpr std::size_t most_boxes = 2000;
constexpr std::size_t most_failures = 200;

double seconds(std::uint64_t us) { return 1e-6 * static_cast<double>(us); }

template <class T>
void keep(std::deque<T>& all, T one, std::size_t most) {
  all.push_back(std::move(one));
  if (all.size() > most)
    all.pop_front();
}

/// Those with a number above `seen`, which count up.
template <class T>
std::vector<T> newer(const std::deque<T>& all, std::uint64_t seen) {
  const auto first =
      std::upper_bound(all.begin(), all.end(), seen, [](std::uint64_t n, const T& x) { return n < x.number; });
  return {first, all.end()};
}

} // namespace

void run_history::begin(double now, run_phase phase) {
  phase_ = std::move(phase);
  began_ = now;
  first_update_ = true;
  seen_ = {};
  seen_.tracks = phase_.tasks;
  last_ = {};
  samples_ = {{now, 0}};
  reasons_.clear();
}

void run_history::step(double now, const progress& seen) { count(now, seen); }

void run_history::count(double now, const progress& seen) {
  seen_ = seen;
  if (samples_.empty() || now - samples_.back().at > 0.1)
    samples_.push_back({now, seen.done + seen.failed});
  while (samples_.size() > 2 && samples_[1].at < now - rate_window)
    samples_.pop_front();
  note_rate(now);
}

/// Of a long run every second point is dropped again and again: what is kept spans all of it.
void run_history::note_rate(double now) {
  if (now < (rates_.empty() ? began_ : rates_.back().at) + rate_spacing_)
    return;
  rates_.push_back({next_rate_++, now, recent_rate(now)});
  if (rates_.size() <= most_rates)
    return;
  std::size_t place = 0;
  std::erase_if(rates_, [&place](const live_rate&) { return place++ % 2 == 0; });
  rate_spacing_ *= 2;
}

void run_history::update(double now, const dispatch_status& x) {
  const double offset = now - seconds(x.at_us);
  offset_ = first_update_ ? offset : std::min(offset_, offset); // the least late
  if (first_update_)                                            // what an earlier run has done is no speed of this one
    samples_ = {
        {began_, x.seen.done + x.seen.failed -
                     std::min<std::uint32_t>(x.seen.done + x.seen.failed, static_cast<std::uint32_t>(x.spans.size()))}};
  first_update_ = false;
  count(now, x.seen);
  add_boxes(x);
  add_failures(now, x);
  last_ = x;
  last_.spans.clear();
  last_.failures.clear();
}

void run_history::add_boxes(const dispatch_status& x) {
  for (const span& s : x.spans)
    keep(boxes_, {next_box_++, name_of(s.task), s.line, offset_ + seconds(s.start_us), seconds(s.duration_us)},
         most_boxes);
}

void run_history::add_failures(double now, const dispatch_status& x) {
  for (const task_failure& f : x.failures) {
    const std::string reason{kind_of(f.reason).name};
    ++reasons_[reason];
    keep(failures_, {next_failure_++, now, reason, printable(f.sentence)}, most_failures);
  }
}

void run_history::end(double now, bool last) {
  begin(now, {last ? "ended" : "waits", phase_.unit, 0, {}});
  samples_.clear();
}

std::string run_history::name_of(std::uint32_t task) const {
  return phase_.task_name ? printable(phase_.task_name(task), 120) : "task " + std::to_string(task);
}

double run_history::recent_rate(double now) const {
  if (samples_.empty())
    return 0;
  const auto from =
      std::find_if(samples_.begin(), samples_.end(), [&](const sample& s) { return s.at >= now - rate_window; });
  // what tells seldom has no two samples in the window
  const bool lone = from == samples_.end() || std::next(from) == samples_.end();
  const sample& start = lone && from != samples_.begin() ? *std::prev(from) : *from;
  const double passed = now - start.at;
  return passed > 0 ? (seen_.done + seen_.failed - std::min(start.finished, seen_.done + seen_.failed)) / passed : 0;
}

live_status run_history::status(double now, const cursor& seen) const {
  live_status x;
  x.seconds = now;
  x.phase = phase_.name;
  x.unit = phase_.unit;
  x.phase_seconds = now - began_;
  x.tasks = seen_.tracks;
  x.done = seen_.done;
  x.failed = seen_.failed;
  const std::uint32_t finished = x.done + x.failed;
  x.rate = recent_rate(now);
  x.mean_rate = x.phase_seconds > 0 && finished > 0 ? finished / x.phase_seconds : 0;
  if (x.rate > 0 && x.tasks >= finished)
    x.eta_seconds = (x.tasks - finished) / x.rate;
  x.audio_seconds = seconds(seen_.audio_microseconds);
  x.x_real_time = x.phase_seconds > 0 ? x.audio_seconds / x.phase_seconds : 0;
  x.retries = last_.retries;
  x.doubled = last_.doubled;
  for (std::uint32_t i = 0; i < last_.lines.size(); ++i) {
    const dispatch_status::line& line = last_.lines[i];
    const bool works = line.alive && line.in_hand > 0;
    x.lines.push_back({i, line.process,
                       !line.alive ? "gone"
                       : works     ? "works"
                                   : "waits",
                       line.done, works ? name_of(line.first) : "", works ? line.in_hand : 0,
                       works ? std::max(0.0, now - offset_ - seconds(line.since_us)) : 0});
    x.in_hand += works ? line.in_hand : 0;
    x.lines_gone += line.alive ? 0 : 1;
  }
  x.in_hand = std::min(x.in_hand, x.tasks - std::min(x.tasks, finished));
  x.waiting = last_.lines.empty() ? 0 : x.tasks - std::min(x.tasks, finished + x.in_hand);
  x.rates = newer(rates_, seen.rate);
  x.stream = newer(boxes_, seen.box);
  x.failures = newer(failures_, seen.failure);
  for (const auto& [reason, count] : reasons_)
    x.reasons.push_back({reason, count});
  return x;
}

} // namespace fugato
