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

/// A line names a track by the path on the way; people know it by its own.
std::string renamed(const std::string& sentence, const std::string& on_the_way, const std::string& path) {
  return sentence.starts_with(on_the_way + ":") ? path + sentence.substr(on_the_way.size()) : sentence;
}

std::vector<std::uint32_t> tasks_of(const std::vector<task_failure>& failures) {
  std::vector<std::uint32_t> result;
  for (const task_failure& x : failures)
    result.push_back(x.task);
  return result;
}

/// What earlier runs have settled is not handed out again. A track that takes its own process with it took
/// the run; where others do the work, the run has died of something else.
void remember(const earlier_runs& before, row_store& store, const policy& how, assignment& work) {
  for (const auto& [task, place] : before.done) {
    store.recall(task, place);
    work.done.push_back(task);
  }
  for (const task_failure& x : before.failed)
    work.done.push_back(x.task);
  if (!how.networked)
    work.crashes = before.crashes;
  for (const std::uint32_t task : work.done)
    work.crashes.erase(task);
}

/// Where a track may end this very process, the journal knows of it before it is begun.
mark_started mark_in(const journal_ptr& journal) {
  return [journal](const std::vector<std::uint32_t>& tasks) {
    try {
      journal->started(tasks);
    } catch (const error&) { // which the next result says
    }
  };
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

/// Whether ranks would have cores of other machines.
bool elsewhere(const dispatch_settings& x) { return policies().at(x.policy).relative && !x.listen.empty(); }

} // namespace

session::session(const dispatch_settings& settings, std::function<void(const std::string&)> announce)
    : office_(std::make_unique<office>(settings, std::move(announce))) {}
session::~session() = default;

extraction session::extract(const std::shared_ptr<const track_list>& corpus, const line_settings& settings,
                            const progress_callback& tell, const std::string& base, const extract_control& control) {
  check(settings.features, settings.audio.rate); // here an error can still be thrown
  const dispatch_settings& dispatch = office_->settings;
  const std::shared_ptr<row_keeper> kept = control.keeper ? control.keeper : control.journal;
  const auto store = std::make_shared<row_store>(corpus, column_names(settings.features),
                                                 kept ? kept : std::make_shared<row_spool>("")); // in memory
  const auto on_the_way = path_on_the_way(corpus, office_->how, base);
  const auto told = [&](std::uint32_t task, const std::string& sentence) {
    return renamed(sentence, on_the_way(task), corpus->path(task));
  };
  const auto each = [&](track_outcome&& x) {
    x.sentence = told(x.track, x.sentence);
    control.each(std::move(x));
  };
  caf::scoped_actor self{office_->actors};
  const lifetime collector{self, with_thread([&] {
                             return control.each ? office_->actors.spawn<caf::detached>(passer, corpus->size(), each)
                                                 : office_->actors.spawn(aggregator, store, control.journal);
                           })};
  assignment work;
  work.tasks = static_cast<std::uint32_t>(corpus->size());
  work.what = on_the_way;
  work.brief = {"extract", to_json(settings), "", control.cache.empty() ? "" : open_cache(control.cache)};
  work.sink = caf::actor_cast<sink_actor>(*collector);
  work.check = rows_of(columns_of(settings.features).size());
  work.base = base;
  work.shown = {"extracting", "tracks", work.tasks, [corpus](std::uint32_t i) { return (*corpus)[i].name; }};
  work.stop = control.stop;
  work.give_up = control.give_up;
  if (control.each || control.journal)
    work.clerk = caf::actor_cast<clerk_actor>(*collector);
  if (control.journal)
    remember(control.journal->before(), *store, office_->how, work);
  work.resumable = control.journal != nullptr;
  if (control.journal && !office_->how.networked)
    work.mark = mark_in(control.journal);
  if (dispatch.ship_audio)
    work.courier = with_thread([&] {
      return office_->actors.spawn<caf::detached>(
          courier, [corpus](std::uint32_t i) { return corpus->path(i); }, settings.audio,
          std::uint64_t{dispatch.ship_megabytes} << 20U, work.sink);
    });
  dispatched done = carry_out(*office_, self, work, tell);
  if (work.courier)
    self->send_exit(work.courier, caf::exit_reason::user_shutdown);
  if (control.journal)
    add_earlier(control.journal->before(), done);
  ask<bool>(self, *collector, atom::take_v, tasks_of(done.failures));

  extraction result;
  result.rows = store;
  if (!kept)
    result.data = store->table();
  for (const task_failure& x : done.failures)
    result.failures.push_back({(*corpus)[x.task], x.reason, told(x.task, x.sentence)});
  for (const task_warning& x : done.warnings)
    result.warnings.push_back({(*corpus)[x.task], told(x.task, x.sentence)});
  result.withdrawn = std::move(done.withdrawn);
  result.starved = done.starved;
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
  const shown_phase phase{*office_, {"learning", "steps", 0, {}}};
  const progress_callback tell_all = [tell, watch = office_->watch](const progress& x) {
    if (watch)
      watch->step(x);
    tell(x);
  };
  const lifetime watcher{self, with_thread([&] { return office_->actors.spawn<caf::detached>(observer, tell_all); })};
  // detached: training keeps its thread for minutes
  const fitter fit = [this, &how](classifier& model, const samples& rows, const fit_context& context) {
    const train_place place =
        train_policies().at(how.policy).decide(model, rows.rows(), rows.width, elsewhere(office_->settings));
    fitted result = place.on_ranks ? fit_on_ranks(model, rows, context, {how, office_->settings, office_->announce})
                                   : fit_here(model, rows, context);
    if (!place.note.empty())
      result.notes.insert(result.notes.begin(), place.note);
    return result;
  };
  const std::uint32_t threads = how.threads > 0 ? how.threads : core_budget(office_->settings);
  const lifetime teacher{
      self, with_thread([&] { return office_->actors.spawn<caf::detached>(trainer, threads, *watcher, fit); })};
  return ask<training_ptr>(self, *teacher, training_job{std::move(data), how, models, origin});
}

bool left_lines_behind() { return office::left_lines(); }

std::string caf_version() {
  return std::to_string(CAF_MAJOR_VERSION) + "." + std::to_string(CAF_MINOR_VERSION) + "." +
         std::to_string(CAF_PATCH_VERSION);
}

} // namespace fugato
