// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/placement.hpp"

namespace fugato {
namespace {

class here : public placement {
public:
  void deploy(const deployment& what) override {
    for (std::uint32_t i = 0; i < what.lines; ++i)
      caf::anon_send(what.leader, atom::enlist_v, what.system.spawn(line, what.settings, std::string{}, what.sink),
                     hello{});
  }
};

} // namespace

std::unique_ptr<placement> place_here() { return std::make_unique<here>(); }

} // namespace fugato
