// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/session.hpp"

#include "actors/guard.hpp"
#include "actors/pipeline.hpp"
#include "actors/placement.hpp"
#include "actors/policy.hpp"
#include "features/catalog.hpp"
#include "features/extractor.hpp"

namespace fugato {
namespace {

/// CAF set from our settings alone: its own parser would read
/// ./caf-application.ini behind the user's back.
struct system_config : caf::actor_system_config {
  explicit system_config(std::size_t threads) {
    add_message_types<caf::id_block::fugato>();
    set("scheduler.max-threads", threads);
    set("logger.console", caf::atom("none"));
  }
};

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

} // namespace

struct session::system {
  explicit system(const dispatch_settings& dispatch)
      : settings(dispatch), how(policies().at(dispatch.policy)), config(how.lines(dispatch)), actors(config) {}

  dispatch_settings settings;
  const policy& how;
  system_config config;
  caf::actor_system actors;
};

session::session(const dispatch_settings& settings) : system_(std::make_unique<system>(settings)) {}
session::~session() = default;

extraction session::extract(const std::vector<track>& tracks, const line_settings& settings,
                            const progress_callback& tell) {
  const extractor check(settings.features, settings.audio.rate); // here an error can still be thrown
  const policy& how = system_->how;
  caf::actor_system& actors = system_->actors;
  caf::scoped_actor self{actors};
  const lifetime watcher{self, actors.spawn<caf::detached>(observer, tell)};
  const lifetime collector{self, actors.spawn(aggregator, tracks, column_names(settings.features))};
  const auto fleet = how.place();
  const auto lines = fleet->deploy(actors, settings, how.lines(system_->settings), *collector);
  const lifetime boss{self, actors.spawn(coordinator, coordination{tracks, lines, how.credit(system_->settings),
                                                                   system_->settings.attempts, *collector, *watcher})};
  return *ask<extraction_ptr>(self, *boss, atom::run_v);
}

std::shared_ptr<const training_result> session::train(std::shared_ptr<const dataset> data, const train_settings& how,
                                                      const model_settings& models,
                                                      const std::optional<line_settings>& origin) {
  caf::scoped_actor self{system_->actors};
  // detached: training keeps its thread for minutes
  const lifetime teacher{self, system_->actors.spawn<caf::detached>(trainer, core_budget(system_->settings))};
  return ask<training_ptr>(self, *teacher, training_job{std::move(data), how, models, origin});
}

std::string caf_version() {
  return std::to_string(CAF_MAJOR_VERSION) + "." + std::to_string(CAF_MINOR_VERSION) + "." +
         std::to_string(CAF_PATCH_VERSION);
}

} // namespace fugato
