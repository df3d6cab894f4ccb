// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/demo_music.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

using namespace fugato::demo;
using kind = midi_event::kind;

namespace {

constexpr unsigned tracks = 12;

/// Calls check(events) for some tracks of every style.
template <class F>
void for_each_track(F check) {
  for (const style& s : styles())
    for (unsigned index = 0; index < tracks; ++index) {
      CAPTURE(std::string(s.name));
      CAPTURE(index);
      check(compose(s, index));
    }
}

} // namespace

TEST_CASE("a track is composed the same each time") {
  for (const style& s : styles())
    CHECK(compose(s, 3) == compose(s, 3));
}

TEST_CASE("tracks of a genre differ, and so do genres") {
  std::vector<std::vector<midi_event>> all;
  for_each_track([&](std::vector<midi_event> events) { all.push_back(std::move(events)); });
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t k = 0; k < i; ++k)
      CHECK(all[i] != all[k]);
}

TEST_CASE("events are sorted, within MIDI's ranges and within the composed time") {
  for_each_track([](const std::vector<midi_event>& events) {
    CHECK(std::is_sorted(events.begin(), events.end(), [](const midi_event& a, const midi_event& b) {
      return std::tie(a.seconds, a.what) < std::tie(b.seconds, b.what);
    }));
    CHECK(std::all_of(events.begin(), events.end(), [](const midi_event& e) {
      return e.seconds >= 0 && e.seconds <= composed_seconds && e.channel < 16 && e.data1 < 128 && e.data2 < 128 &&
             (e.what != kind::note_on || e.data2 > 0);
    }));
  });
}

TEST_CASE("every note that begins ends, before its key is struck again") {
  for_each_track([](const std::vector<midi_event>& events) {
    std::map<std::pair<int, int>, int> sounding;
    bool overlapping = false;
    for (const midi_event& e : events)
      if (e.what == kind::note_on || e.what == kind::note_off) {
        int& count = sounding[{e.channel, e.data1}];
        count += e.what == kind::note_on ? 1 : -1;
        overlapping = overlapping || count < 0 || (count > 1 && e.channel != 9);
      }
    CHECK_FALSE(overlapping);
    for (const auto& [key, count] : sounding)
      CHECK(count == 0);
  });
}

TEST_CASE("the music goes on from the start to the end without a long rest") {
  for_each_track([](const std::vector<midi_event>& events) {
    double last = 0;
    double longest = 0;
    for (const midi_event& e : events)
      if (e.what == kind::note_on) {
        longest = std::max(longest, e.seconds - last);
        last = e.seconds;
      }
    CHECK(std::max(longest, composed_seconds - last) < 4.5); // a slow bar
  });
}

TEST_CASE("a channel is set up before its first note, and only melodic ones are tuned") {
  for_each_track([](const std::vector<midi_event>& events) {
    std::set<int> set_up;
    for (const midi_event& e : events) {
      if (e.what == kind::program)
        set_up.insert(e.channel);
      if (e.what == kind::note_on)
        REQUIRE(set_up.contains(e.channel));
      if (e.what == kind::bend)
        CHECK(e.channel != 9);
    }
  });
}

TEST_CASE("classical music has drums only where it borrows them, disco nearly always") {
  const auto with_drums = [](std::string_view name) {
    int count = 0;
    for (unsigned index = 0; index < tracks; ++index) {
      const std::vector<midi_event> events = compose(styles().at(name), index);
      count += std::any_of(events.begin(), events.end(),
                           [](const midi_event& e) { return e.what == kind::note_on && e.channel == 9; });
    }
    return count;
  };
  CHECK(with_drums("classical") < static_cast<int>(tracks) / 2);
  CHECK(with_drums("disco") == static_cast<int>(tracks));
}
