// SPDX-License-Identifier: GPL-3.0-or-later
// What ranks say to the tracker. An input is a list of events: a byte selects the connection and what
// happens on it, the next counts the bytes that it says.
#include "actors/tracker_protocol.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>
#include <array>
#include <string_view>

using namespace fugato;

namespace {

constexpr std::uint32_t connections = 8;

/// Who is answered must be there; a connection that is closed is answered no more.
void check_actions(tracker_protocol& tracker, std::array<bool, connections>& open) {
  for (const tracker_protocol::action& x : tracker.take_actions()) {
    fuzz::promise(x.to < connections, "answers go to connections");
    if (x.close)
      open.at(x.to) = false;
  }
  for (const tracker_protocol::message& x : tracker.take_messages())
    fuzz::promise(x.rank < 3, "messages come from ranks");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tracker_protocol tracker{{"a", "b", "c"}, std::make_shared<rank_ways>(3)};
  std::array<bool, connections> open{};
  const std::string text = fuzz::text_of(data, size);
  std::string_view rest = text;
  while (rest.size() >= 2 && tracker.at() != tracker_protocol::phase::failed) {
    const auto what = static_cast<unsigned char>(rest[0]);
    const auto count = static_cast<unsigned char>(rest[1]);
    rest.remove_prefix(2);
    const std::uint32_t who = what % connections;
    if (what >= 0xF0) {
      if (open.at(who))
        tracker.closed(who);
      open.at(who) = false;
    } else if (what >= 0xE0) {
      tracker.expire(1);
    } else {
      if (!open.at(who))
        tracker.opened(who);
      open.at(who) = true;
      tracker.received(who, rest.substr(0, count));
      rest.remove_prefix(std::min<std::size_t>(count, rest.size()));
    }
    check_actions(tracker, open);
  }
  fuzz::promise((tracker.at() == tracker_protocol::phase::failed) == !tracker.problem().empty(),
                "a failure has a sentence");
  return 0;
}
