// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/guard.hpp"
#include "actors/pipeline.hpp"
#include "audio/bytes.hpp"

#include <deque>
#include <filesystem>

namespace fugato {
namespace {

/// What fits into a message of CAF's with room to spare.
constexpr std::uint64_t most_of_a_file = 1U << 30U;

shipment fetch(const std::string& path, std::uint64_t most) {
  try {
    const std::vector<std::byte> bytes = read_file(path, most);
    return {{reinterpret_cast<const char*>(bytes.data()), bytes.size()}, "", ""};
  } catch (const error& e) {
    return {"", std::string(e.kind().name), e.what()};
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
    send();
    return answer;
  }

private:
  struct item {
    parcel work;
    line_actor to;
    std::uint64_t bytes = 0;
    caf::typed_response_promise<receipt> answer;
  };

  void send() {
    while (!waiting_.empty() && (in_flight_ == 0 || in_flight_ + waiting_.front().bytes <= most_bytes_)) {
      item next = std::move(waiting_.front());
      waiting_.pop_front();
      for (const task& each : next.work.tasks)
        next.work.files.push_back(fetch(path_(each.id), most_of_one_));
      in_flight_ += next.bytes;
      self_->request(next.to, caf::infinite, std::move(next.work))
          .then(
              [me = shared_from_this(), bytes = next.bytes, answer = next.answer](receipt& x) mutable {
                if (me->self_->current_sender() == me->sink_)
                  answer.deliver(std::move(x));
                else
                  answer.deliver(false_receipt());
                me->back(bytes);
              },
              [me = shared_from_this(), bytes = next.bytes, answer = next.answer](caf::error& e) mutable {
                answer.deliver(std::move(e));
                me->back(bytes);
              });
    }
  }

  void back(std::uint64_t bytes) {
    in_flight_ -= bytes;
    send();
  }

  courier_actor::pointer self_;
  std::function<std::string(std::uint32_t)> path_;
  sink_actor sink_;
  std::uint64_t most_of_one_;
  std::uint64_t most_bytes_;
  std::uint64_t in_flight_ = 0;
  std::deque<item> waiting_;
};

} // namespace

courier_actor::behavior_type courier(courier_actor::pointer self, std::function<std::string(std::uint32_t)> path,
                                     const audio_settings& settings, std::uint64_t most_bytes, const sink_actor& sink) {
  const auto all = std::make_shared<bag>(self, std::move(path), settings, most_bytes, sink);
  return {
      [all](parcel& x, const line_actor& to) { return all->take(std::move(x), to); },
  };
}

} // namespace fugato
