// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/placement.hpp"

namespace fugato {
namespace {

class here : public placement {
public:
  ~here() override {
    for (const line_actor& line : lines_)
      caf::anon_send_exit(line, caf::exit_reason::user_shutdown);
  }

  std::vector<line_actor> deploy(caf::actor_system& system, const line_settings& settings, std::uint32_t lines,
                                 const sink_actor& sink) override {
    for (std::uint32_t i = 0; i < lines; ++i)
      lines_.push_back(system.spawn(line, settings, sink));
    return lines_;
  }

private:
  std::vector<line_actor> lines_;
};

} // namespace

std::unique_ptr<placement> place_here() { return std::make_unique<here>(); }

} // namespace fugato
