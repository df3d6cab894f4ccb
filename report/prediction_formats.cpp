// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/prediction_formats.hpp"

#include "config/csv.hpp"
#include "config/files.hpp"
#include "config/json.hpp"
#include "config/printable.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

namespace fugato {
namespace {

constexpr std::size_t widest_name = 40;
constexpr std::size_t widest_timeline = 60;
constexpr const char* unsure_label = "unsure";

std::string genre_of(const track_prediction& x) { return x.unsure ? unsure_label : x.label; }

/// As it is told: without the chunks where nobody asked for them.
track_prediction told(track_prediction x, bool chunks) {
  if (!chunks)
    x.chunks.clear();
  return x;
}

/// JSON on a single line; `printable` spells what a terminal obeys as JSON does.
template <class T>
std::string json_line(const T& x) {
  using nlohmann::ordered_json;
  return printable(ordered_json::parse(to_json(x)).dump(-1, ' ', false, ordered_json::error_handler_t::replace));
}

/// The text of one list item in indented JSON.
std::string indented(const std::string& json) {
  std::string result = "    ";
  for (const char c : json.substr(0, json.find_last_not_of('\n') + 1))
    result += c == '\n' ? std::string("\n    ") : std::string(1, c);
  return result;
}

// -- table -----------------------------------------------------------------------------

class table_writer : public prediction_writer {
public:
  explicit table_writer(prediction_target to) : to_(std::move(to)) {
    name_ = std::clamp<std::size_t>(to_.name_width, 5, widest_name);
    genre_ = std::string_view(unsure_label).size();
    for (const std::string& label : to_.rules.labels)
      genre_ = std::clamp(label.size(), genre_, widest_name);
    to_.print(row("track", "genre", "top 3", "agree", "chunks over time"));
  }

  void add(const track_prediction& x) override {
    std::string top;
    for (const label_probability& each : x.top)
      top += fmt::format("{}{} {:.3f}", top.empty() ? "" : "  ", each.label, each.probability);
    std::string text =
        row(x.track, genre_of(x), top, fmt::format("{:.2f}", x.agreement), timeline_text(x, widest_timeline));
    if (to_.chunks)
      for (const chunk_prediction& each : x.chunks)
        text += chunk(each);
    to_.print(text);
  }

  void add(const failed_prediction& x) override {
    to_.print(fmt::format("{:<{}}  {:<{}}  {}: {}\n", x.track, name_, "-", genre_, x.reason, x.sentence));
  }

private:
  std::string row(const std::string& track, const std::string& genre, const std::string& top,
                  const std::string& agreement, const std::string& timeline) const {
    const std::size_t top_width = 3 * (genre_ + 8);
    return fmt::format("{:<{}}  {:<{}}  {:<{}}{:>5}  {}\n", track, name_, genre, genre_, top, top_width, agreement,
                       timeline);
  }

  std::string chunk(const chunk_prediction& x) const {
    std::string result = fmt::format("{:>{}}  {:<{}} ", fmt::format("{:.1f} s", x.chunk * to_.rules.chunk_seconds),
                                     name_, x.label, genre_);
    for (std::size_t i = 0; i < x.probabilities.size(); ++i)
      result += fmt::format(" {} {:.3f}", to_.rules.labels[i], x.probabilities[i]);
    return result + "\n";
  }

  prediction_target to_;
  std::size_t name_ = 5;
  std::size_t genre_ = 6;
};

// -- JSON ------------------------------------------------------------------------------

/// An object of head, tracks and failures; the failures are held until the tracks are through.
class json_writer : public prediction_writer {
public:
  explicit json_writer(prediction_target to) : to_(std::move(to)) {
    const nlohmann::json labels = to_.rules.labels;
    to_.print(fmt::format("{{\n  \"model\": {},\n  \"labels\": {},\n  \"threshold\": {},\n  \"tracks\": [",
                          nlohmann::json(to_.model).dump(), printable(labels.dump()), to_.rules.threshold));
  }

  void add(const track_prediction& x) override {
    to_.print((std::exchange(first_, false) ? "\n" : ",\n") + indented(to_json(told(x, to_.chunks))));
  }

  void add(const failed_prediction& x) override {
    failures_ += (failures_.empty() ? "\n" : ",\n") + indented(to_json(x));
  }

  void finish() override {
    to_.print(std::string(first_ ? "" : "\n  ") + "],\n  \"failures\": [" + failures_ +
              (failures_.empty() ? "" : "\n  ") + "]\n}\n");
  }

private:
  prediction_target to_;
  bool first_ = true;
  std::string failures_;
};

class json_lines_writer : public prediction_writer {
public:
  explicit json_lines_writer(prediction_target to) : to_(std::move(to)) {}
  void add(const track_prediction& x) override { to_.print(json_line(told(x, to_.chunks)) + "\n"); }
  void add(const failed_prediction& x) override { to_.print(json_line(x) + "\n"); }

private:
  prediction_target to_;
};

// -- CSV -------------------------------------------------------------------------------

class csv_writer : public prediction_writer {
public:
  explicit csv_writer(prediction_target to) : to_(std::move(to)) {
    std::string head = "track,path,label,unsure,probability,second,second_probability,third,third_probability,"
                       "agreement,chunks,timeline,reason,sentence";
    for (const std::string& label : to_.rules.labels)
      head += "," + csv_field(printable_cell("p_" + label));
    to_.print(head + "\n");
  }

  void add(const track_prediction& x) override {
    std::string line = names(x.track, x.path) + text(x.label) + (x.unsure ? ",1" : ",0");
    for (std::size_t i = 0; i < 3; ++i) {
      line += i == 0 ? "" : i < x.top.size() ? text(x.top[i].label) : ",";
      line += i < x.top.size() ? fmt::format(",{:.6f}", x.top[i].probability) : ",";
    }
    line += fmt::format(",{:.4f},{}{},,", x.agreement, x.chunks.size(), text(timeline_text(x)));
    for (const double p : x.probabilities)
      line += fmt::format(",{:.6f}", p);
    to_.print(line + "\n");
  }

  void add(const failed_prediction& x) override {
    to_.print(names(x.track, x.path) + std::string(10, ',') + text(x.reason) + text(x.sentence) +
              std::string(to_.rules.labels.size(), ',') + "\n");
  }

private:
  static std::string text(const std::string& x) { return "," + csv_field(printable_cell(x)); }
  static std::string names(const std::string& track, const std::string& path) {
    return csv_field(track) + "," + csv_field(printable_name(path));
  }

  prediction_target to_;
};

// -- playlists -------------------------------------------------------------------------

/// A playlist a genre, one of the unsure, and a list of the failed.
class playlist_writer : public prediction_writer {
public:
  explicit playlist_writer(prediction_target to) : folder_(to.folder, false) {}

  void add(const track_prediction& x) override {
    lists_[genre_of(x)] += fmt::format("#EXTINF:{},{}\n{}\n", std::lround(x.seconds), x.track, playlist_line(x.path));
  }

  void add(const failed_prediction& x) override {
    failures_ += csv_field(printable_name(x.path)) + "," + x.reason + "," + csv_field(x.sentence) + "\n";
  }

  void finish() override {
    std::set<std::string> taken;
    for (const auto& [label, lines] : lists_) {
      std::string name = file_name_of(label);
      for (int i = 2; !taken.insert(name).second; ++i)
        name = fmt::format("{} {}", file_name_of(label), i);
      write_file(folder_.file(name + ".m3u8"), fmt::format("#EXTM3U\n#PLAYLIST:{}\n", printable(label)) + lines);
    }
    if (!failures_.empty())
      write_file(folder_.file("failures.csv"), "path,reason,sentence\n" + failures_);
    folder_.commit();
  }

private:
  staged_folder folder_;
  std::map<std::string, std::string> lists_; ///< by genre
  std::string failures_;
};

template <class Writer>
std::unique_ptr<prediction_writer> begin(prediction_target to) {
  return std::make_unique<Writer>(std::move(to));
}

} // namespace

const catalog<prediction_format>& prediction_formats() {
  static const catalog<prediction_format> all{
      "format",
      {{"table", "Columns for people: genre, the three likeliest, agreement of the chunks.", false, true,
        begin<table_writer>},
       {"json", "One object: labels, tracks, failures.", false, true, begin<json_writer>},
       {"jsonl", "An object a line, in the order of the tracks, each as soon as it can be told.", false, true,
        begin<json_lines_writer>},
       {"csv", "A record a track, with the probability of each label.", false, false, begin<csv_writer>},
       {"m3u", "A folder with a playlist per genre, one of the unsure, and failures.csv.", true, false,
        begin<playlist_writer>}}};
  return all;
}

std::string file_name_of(const std::string& label) {
  constexpr std::string_view reserved = "/\\:*?\"<>|";
  std::string result;
  for (const char c : printable(label, 100))
    result += reserved.find(c) != std::string_view::npos ? '_' : c;
  const auto end = result.find_last_not_of(" .");
  result.erase(end == std::string::npos ? 0 : end + 1);
  if (result.empty() || result.front() == '.' || result.front() == '-')
    result.insert(0, "_");
  return result;
}

std::string playlist_line(const std::string& path) {
  const std::string whole = std::filesystem::absolute(path).lexically_normal().string();
  const bool plain = printable(whole) == whole && whole.back() != ' ';
  if (plain)
    return whole;
  constexpr std::string_view unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  std::string result = "file://";
  for (const char c : whole)
    result += unreserved.find(c) != std::string_view::npos ? std::string(1, c)
                                                           : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return result;
}

} // namespace fugato
