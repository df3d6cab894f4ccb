// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/session.hpp"

#include "actors/asking.hpp"
#include "actors/dispatch.hpp"
#include "config/json.hpp"
#include "features/catalog.hpp"
#include "features/extractor.hpp"

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
std::function<std::string(std::uint32_t)> path_on_the_way(const track_list& tracks, const policy& how,
                                                          const std::string& base) {
  if (!how.relative)
    return [tracks](std::uint32_t i) { return (*tracks)[i].path; };
  const auto root = std::filesystem::absolute(base.empty() ? "/" : base).lexically_normal();
  for (const track& x : *tracks)
    relative_to(root, x.path);
  return [tracks, root](std::uint32_t i) { return relative_to(root, (*tracks)[i].path); };
}

std::vector<std::uint32_t> tasks_of(const std::vector<task_failure>& failures) {
  std::vector<std::uint32_t> result;
  for (const task_failure& x : failures)
    result.push_back(x.task);
  return result;
}

} // namespace

session::session(const dispatch_settings& settings, std::function<void(const std::string&)> announce)
    : office_(std::make_unique<office>(settings, std::move(announce))) {}
session::~session() = default;

extraction session::extract(const std::vector<track>& tracks, const line_settings& settings,
                            const progress_callback& tell, const std::string& base) {
  check(settings.features, settings.audio.rate); // here an error can still be thrown
  const dispatch_settings& dispatch = office_->settings;
  const auto shared = std::make_shared<const std::vector<track>>(tracks);
  caf::scoped_actor self{office_->actors};
  const lifetime collector{self, office_->actors.spawn(aggregator, shared, column_names(settings.features))};
  line_settings copy = settings;
  assignment work{static_cast<std::uint32_t>(tracks.size()),
                  path_on_the_way(shared, office_->how, base),
                  {"extract", to_json(copy), ""},
                  caf::actor_cast<sink_actor>(*collector),
                  {},
                  base,
                  {}};
  if (dispatch.ship_audio)
    work.courier = office_->actors.spawn<caf::detached>(
        courier, [shared](std::uint32_t i) { return (*shared)[i].path; }, settings.audio,
        std::uint64_t{dispatch.ship_megabytes} << 20U);
  const dispatched done = carry_out(*office_, self, work, tell);
  if (work.courier)
    self->send_exit(work.courier, caf::exit_reason::user_shutdown);

  extraction result;
  result.data = *ask<dataset_ptr>(self, *collector, atom::take_v, tasks_of(done.failures));
  for (const task_failure& x : done.failures)
    result.failures.push_back({tracks[x.task], x.reason, x.sentence});
  for (const task_warning& x : done.warnings)
    result.warnings.push_back({tracks[x.task], x.sentence});
  result.totals = done.totals;
  result.dispatch = done.notes;
  return result;
}

std::shared_ptr<const training_result> session::train(std::shared_ptr<const dataset> data, const train_settings& how,
                                                      const model_settings& models,
                                                      const std::optional<line_settings>& origin,
                                                      const progress_callback& tell) {
  caf::scoped_actor self{office_->actors};
  const lifetime watcher{self, office_->actors.spawn<caf::detached>(observer, tell)};
  // detached: training keeps its thread for minutes
  const lifetime teacher{self, office_->actors.spawn<caf::detached>(trainer, core_budget(office_->settings), *watcher)};
  return ask<training_ptr>(self, *teacher, training_job{std::move(data), how, models, origin});
}

std::string caf_version() {
  return std::to_string(CAF_MAJOR_VERSION) + "." + std::to_string(CAF_MINOR_VERSION) + "." +
         std::to_string(CAF_PATCH_VERSION);
}

} // namespace fugato
