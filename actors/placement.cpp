// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/placement.hpp"

#include "actors/work.hpp"

namespace fugato {
namespace {

class here : public placement {
public:
  void deploy(const deployment& what) override {
    const work& kind = works().at(what.brief.work);
    const prepared_work prepared = kind.prepare(what.brief, {});
    hello me;
    me.isa = prepared.isa;
    me.settings = kind.digest(what.brief.settings);
    for (std::uint32_t i = 0; i < what.lines; ++i) {
      lines_.push_back(what.system.spawn(line, prepared.open, what.sink));
      caf::anon_send(what.leader, atom::enlist_v, lines_.back(), me);
    }
  }

  /// The coordinator dismisses the lines it knows; one may come when all is done.
  process_costs stop() override {
    for (const line_actor& one : lines_)
      caf::anon_send_exit(one, caf::exit_reason::user_shutdown);
    return {};
  }

private:
  std::vector<line_actor> lines_;
};

} // namespace

std::unique_ptr<placement> place_here() { return std::make_unique<here>(); }

} // namespace fugato
