// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/explore_page.hpp"

#include "config/version.hpp"
#include "report/explore_views.hpp"
#include "report/format.hpp"
#include "report/page.hpp"
#include "report/picture_assets.hpp"
#include "report/png.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fugato {
namespace {

constexpr resolution in_page{400, 128, 64};

double mean(const std::vector<float>& x) {
  double sum = 0;
  for (const float v : x)
    sum += double{v};
  return sum / static_cast<double>(x.size());
}

std::string called(const track_pictures& x) { return x.label.empty() ? x.name : x.label; }

std::string track_card(const track_pictures& x, std::size_t number, const std::string& content) {
  const std::string file = x.label.empty() ? "" : element("small", {}, " " + escaped(x.name));
  return element("div", {{"class", "card"}, {"data-track", std::to_string(number)}},
                 element("h3", {}, escaped(called(x)) + file) + content) +
         "\n";
}

std::string chooser(const exploration& x) {
  if (x.tracks.size() < 2)
    return "";
  std::string options = element("option", {{"value", "all"}}, "all, side by side");
  for (std::size_t i = 0; i < x.tracks.size(); ++i)
    options += element("option", {{"value", std::to_string(i)}},
                       escaped(called(x.tracks[i]) + (x.tracks[i].label.empty() ? "" : ", " + x.tracks[i].name)));
  return element("p", {}, element("label", {}, "Show " + element("select", {{"id", "shown"}}, options)));
}

std::string view_section(const exploration& x, const view& v, std::size_t number) {
  std::string content;
  for (std::size_t i = 0; i < x.tracks.size(); ++i)
    content += track_card(x.tracks[i], i, (number == 0 ? x.tracks[i].player : "") + x.tracks[i].views[number]);
  const std::size_t n = x.tracks.size();
  const std::string side_by_side = n == 1 ? content : n == 2 || n == 4 ? wide_cards(content) : cards(content);
  return section(std::string(v.title), std::string(v.summary), x.tracks.front().legend[number] + side_by_side);
}

std::string overview(const exploration& x) {
  table_rows rows{track_fact_names()};
  for (const track_pictures& t : x.tracks)
    rows.push_back(t.facts);
  return table(rows, 2);
}

std::string failure_list(const exploration& x) {
  if (x.failures.empty())
    return "";
  std::string content;
  for (const std::string& sentence : x.failures)
    content += paragraph(sentence);
  return section("Could not be used", "", element("div", {{"class", "card warning"}}, content));
}

std::string footer(const exploration& x) {
  const build_info build = this_build();
  return element("footer", {},
                 paragraph(fmt::format("Fugato {} {}. Mono at {} Hz; frames of {} samples, Hann-windowed, {} apart. "
                                       "Colour maps: magma and viridis (Matplotlib).",
                                       build.version, build.commit, x.rate, x.settings.n_fft, x.settings.hop_length)));
}

} // namespace

std::vector<std::string> track_fact_names() {
  return {"genre",    "track",          "shown",         "RMS",      "tempo", "beats",
          "centroid", "rolloff (85 %)", "crossings a s", "harmonic", "tuning"};
}

track_pictures pictures_of(const curves& x, const std::string& name, const std::string& label, std::size_t number,
                           const std::string& mp3) {
  track_pictures result{name, label, "", {}, {}, {}};
  if (!mp3.empty())
    result.player = element("audio", {{"controls", "controls"},
                                      {"preload", "metadata"},
                                      {"aria-label", name},
                                      {"src", data_uri("audio/mpeg", mp3)}});
  std::set<std::string> drawn;
  const std::string scope = fmt::format("t{}", number);
  for (const view& v : views()) {
    const plot p = v.draw(x, in_page);
    const std::string remark = p.remark.empty() ? "" : element("p", {{"class", "note"}}, escaped(p.remark));
    result.views.push_back(plot_svg(p, v.height, scope, drawn, v.whole ? x.seconds() : 0) + remark);
    result.legend.push_back(plot_legend(p));
  }
  const auto share = [&x] {
    double parts[2] = {0, 0};
    for (std::size_t i = 0; i < x.harmonic.size(); ++i) {
      parts[0] += double{x.harmonic[i]} * double{x.harmonic[i]};
      parts[1] += double{x.percussive[i]} * double{x.percussive[i]};
    }
    return parts[0] + parts[1] > 0 ? short_percent(parts[0] / (parts[0] + parts[1])) : "-";
  };
  result.facts = {label.empty() ? "-" : label,
                  name,
                  fmt::format("{:.1f} to {:.1f} s", x.begins, x.begins + x.seconds()),
                  fmt::format("{:.3f}", mean(x.rms)),
                  x.tempo > 0 ? fmt::format("{:.1f} bpm", x.tempo) : "-",
                  std::to_string(x.beats.size()),
                  fmt::format("{:.0f} Hz", mean(x.centroid)),
                  fmt::format("{:.0f} Hz", mean(x.rolloff)),
                  fmt::format("{:.0f}", static_cast<double>(x.sign_changes) / x.seconds()),
                  share(),
                  fmt::format("{:+.2f}", x.tuning)};
  return result;
}

std::string explore_page(const exploration& x) {
  const bool heard = std::ranges::any_of(x.tracks, [](const track_pictures& t) { return !t.player.empty(); });
  const std::string intro =
      counted(static_cast<double>(x.tracks.size()), "track") + ", as Fugato hears it before it measures features." +
      (heard ? " Play a track, and a line follows it through its pictures; a click on a picture goes there." : "") +
      (x.remark.empty() ? "" : " " + x.remark);
  std::string content = element("h1", {}, escaped("Exploring " + x.corpus)) + paragraph(intro) + failure_list(x) +
                        overview(x) + chooser(x);
  std::size_t number = 0;
  for (const view& v : views())
    content += view_section(x, v, number++);
  return page("Exploring " + x.corpus, content + footer(x), assets::explore_js);
}

} // namespace fugato
