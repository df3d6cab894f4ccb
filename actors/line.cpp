// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/faults.hpp"
#include "actors/guard.hpp"
#include "actors/pipeline.hpp"

#include <chrono>

namespace fugato {
namespace {

/// A parcel on its way through a line.
class errand : public std::enable_shared_from_this<errand> {
public:
  errand(line_actor::pointer self, parcel work, reader_actor first, sink_actor sink)
      : self_(self), work_(std::move(work)), first_(std::move(first)), sink_(std::move(sink)) {
    done_.lease = work_.lease;
  }

  caf::result<receipt> run() {
    promise_ = self_->make_response_promise<receipt>();
    step();
    return promise_;
  }

private:
  void step() {
    const std::size_t at = done_.tasks.size();
    if (at == work_.tasks.size()) {
      hand_in();
      return;
    }
    const auto start = std::chrono::steady_clock::now();
    const auto finish = [me = shared_from_this(), id = work_.tasks[at].id, start](measured result) {
      const auto busy = std::chrono::steady_clock::now() - start;
      result.task = id;
      result.notes.busy_microseconds =
          static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(busy).count());
      me->done_.tasks.push_back(std::move(result));
      me->step();
    };
    self_->request(first_, caf::infinite, take(at))
        .then([finish](measured& x) { finish(std::move(x)); },
              [finish](const caf::error& e) {
                const error why = from_caf(e);
                finish({0, {}, "", std::string(why.kind().name), why.what(), {}});
              });
  }

  void hand_in() {
    simulate_fault(work_, done_);
    if (simulate_bypass(work_))
      promise_.deliver(receipt{done_.lease, 0, std::move(done_.tasks)});
    else
      promise_.delegate(sink_, std::move(done_));
  }

  /// The file goes with the job, so that it is gone when the job is done.
  job take(std::size_t at) {
    job result{work_.tasks[at], nullptr};
    if (!work_.files.empty())
      result.file = std::make_shared<const shipment>(std::move(work_.files.at(at)));
    return result;
  }

  line_actor::pointer self_;
  parcel work_;
  reader_actor first_;
  sink_actor sink_;
  parcel_rows done_;
  caf::typed_response_promise<receipt> promise_;
};

} // namespace

line_actor::behavior_type line(line_actor::pointer self, const first_stage& open, const sink_actor& sink) {
  const reader_actor first = open(self);
  return {
      [=](parcel& x) /* takes the files out */ {
        return std::make_shared<errand>(self, std::move(x), first, sink)->run();
      },
  };
}

} // namespace fugato
