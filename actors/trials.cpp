// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/asking.hpp"
#include "actors/dispatch.hpp"
#include "config/json.hpp"
#include "models/table_bytes.hpp"

namespace fugato {
namespace {

using tell_result = std::function<void(std::uint32_t, const trial_result&)>;

/// Keeps the first result of each trial.
class results_book {
public:
  results_book(trial_outcomes& into, const tell_result& tell) : into_(into), tell_(tell) {}

  receipt take(const parcel_rows& x) {
    receipt answer{x.lease, 0, {}};
    for (const measured& each : x.tasks) {
      if (each.reason.empty())
        keep(each);
      answer.bytes += each.text.size();
      answer.tasks.push_back({each.task, {}, "", each.reason, each.sentence, each.notes});
    }
    return answer;
  }

private:
  void keep(const measured& x) {
    auto& place = into_.results.at(x.task);
    if (place)
      return;
    trial_result found;
    read_json(x.text, {"a worker's result", ""}, description_of(found));
    place = std::move(found);
    tell_(x.task, *place);
  }

  trial_outcomes& into_;
  const tell_result& tell_;
};

sink_actor::behavior_type trial_sink(sink_actor::pointer, const std::shared_ptr<results_book>& book) {
  return {
      // a result that cannot be read costs its line, as if that were lost
      [book](const parcel_rows& x) -> caf::result<receipt> {
        return guard<receipt>([&]() -> caf::result<receipt> { return book->take(x); });
      },
  };
}

} // namespace

trial_outcomes session::run_trials(const std::shared_ptr<const dataset>& data, const std::vector<trial>& trials,
                                   const tell_result& tell, const std::function<bool()>& stop) {
  trial_outcomes result;
  result.results.resize(trials.size());
  if (stop && stop())
    return result; // before a line begins one
  const auto text = [&trials](std::uint32_t i) {
    trial one = trials[i];
    return write_json(description_of(one));
  };
  caf::scoped_actor self{office_->actors};
  {
    // gone, as `lifetime` is left, before what the book refers to
    const lifetime sink{self, with_thread([&] {
                          return office_->actors.spawn<caf::detached>(trial_sink,
                                                                      std::make_shared<results_book>(result, tell));
                        })};
    assignment work;
    work.tasks = static_cast<std::uint32_t>(trials.size());
    work.what = text;
    work.brief = {"trials", "", to_bytes(*data)};
    work.sink = *sink;
    work.stop = stop;
    work.shown = {"trying", "trials", work.tasks, [trials](std::uint32_t i) {
                    return trials[i].model + ", " + trials[i].split.kind + " " + std::to_string(trials[i].part + 1);
                  }};
    work.lengthy = true;
    dispatched done = carry_out(*office_, self, work, [](const progress&) {});
    for (const task_failure& x : done.failures) {
      result.failures.push_back({x.task, x.reason, x.sentence});
      result.results[x.task].reset();
    }
    result.dispatch = std::move(done.notes);
  }
  return result;
}

} // namespace fugato
