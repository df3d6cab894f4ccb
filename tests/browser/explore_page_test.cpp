// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/explore_page.hpp"

#include "audio/encode.hpp"
#include "report/explore_views.hpp"
#include "tests/browser/page_file.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace fugato;

namespace {

/// A tone that beats, and clicks.
std::vector<float> music(double hz, std::size_t period) {
  std::vector<float> y(4 * 22050);
  for (std::size_t i = 0; i < y.size(); ++i) {
    const auto t = static_cast<double>(i) / 22050;
    y[i] = static_cast<float>(0.2 * std::sin(6.283 * hz * t) * (1 + std::sin(6.283 * t))) +
           (i % period < 90 ? 0.5f : 0.0f);
  }
  return y;
}

exploration example() {
  exploration x;
  x.corpus = "music";
  x.rate = 22050;
  std::size_t number = 0;
  for (const char* label : {"blues", "jazz", "rock"}) {
    const auto y = music(220.0 * static_cast<double>(1 + number), 9000 + 1500 * number);
    x.tracks.push_back(pictures_of(measure_curves(y, x.rate, x.settings), std::string(label) + ".00000.wav", label,
                                   number, encode_mp3(y, x.rate)));
    ++number;
  }
  x.failures = {"music/pop/pop.00000.wav: must be audio in a known format, but is not"};
  return x;
}

} // namespace

TEST_CASE("the page of explored tracks is as it should be") {
  if (!browsing::available())
    return;
  const browsing::page_file file{explore_page(example())};
  browsing::browser chromium;
  CHECK(chromium.look("explore", file.url(),
                      {"h2", "#shown", "audio", "svg.plot", "svg.plot image", "svg.plot use", "svg.plot polyline",
                       "svg.plot polygon", "svg.plot circle", ".ramp", ".warning"}) == "");

  { // every picture has a size, on a phone too
    CHECK(chromium.evaluate("[...document.querySelectorAll('svg.plot')].length") == std::to_string(3 * views().size()));
    CHECK(chromium.evaluate("[...document.querySelectorAll('svg.plot')].filter(x => x.getBoundingClientRect().width < "
                            "200).length") == "0");
  }
  { // pictures can be decoded
    CHECK(chromium.evaluate("Promise.all([...document.querySelectorAll('svg image')].map(x => { const i = new Image(); "
                            "i.src = x.getAttribute('href'); return i.decode().then(() => i.naturalWidth > 50); }))"
                            ".then(all => all.length === 15 && all.every(Boolean))") == "true");
  }
  { // one track can be shown alone, and all again
    const auto choose = [&](const std::string& what) {
      chromium.evaluate("{const s = document.getElementById('shown'); s.value = '" + what +
                        "'; s.dispatchEvent(new Event('change'))}");
    };
    choose("1");
    CHECK(chromium.evaluate("[...document.querySelectorAll('[data-track]')].filter(x => x.getClientRects().length)"
                            ".every(x => x.dataset.track === '1')") == "true");
    choose("all");
    CHECK(chromium.complaints().empty());
  }
  { // a click on a picture turns the player there, and the line follows
    chromium.wait_until("document.querySelector('audio').readyState >= 1");
    CHECK(chromium.evaluate("Math.abs(document.querySelector('audio').duration - 4) < 0.2") == "true");
    chromium.evaluate(
        "{const p = document.querySelectorAll('[data-track=\"0\"] svg.plot')[1]; const b = "
        "p.getBoundingClientRect(); p.dispatchEvent(new MouseEvent('click', {clientX: b.left + b.width / 2, "
        "clientY: b.top + 5, bubbles: true}))}");
    chromium.wait_until("document.querySelector('[data-track=\"0\"] .head').getAttribute('visibility') === 'visible'");
    CHECK(chromium.evaluate("Math.abs(document.querySelector('audio').currentTime - 2) < 0.1") == "true");
    CHECK(chromium.evaluate("document.querySelector('[data-track=\"1\"] .head').getAttribute('visibility')") ==
          "\"hidden\"");
  }
}
