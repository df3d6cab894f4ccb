// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/guard.hpp"
#include "actors/ledger.hpp"
#include "actors/pipeline.hpp"

#include <algorithm>

namespace fugato {
namespace {

/// The shell around the ledger: turns its decisions into requests.
class desk : public std::enable_shared_from_this<desk> {
public:
  desk(coordinator_actor::pointer self, const coordination& work)
      : self_(self), work_(work), book_(static_cast<std::uint32_t>(work.tracks.size()), work.attempts) {
    result_.tracks_per_line.resize(work.lines.size());
    seen_.tracks = static_cast<std::uint32_t>(work.tracks.size());
  }

  caf::result<extraction_ptr> run() {
    done_ = self_->make_response_promise<extraction_ptr>();
    for (std::uint32_t slot = 0; slot < work_.credit; ++slot)
      for (std::size_t line = 0; line < work_.lines.size(); ++line)
        feed(line);
    if (work_.tracks.empty())
      finish();
    return done_;
  }

private:
  void feed(std::size_t line) {
    const auto task = book_.next();
    if (!task)
      return;
    self_->request(work_.lines[line], caf::infinite, work_.tracks[*task])
        .then([me = shared_from_this(), line](const receipt& x) { me->arrived(line, x); },
              [me = shared_from_this(), line, task = *task](const caf::error& e) { me->failed(line, task, e); });
  }

  void arrived(std::size_t line, const receipt& x) {
    if (book_.settle(x.track)) {
      result_.totals += x.notes;
      ++result_.tracks_per_line[line];
      ++seen_.done;
      seen_.audio_microseconds += x.notes.audio_microseconds;
    }
    go_on(line);
  }

  void failed(std::size_t line, std::uint32_t task, const caf::error& reason) {
    const error why = from_caf(reason);
    const bool again = why.kind().retry && book_.retry(task);
    if (!again) {
      book_.settle(task);
      result_.failures.push_back({work_.tracks[task], why.code(), why.what()});
      ++seen_.failed;
    }
    go_on(line);
  }

  void go_on(std::size_t line) {
    self_->send(work_.observer, seen_);
    if (book_.finished())
      finish();
    else
      feed(line);
  }

  void finish() {
    self_->request(work_.collector, caf::infinite, atom::take_v)
        .then(
            [me = shared_from_this()](const dataset_ptr& data) {
              extraction result = std::move(me->result_);
              result.data = *data;
              result.retries = me->book_.retries();
              std::sort(result.failures.begin(), result.failures.end(),
                        [](const failure& a, const failure& b) { return a.source.id < b.source.id; });
              me->done_.deliver(extraction_ptr{std::make_shared<const extraction>(std::move(result))});
            },
            [me = shared_from_this()](const caf::error& e) { me->done_.deliver(e); });
  }

  coordinator_actor::pointer self_;
  coordination work_;
  ledger book_;
  extraction result_;
  progress seen_;
  caf::typed_response_promise<extraction_ptr> done_;
};

} // namespace

coordinator_actor::behavior_type coordinator(coordinator_actor::pointer self, const coordination& work) {
  auto all = std::make_shared<desk>(self, work);
  return {
      [all](atom::run) { return all->run(); },
  };
}

observer_actor::behavior_type observer(observer_actor::pointer, std::function<void(const progress&)> tell) {
  return {
      [tell = std::move(tell)](const progress& x) { tell(x); },
  };
}

} // namespace fugato
