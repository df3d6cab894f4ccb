// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/faults.hpp"
#include "actors/guard.hpp"
#include "actors/pipeline.hpp"

#include <chrono>
#include <deque>
#include <memory>
#include <utility>

namespace fugato {
namespace {

/// A line's parcels, one under way and the others waiting: it holds one decoded track at a time, whatever it was given.
class errands : public std::enable_shared_from_this<errands> {
public:
  errands(line_actor::pointer self, reader_actor first, sink_actor sink)
      : self_(self), first_(std::move(first)), sink_(std::move(sink)) {}

  caf::result<receipt> take(parcel&& work) {
    const auto promise = self_->make_response_promise<receipt>();
    const std::uint64_t lease = work.lease;
    waiting_.push_back({std::move(work), {lease, {}}, promise});
    if (waiting_.size() == 1)
      step();
    return promise;
  }

private:
  struct errand {
    parcel work;
    parcel_rows done;
    caf::typed_response_promise<receipt> promise;
  };

  /// Begins the next task of the parcel under way, or, after its last, the next parcel.
  void step() {
    errand& now = waiting_.front();
    const std::size_t at = now.done.tasks.size();
    if (at == now.work.tasks.size())
      return hand_in();
    const auto start = std::chrono::steady_clock::now();
    const auto finish = [me = shared_from_this(), id = now.work.tasks[at].id, start](measured result) {
      const auto busy = std::chrono::steady_clock::now() - start;
      result.task = id;
      result.notes.busy_microseconds =
          static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(busy).count());
      me->waiting_.front().done.tasks.push_back(std::move(result));
      me->step();
    };
    self_->request(first_, caf::infinite, job_of(now.work, at))
        .then([finish](measured& x) { finish(std::move(x)); },
              [finish](const caf::error& e) {
                const error why = from_caf(e);
                finish({0, {}, "", std::string(why.kind().name), why.what(), {}});
              });
  }

  void hand_in() {
    errand x = std::move(waiting_.front());
    waiting_.pop_front();
    simulate_fault(x.work, x.done);
    if (simulate_bypass(x.work))
      x.promise.deliver(receipt{x.done.lease, 0, std::move(x.done.tasks)});
    else
      x.promise.delegate(sink_, std::move(x.done));
    if (!waiting_.empty())
      step();
  }

  /// The file goes with the job, so that it is gone when the job is done.
  static job job_of(parcel& work, std::size_t at) {
    job result{work.tasks[at], nullptr};
    if (!work.files.empty())
      result.file = std::make_shared<const shipment>(std::move(work.files.at(at)));
    return result;
  }

  line_actor::pointer self_;
  reader_actor first_;
  sink_actor sink_;
  std::deque<errand> waiting_; ///< the first is under way
};

} // namespace

line_actor::behavior_type line(line_actor::pointer self, const first_stage& open, const sink_actor& sink) {
  const auto all = std::make_shared<errands>(self, open(self), sink);
  return {
      [all](parcel& x) /* takes the files out */ { return all->take(std::move(x)); },
  };
}

} // namespace fugato
