// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/session.hpp"

#include "actors/guard.hpp"
#include "actors/pipeline.hpp"
#include "actors/placement.hpp"
#include "actors/policy.hpp"
#include "actors/system_config.hpp"
#include "config/json.hpp"
#include "features/catalog.hpp"
#include "features/extractor.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <future>
#include <system_error>
#include <thread>

namespace fugato {
namespace {

/// Stops an actor at the end of a scope and waits until it is gone.
template <class Handle>
class lifetime {
public:
  lifetime(caf::scoped_actor& self, Handle handle) : self_(self), handle_(std::move(handle)) {}
  ~lifetime() {
    self_->send_exit(handle_, caf::exit_reason::user_shutdown);
    self_->wait_for(handle_);
  }
  lifetime(const lifetime&) = delete;
  lifetime& operator=(const lifetime&) = delete;
  const Handle& operator*() const { return handle_; }

private:
  caf::scoped_actor& self_;
  Handle handle_;
};

/// Asks and waits. @throws error for an answer that is one.
template <class Answer, class Handle, class... Question>
Answer ask(caf::scoped_actor& self, const Handle& whom, Question&&... question) {
  Answer result;
  std::unique_ptr<error> problem;
  self->request(whom, caf::infinite, std::forward<Question>(question)...)
      .receive([&](const Answer& x) { result = x; },
               [&](const caf::error& e) { problem = std::make_unique<error>(from_caf(e)); });
  if (problem)
    throw *problem;
  return result;
}

std::vector<std::string> column_names(const feature_settings& settings) {
  std::vector<std::string> result;
  for (const column& x : columns_of(settings))
    result.push_back(x.name);
  return result;
}

/// The same tracks with paths that count from `base`.
std::vector<track> relative_to(const std::string& base, std::vector<track> tracks) {
  namespace fs = std::filesystem;
  const fs::path root = fs::absolute(base.empty() ? "/" : base).lexically_normal();
  for (track& x : tracks) {
    const std::string inner = fs::absolute(x.path).lexically_normal().lexically_relative(root).string();
    if (inner.empty() || inner.starts_with(".."))
      throw error(errc::settings, x.path + ": must lie beneath " + root.string() + " for workers to find it");
    x.path = inner;
  }
  return tracks;
}

patience patience_of(const dispatch_settings& x) {
  const auto microseconds = [](double seconds) { return static_cast<std::uint64_t>(seconds * 1e6); };
  return {x.attempts, x.crashes, microseconds(x.deadline_seconds), microseconds(x.straggler_seconds)};
}

/// Waits for the coordinator's answer, and lets the placement replace what is lost meanwhile.
extraction_ptr await(caf::scoped_actor& self, const coordinator_actor& boss, placement& fleet) {
  extraction_ptr result;
  std::unique_ptr<error> problem;
  self->send(boss, atom::run_v);
  while (!result && !problem)
    self->receive([&](const extraction_ptr& x) { result = x; },
                  [&](const caf::error& e) { problem = std::make_unique<error>(from_caf(e)); },
                  [&](atom::lost, std::uint32_t process) { fleet.end(process); },
                  caf::after(std::chrono::milliseconds(10)) >> [&] { fleet.tend(); });
  if (problem)
    throw *problem;
  return result;
}

/// CAF aborts or hangs when a thread of its pool cannot be started: find out before.
/// @throws error(settings) when the system does not allow so many.
std::size_t startable(std::size_t threads) {
  constexpr std::size_t own = 6; // CAF's clock, printer and middleman, the observer, the trainer
  std::vector<std::thread> trial;
  std::promise<void> go;
  const std::shared_future<void> gate = go.get_future().share();
  bool enough = true;
  try {
    while (trial.size() < threads + own)
      trial.emplace_back([gate] { gate.wait(); });
  } catch (const std::system_error&) {
    enough = false;
  }
  const std::size_t started = trial.size();
  go.set_value();
  for (std::thread& one : trial)
    one.join();
  if (!enough)
    throw error(errc::settings, "/dispatch/workers: must be as many as the system lets threads start; " +
                                    std::to_string(threads + own) + " are needed, " + std::to_string(started) +
                                    " could be started");
  return threads;
}

} // namespace

struct session::system {
  system(const dispatch_settings& dispatch, std::function<void(const std::string&)> tell)
      : settings(dispatch),
        announce(std::move(tell)),
        how(policies().at(dispatch.policy)),
        config(startable(threads()), how.networked, dispatch.silence_seconds),
        actors(config) {}

  /// One thread a line that lives here; one for coordinator and aggregator where none does.
  std::size_t threads() const { return how.networked ? 1 : how.lines(settings, 0); }

  dispatch_settings settings;
  std::function<void(const std::string&)> announce;
  const policy& how;
  system_config config;
  caf::actor_system actors;
};

session::session(const dispatch_settings& settings, std::function<void(const std::string&)> announce)
    : system_(std::make_unique<system>(settings, std::move(announce))) {}
session::~session() = default;

extraction session::extract(const std::vector<track>& tracks, const line_settings& settings,
                            const progress_callback& tell, const std::string& base) {
  const extractor check(settings.features, settings.audio.rate); // here an error can still be thrown
  const auto count = static_cast<std::uint32_t>(tracks.size());
  const policy& how = system_->how;
  const auto shared = std::make_shared<const std::vector<track>>(how.relative ? relative_to(base, tracks) : tracks);
  const dispatch_settings& dispatch = system_->settings;
  caf::actor_system& actors = system_->actors;
  caf::scoped_actor self{actors};
  const lifetime watcher{self, actors.spawn<caf::detached>(observer, tell)};
  const lifetime collector{self, actors.spawn(aggregator, shared, column_names(settings.features))};
  const auto fleet = how.place();
  const std::uint32_t lines = how.lines(dispatch, count);
  const lifetime boss{
      self, actors.spawn(coordinator, coordination{shared, to_json(settings), fleet->at_first(lines),
                                                   how.feed(dispatch, count), patience_of(dispatch), *collector,
                                                   *watcher, caf::actor_cast<owner_actor>(self.ptr())})};
  fleet->deploy({actors, settings, dispatch, lines, *boss, *collector, base.empty() ? "/" : base,
                 std::uint64_t{20} + std::uint64_t{dispatch.crashes} * count, system_->announce});
  extraction result = *await(self, *boss, *fleet);
  const process_costs spent = fleet->stop();
  result.dispatch.worker_cpu_ns = spent.cpu_ns - std::min(spent.cpu_ns, result.dispatch.startup_cpu_ns);
  result.dispatch.worker_rss_bytes = spent.rss_bytes;
  return result;
}

std::shared_ptr<const training_result> session::train(std::shared_ptr<const dataset> data, const train_settings& how,
                                                      const model_settings& models,
                                                      const std::optional<line_settings>& origin,
                                                      const progress_callback& tell) {
  caf::scoped_actor self{system_->actors};
  const lifetime watcher{self, system_->actors.spawn<caf::detached>(observer, tell)};
  // detached: training keeps its thread for minutes
  const lifetime teacher{self, system_->actors.spawn<caf::detached>(trainer, core_budget(system_->settings), *watcher)};
  return ask<training_ptr>(self, *teacher, training_job{std::move(data), how, models, origin});
}

std::string caf_version() {
  return std::to_string(CAF_MAJOR_VERSION) + "." + std::to_string(CAF_MINOR_VERSION) + "." +
         std::to_string(CAF_PATCH_VERSION);
}

} // namespace fugato
