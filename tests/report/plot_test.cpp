// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/plot.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace fugato;

namespace {

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t result = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++result;
  return result;
}

std::vector<std::string> texts(const axis& x) {
  std::vector<std::string> result;
  for (const tick& t : x.ticks)
    result.push_back(t.text);
  return result;
}

plot example() {
  return {"A <plot>",
          "remark",
          linear_axis("time [s]", 0, 10),
          linear_axis("y", -1, 1, 4),
          {picture{"p", "bytes"}, line{{0, 5, 10}, {-1, 0, 9}, tone::light}, rules{{2.5}}, dots{{5}, {0}}},
          {{tone::light, "a line"}},
          {"magma", "low", "high"}};
}

} // namespace

TEST_CASE("axes have round marks") {
  CHECK(texts(linear_axis("", 0, 30)) == std::vector<std::string>{"0", "10", "20", "30"});
  CHECK(texts(linear_axis("", -0.37, 0.37, 4)) == std::vector<std::string>{"-0.2", "0", "0.2"});
  CHECK(texts(linear_axis("", 12345.2, 12365.2, 4)) == std::vector<std::string>{"12350", "12355", "12360", "12365"});
  CHECK(texts(log_axis("", 40, 11025)) == std::vector<std::string>{"50", "100", "200", "500", "1k", "2k", "5k", "10k"});
  const axis hz = log_axis("", 10, 1000);
  CHECK(hz.place(10) == doctest::Approx(0));
  CHECK(hz.place(100) == doctest::Approx(0.5));
}

TEST_CASE("a plot in a page draws its layers, and a picture only once") {
  std::set<std::string> drawn;
  const std::string first = plot_svg(example(), 100, "t1", drawn, 10);
  CHECK(contains(first, "aria-label=\"A &lt;plot&gt;: remark\""));
  CHECK(contains(first, "<image id=\"t1-p\""));
  CHECK(contains(first, "points=\"0,2000 1000,1000 2000,0\"")); // 9 is beyond the axis
  CHECK(contains(first, "x1=\"25%\""));
  CHECK(contains(first, "cx=\"50%\" cy=\"50%\""));
  CHECK(contains(first, "data-seconds=\"10.000\""));
  CHECK(count(first, "class=\"halo\"") == 1);
  const std::string second = plot_svg(example(), 100, "t1", drawn);
  CHECK_FALSE(contains(second, "<image"));
  CHECK(contains(second, "<use href=\"#t1-p\""));
  CHECK_FALSE(contains(second, "data-seconds"));
  CHECK(contains(plot_svg(example(), 100, "t2", drawn), "<image id=\"t2-p\""));
}

TEST_CASE("a file stands for itself") {
  const std::string file = plot_file(example(), 900, 400);
  CHECK(file.starts_with("<?xml"));
  CHECK(contains(file, "A &lt;plot&gt;"));
  CHECK(contains(file, ">a line</text>"));
  CHECK(contains(file, "data:image/png;base64,"));
  CHECK(contains(file, "<style>"));
  CHECK_FALSE(contains(file, "var(--"));
}

TEST_CASE("a legend tells tones and colours") {
  const std::string legend = plot_legend(example());
  CHECK(contains(legend, "swatch light"));
  CHECK(contains(legend, "class=\"ramp\""));
  CHECK(plot_legend({}) == "");
}
