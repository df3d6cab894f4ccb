// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/pipeline.hpp"

#include "actors/rank_relay.hpp"
#include "actors/rank_ways.hpp"

#include <utility>
#include <vector>

namespace fugato {
namespace {

/// Knows the ranks' relays.
class exchange {
public:
  exchange(switchboard_actor::pointer self, std::uint32_t ranks, std::shared_ptr<rank_ways> ways,
           std::shared_ptr<rank_relay> here)
      : self_(self), ways_(std::move(ways)), here_(std::move(here)), relays_(ranks) {}

  void add(const relay_offer& x, const relay_actor& who) {
    if (x.rank >= relays_.size() || relays_[x.rank] || x.doors.size() != relays_.size() + 1)
      return;
    relays_[x.rank] = who;
    ways_->has_doors(x.rank, x.doors);
    self_->monitor(who);
  }

  void pass(link_piece&& x) {
    const auto from = number_of(self_->current_sender());
    if (!from || x.to > relays_.size() || x.kind == piece_kind::gone ||
        (x.kind == piece_kind::opens && x.caller != *from))
      return; // none of ours, or nonsense
    x.from = *from;
    deliver(std::move(x));
  }

  void lose(const caf::actor_addr& who) {
    for (std::uint32_t rank = 0; rank < relays_.size(); ++rank) {
      if (!relays_[rank] || relays_[rank].address() != who)
        continue;
      relays_[rank] = nullptr;
      for (std::uint32_t to = 0; to <= relays_.size(); ++to)
        deliver({piece_kind::gone, rank, to, 0, 0, 0, ""});
    }
  }

private:
  /// A rank; the number of ranks for the relay of this process, which speaks in this actor's name.
  std::optional<std::uint32_t> number_of(const caf::strong_actor_ptr& sender) const {
    if (sender == caf::actor_cast<caf::strong_actor_ptr>(self_))
      return static_cast<std::uint32_t>(relays_.size());
    for (std::uint32_t rank = 0; rank < relays_.size(); ++rank)
      if (relays_[rank] && sender == caf::actor_cast<caf::strong_actor_ptr>(relays_[rank]))
        return rank;
    return std::nullopt;
  }

  void deliver(link_piece&& x) {
    if (x.to == relays_.size())
      return here_->take(x);
    if (const relay_actor to = relays_[x.to])
      self_->send(to, std::move(x));
    else if (x.kind == piece_kind::opens) // its rank has not come, or is gone
      deliver({piece_kind::ends, x.to, x.from, x.caller, x.number, 0, ""});
  }

  switchboard_actor::pointer self_;
  std::shared_ptr<rank_ways> ways_;
  std::shared_ptr<rank_relay> here_;
  std::vector<relay_actor> relays_; ///< by rank; null: not known
};

} // namespace

switchboard_actor::behavior_type switchboard(switchboard_actor::pointer self, std::uint32_t ranks,
                                             const std::shared_ptr<rank_ways>& ways,
                                             const std::shared_ptr<rank_relay>& here) {
  const auto all = std::make_shared<exchange>(self, ranks, ways, here);
  self->set_down_handler([all](const caf::down_msg& x) { all->lose(x.source); });
  return {
      [all](const relay_offer& x, const relay_actor& who) { all->add(x, who); },
      [all](link_piece& x) { all->pass(std::move(x)); },
  };
}

relay_actor::behavior_type relay(relay_actor::pointer self, const std::shared_ptr<rank_relay>& here,
                                 const switchboard_actor& board) {
  self->monitor(board);
  self->set_down_handler([here](const caf::down_msg&) { here->cut(); });
  return {
      [here](const link_piece& x) { here->take(x); },
  };
}

} // namespace fugato
