// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/explore_page.hpp"

#include "report/explore_views.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>

using namespace fugato;

namespace {

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// Clicks at 120 bpm over a tone.
std::vector<float> music(std::size_t samples) {
  std::vector<float> y(samples);
  for (std::size_t i = 0; i < samples; ++i)
    y[i] = 0.2f * static_cast<float>(std::sin(0.1 * static_cast<double>(i))) + (i % 11025 < 64 ? 0.6f : 0.0f);
  return y;
}

curves measured(const std::vector<float>& y) { return measure_curves(y, 22050, {}); }

} // namespace

TEST_CASE("each view draws music, silence and the shortest clip") {
  for (const auto& y : {music(6 * 22050), std::vector<float>(22050), std::vector<float>{0.5f}}) {
    const curves x = measured(y);
    for (const view& v : views()) {
      CAPTURE(v.name);
      const plot p = v.draw(x, {100, 32, 64});
      CHECK_FALSE(p.title.empty());
      CHECK_FALSE(p.layers.empty());
      const std::string file = plot_file(p, 800, 300);
      CHECK_FALSE(contains(file, "nan"));
      CHECK_FALSE(contains(file, "inf,"));
    }
  }
}

TEST_CASE("views have names for files, and tell what they measured") {
  std::set<std::string_view> names;
  for (const view& v : views())
    CHECK(names.insert(v.name).second);
  CHECK(views().size() == 11);
  const curves x = measured(music(6 * 22050));
  CHECK(views().at("onset").draw(x, {100, 32, 64}).remark.starts_with("117.5 bpm, "));
  CHECK(views().at("zero_crossing_rate").draw(x, {100, 32, 64}).remark.starts_with(std::to_string(x.sign_changes)));
}

TEST_CASE("marks say where in the recording a part lies, places count from its beginning") {
  curves x = measured(music(4 * 22050));
  x.begins = 61;
  const axis time = views().at("waveform").draw(x, {100, 32, 64}).x;
  REQUIRE(time.ticks.size() == 5);
  CHECK(time.ticks[1].text == "62");
  CHECK(time.ticks[1].at == doctest::Approx(1));
  CHECK(time.place(2) == doctest::Approx(0.5));
  CHECK(curves_csv(x).find("\n0,61.000000,") != std::string::npos);
}

TEST_CASE("curves are CSV with a line a frame") {
  const curves x = measured(music(3 * 22050));
  std::istringstream csv{curves_csv(x)};
  std::string line;
  std::getline(csv, line);
  CHECK(line.starts_with("frame,seconds,rms,zero_crossing_rate,spectral_centroid_hz,spectral_rolloff_hz,"
                         "onset_strength_db,chroma_C,"));
  const auto commas = std::ranges::count(line, ',');
  std::size_t lines = 0;
  std::size_t beats = 0;
  while (std::getline(csv, line)) {
    CHECK(std::ranges::count(line, ',') == commas);
    beats += line.ends_with(",1");
    ++lines;
  }
  CHECK(lines == x.frames());
  CHECK(beats == x.beats.size());
}

TEST_CASE("a page shows each track in each view, and names foreign text as text") {
  exploration x;
  x.corpus = "music <1>";
  x.rate = 22050;
  curves c = measured(music(2 * 22050));
  x.tracks.push_back(pictures_of(c, "c.wav", "", 1, ""));
  c.begins = 5;
  x.tracks.push_back(pictures_of(c, "a&b.wav", "jazz", 0, "mp3"));
  x.failures = {"d.wav: must be audio"};
  const std::string html = explore_page(x);
  for (const view& v : views())
    CHECK(contains(html, "<h2>" + std::string(v.title) + "</h2>"));
  CHECK(contains(html, "Exploring music &lt;1&gt;"));
  CHECK(contains(html, "a&amp;b.wav"));
  CHECK(contains(html, "5.0 to 7.0 s"));
  CHECK(contains(html, "src=\"data:audio/mpeg;base64,bXAz\""));
  CHECK(contains(html, "d.wav: must be audio"));
  CHECK(contains(html, "id=\"t0-spectrum\""));
  CHECK(contains(html, "href=\"#t1-spectrum\""));
  CHECK(contains(html, "id=\"shown\""));
  CHECK(contains(html, "Play a track"));
  CHECK_FALSE(contains(html, "http://"));
  CHECK(html == explore_page(x));
}

TEST_CASE("a page of one track that cannot be heard offers neither player nor choice") {
  exploration x;
  x.rate = 22050;
  x.remark = "A remark.";
  x.tracks.push_back(pictures_of(measured(music(22050)), "a.wav", "", 0, ""));
  const std::string html = explore_page(x);
  CHECK_FALSE(contains(html, "id=\"shown\""));
  CHECK_FALSE(contains(html, "<audio"));
  CHECK_FALSE(contains(html, "Play a track"));
  CHECK(contains(html, "1 track, as Fugato hears it before it measures features. A remark."));
}
