// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/session.hpp"

#include "actors/asking.hpp"
#include "actors/dispatch.hpp"
#include "actors/feature_cache.hpp"
#include "actors/ranks.hpp"
#include "config/json.hpp"
#include "features/catalog.hpp"
#include "features/extractor.hpp"
#include "models/train_policy.hpp"

#include <algorithm>
#include <filesystem>

namespace fugato {
namespace {

std::vector<std::string> column_names(const feature_settings& settings) {
  std::vector<std::string> result;
  for (const column& x : columns_of(settings))
    result.push_back(x.name);
  return result;
}

/// The path of a track as it counts from `root`.
std::string relative_to(const std::filesystem::path& root, const std::string& path) {
  const std::string inner = std::filesystem::absolute(path).lexically_normal().lexically_relative(root).string();
  if (inner.empty() || inner.starts_with(".."))
    throw error(errc::settings, path + ": must lie beneath " + root.string() + " for workers to find it");
  return inner;
}

/// How a track's path travels. @throws error(settings) when one is not beneath the base
std::function<std::string(std::uint32_t)> path_on_the_way(const std::shared_ptr<const track_list>& corpus,
                                                          const policy& how, const std::string& base) {
  if (!how.relative)
    return [corpus](std::uint32_t i) { return corpus->path(i); };
  const auto root = std::filesystem::absolute(base.empty() ? "/" : base).lexically_normal();
  for (std::size_t i = 0; i < corpus->size(); ++i)
    relative_to(root, corpus->path(i));
  return [corpus, root](std::uint32_t i) { return relative_to(root, corpus->path(i)); };
}

std::vector<std::uint32_t> tasks_of(const std::vector<task_failure>& failures) {
  std::vector<std::uint32_t> result;
  for (const task_failure& x : failures)
    result.push_back(x.task);
  return result;
}

/// What earlier runs have settled is not handed out again.
void remember(const earlier_runs& before, row_store& store, assignment& work) {
  for (const auto& [task, place] : before.done) {
    store.recall(task, place);
    work.done.push_back(task);
  }
  for (const task_failure& x : before.failed)
    work.done.push_back(x.task);
  work.crashes = before.crashes;
  for (const std::uint32_t task : work.done)
    work.crashes.erase(task);
}

/// What earlier runs have settled counts as if this one had.
void add_earlier(const earlier_runs& before, dispatched& done) {
  done.totals += before.totals;
  done.warnings.insert(done.warnings.end(), before.warnings.begin(), before.warnings.end());
  done.failures.insert(done.failures.end(), before.failed.begin(), before.failed.end());
  const auto by_task = [](const auto& a, const auto& b) { return a.task < b.task; };
  std::sort(done.failures.begin(), done.failures.end(), by_task);
  std::sort(done.warnings.begin(), done.warnings.end(), by_task);
}

} // namespace

session::session(const dispatch_settings& settings, std::function<void(const std::string&)> announce)
    : office_(std::make_unique<office>(settings, std::move(announce))) {}
session::~session() = default;

extraction session::extract(const std::shared_ptr<const track_list>& corpus, const line_settings& settings,
                            const progress_callback& tell, const std::string& base, const extract_control& control) {
  check(settings.features, settings.audio.rate); // here an error can still be thrown
  const dispatch_settings& dispatch = office_->settings;
  const std::shared_ptr<row_keeper> elsewhere = control.keeper ? control.keeper : control.journal;
  const auto store = std::make_shared<row_store>(corpus, column_names(settings.features),
                                                 elsewhere ? elsewhere : std::make_shared<row_spool>("")); // in memory
  caf::scoped_actor self{office_->actors};
  const lifetime collector{self, office_->actors.spawn(aggregator, store, control.journal)};
  assignment work;
  work.tasks = static_cast<std::uint32_t>(corpus->size());
  work.what = path_on_the_way(corpus, office_->how, base);
  work.brief = {"extract", to_json(settings), "", control.cache.empty() ? "" : open_cache(control.cache)};
  work.sink = caf::actor_cast<sink_actor>(*collector);
  work.base = base;
  work.stop = control.stop;
  if (control.journal) {
    work.clerk = caf::actor_cast<clerk_actor>(*collector);
    remember(control.journal->before(), *store, work);
  }
  if (dispatch.ship_audio)
    work.courier = office_->actors.spawn<caf::detached>(
        courier, [corpus](std::uint32_t i) { return corpus->path(i); }, settings.audio,
        std::uint64_t{dispatch.ship_megabytes} << 20U);
  dispatched done = carry_out(*office_, self, work, tell);
  if (work.courier)
    self->send_exit(work.courier, caf::exit_reason::user_shutdown);
  if (control.journal)
    add_earlier(control.journal->before(), done);
  ask<bool>(self, *collector, atom::take_v, tasks_of(done.failures));

  extraction result;
  result.rows = store;
  if (!elsewhere)
    result.data = store->table();
  for (const task_failure& x : done.failures)
    result.failures.push_back({(*corpus)[x.task], x.reason, x.sentence});
  for (const task_warning& x : done.warnings)
    result.warnings.push_back({(*corpus)[x.task], x.sentence});
  result.withdrawn = std::move(done.withdrawn);
  result.resumed = static_cast<std::uint32_t>(work.done.size());
  result.totals = done.totals;
  result.dispatch = std::move(done.notes);
  return result;
}

std::shared_ptr<const training_result> session::train(std::shared_ptr<const dataset> data, const train_settings& how,
                                                      const model_settings& models,
                                                      const std::optional<line_settings>& origin,
                                                      const progress_callback& tell) {
  caf::scoped_actor self{office_->actors};
  const lifetime watcher{self, office_->actors.spawn<caf::detached>(observer, tell)};
  // detached: training keeps its thread for minutes
  const fitter fit = [this, &how](classifier& model, const samples& rows, const fit_context& context) {
    const train_place place = train_policies().at(how.policy).decide(model, rows.rows(), rows.width);
    fitted result = place.on_ranks ? fit_on_ranks(model, rows, context, {how, office_->settings, office_->announce})
                                   : fit_here(model, rows, context);
    if (!place.note.empty())
      result.notes.insert(result.notes.begin(), place.note);
    return result;
  };
  const lifetime teacher{self,
                         office_->actors.spawn<caf::detached>(trainer, core_budget(office_->settings), *watcher, fit)};
  return ask<training_ptr>(self, *teacher, training_job{std::move(data), how, models, origin});
}

std::string caf_version() {
  return std::to_string(CAF_MAJOR_VERSION) + "." + std::to_string(CAF_MINOR_VERSION) + "." +
         std::to_string(CAF_PATCH_VERSION);
}

} // namespace fugato
