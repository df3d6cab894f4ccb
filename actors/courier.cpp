// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/guard.hpp"
#include "actors/pipeline.hpp"
#include "audio/bytes.hpp"

#include <deque>
#include <filesystem>
#include <new>
#include <set>
#include <unordered_map>

namespace fugato {
namespace {

/// What fits into a message of CAF's with room to spare.
constexpr std::uint64_t most_of_a_file = 1U << 30U;

shipment fetch(const std::string& path, std::uint64_t most) {
  const answering_for_memory here;
  try {
    const std::vector<std::byte> bytes = read_file(path, most);
    return {{reinterpret_cast<const char*>(bytes.data()), bytes.size()}, "", ""};
  } catch (const error& e) {
    return {"", std::string(e.kind().name), e.what()};
  } catch (const std::bad_alloc& e) {
    return {"", std::string(kind_of(errc::internal).name), path + ": " + sentence_of(e)};
  }
}

/// Parcels that wait until the bytes in flight allow for theirs.
class bag : public std::enable_shared_from_this<bag> {
public:
  bag(courier_actor::pointer self, std::function<std::string(std::uint32_t)> path, const audio_settings& settings,
      std::uint64_t most_bytes, sink_actor sink)
      : self_(self),
        path_(std::move(path)),
        sink_(std::move(sink)),
        most_of_one_(std::min(most_of_a_file, max_file_bytes(settings))),
        most_bytes_(most_bytes) {}

  caf::result<receipt> take(parcel work, const line_actor& to) {
    std::uint64_t bytes = 0;
    for (const task& each : work.tasks) {
      std::error_code unknown; // then reading tells why
      const auto size = std::filesystem::file_size(path_(each.id), unknown);
      bytes += unknown ? 0 : size;
    }
    waiting_.push_back({std::move(work), to, bytes, self_->make_response_promise<receipt>()});
    const auto answer = waiting_.back().answer;
    if (watched_.insert(to.address()).second)
      self_->monitor(to);
    send();
    return answer;
  }

  /// What it held or was to get is never answered, nor what is sent to a node that is gone; whoever watches over lines
  /// hands the tasks out again.
  void lost(const caf::actor_addr& line) {
    watched_.erase(line);
    std::erase_if(waiting_, [&](const item& each) { return each.to == line; });
    for (auto each = flying_.begin(); each != flying_.end();)
      if (each->second.to == line) {
        in_flight_ -= each->second.bytes;
        each = flying_.erase(each);
      } else
        ++each;
    send();
  }

private:
  struct item {
    parcel work;
    line_actor to;
    std::uint64_t bytes = 0;
    caf::typed_response_promise<receipt> answer;
  };

  struct flight {
    caf::actor_addr to;
    std::uint64_t bytes = 0;
  };

  void send() {
    while (!waiting_.empty() && (in_flight_ == 0 || in_flight_ + waiting_.front().bytes <= most_bytes_)) {
      item next = std::move(waiting_.front());
      waiting_.pop_front();
      for (const task& each : next.work.tasks)
        next.work.files.push_back(fetch(path_(each.id), most_of_one_));
      in_flight_ += next.bytes;
      const std::uint64_t number = ++flights_;
      flying_.emplace(number, flight{next.to.address(), next.bytes});
      self_->request(next.to, caf::infinite, std::move(next.work))
          .then(
              [me = shared_from_this(), number, answer = next.answer](receipt& x) mutable {
                if (me->self_->current_sender() == me->sink_)
                  answer.deliver(std::move(x));
                else
                  answer.deliver(false_receipt());
                me->landed(number);
              },
              [me = shared_from_this(), number, answer = next.answer](caf::error& e) mutable {
                answer.deliver(std::move(e));
                me->landed(number);
              });
    }
  }

  void landed(std::uint64_t number) {
    const auto found = flying_.find(number);
    if (found == flying_.end()) // its line was lost on the way
      return;
    in_flight_ -= found->second.bytes;
    flying_.erase(found);
    send();
  }

  courier_actor::pointer self_;
  std::function<std::string(std::uint32_t)> path_;
  sink_actor sink_;
  std::uint64_t most_of_one_;
  std::uint64_t most_bytes_;
  std::uint64_t in_flight_ = 0;
  std::uint64_t flights_ = 0;
  std::deque<item> waiting_;
  std::unordered_map<std::uint64_t, flight> flying_;
  std::set<caf::actor_addr> watched_;
};

} // namespace

courier_actor::behavior_type courier(courier_actor::pointer self, std::function<std::string(std::uint32_t)> path,
                                     const audio_settings& settings, std::uint64_t most_bytes, const sink_actor& sink) {
  const auto all = std::make_shared<bag>(self, std::move(path), settings, most_bytes, sink);
  self->set_down_handler([all](const caf::down_msg& x) { all->lost(x.source); });
  return {
      [all](parcel& x, const line_actor& to) { return all->take(std::move(x), to); },
  };
}

} // namespace fugato
