// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/demo_render.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <barrier>
#include <cmath>
#include <thread>

using namespace fugato;
using namespace fugato::demo;
using kind = midi_event::kind;

namespace {

float peak_of(const std::vector<float>& samples) {
  float peak = 0;
  for (const float x : samples)
    peak = std::max(peak, std::abs(x));
  return peak;
}

std::vector<float> a_second() { return render(compose(styles().at("rock"), 0), find_soundfont(), 22050, 22050); }

} // namespace

// First of all tests: FluidSynth's tables are filled once in a process.
TEST_CASE("threads that begin at the same moment render the same samples") {
  constexpr std::size_t count = 4;
  std::vector<std::vector<float>> results(count);
  std::barrier start(static_cast<std::ptrdiff_t>(count));
  {
    std::vector<std::jthread> threads;
    for (std::vector<float>& result : results)
      threads.emplace_back([&] {
        start.arrive_and_wait();
        result = a_second();
      });
  }
  for (const std::vector<float>& result : results)
    CHECK(result == a_second());
}

TEST_CASE("music is heard, finite and clear of full scale") {
  for (const style& s : styles()) {
    CAPTURE(std::string(s.name));
    const std::vector<float> samples = render(compose(s, 1), find_soundfont(), 22050, 22050);
    REQUIRE(samples.size() == 22050);
    CHECK(std::all_of(samples.begin(), samples.end(), [](float x) { return std::isfinite(x); }));
    CHECK(peak_of(samples) > 0.001F);
    CHECK(peak_of(samples) < 2.0F);
  }
}

TEST_CASE("leaving out the beginning leaves the rest as it was") {
  const std::vector<midi_event> events = compose(styles().at("jazz"), 0);
  const std::string soundfont = find_soundfont();
  const std::vector<float> whole = render(events, soundfont, 0, 30000);
  const std::vector<float> rest = render(events, soundfont, 10000, 20000);
  CHECK(std::equal(rest.begin(), rest.end(), whole.begin() + 10000, whole.end()));
}

TEST_CASE("nothing is heard before the first note, and no events give silence") {
  const std::vector<midi_event> late{{0.5, kind::note_on, 0, 60, 100}, {0.9, kind::note_off, 0, 60, 0}};
  const std::vector<float> samples = render(late, find_soundfont(), 0, 22050);
  constexpr std::size_t note = 11025;
  const float before = peak_of({samples.begin(), samples.begin() + note});
  const float after = peak_of({samples.begin() + note, samples.end()});
  CHECK(before < 1e-5F);
  CHECK(after > 0.001F);
  CHECK(peak_of(render({}, find_soundfont(), 0, 1000)) < 1e-5F);
}

TEST_CASE("a soundfont that cannot be loaded is an error that names it") {
  CHECK_THROWS_WITH_AS(render({}, "/absent.sf2", 0, 10),
                       "/absent.sf2: this must be a soundfont that FluidSynth can load", error);
}

TEST_CASE("quantising brings the peak to the level asked for") {
  CHECK(quantise(std::vector{0.1F, -0.2F, 0.05F}, 0) == std::vector<std::int16_t>{16384, -32767, 8192});
  CHECK(quantise(std::vector{0.5F, 4.0F}, -20 * std::log10(2.)) == std::vector<std::int16_t>{2048, 16384});
}

TEST_CASE("silence stays silence, and nothing stays nothing") {
  CHECK(quantise(std::vector<float>(3, 0.0F), -1.5) == std::vector<std::int16_t>(3, 0));
  CHECK(quantise({}, -1.5).empty());
}
