// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/table.hpp"

#include "config/csv.hpp"
#include "config/error.hpp"
#include "config/files.hpp"
#include "config/printable.hpp"
#include "config/read_text.hpp"
#include "models/row_name.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <ostream>
#include <sstream>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace fugato {
namespace {

/// What a column of the file is.
enum class role { number, row_name, label, index };

std::optional<std::size_t> find_first(const std::vector<std::string_view>& header,
                                      std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names)
    if (const auto it = std::find(header.begin(), header.end(), name); it != header.end())
      return static_cast<std::size_t>(it - header.begin());
  return std::nullopt;
}

std::string_view without_spaces(std::string_view cell) {
  const auto first = cell.find_first_not_of(" \t");
  return first == std::string_view::npos ? "" : cell.substr(first, cell.find_last_not_of(" \t") + 1 - first);
}

template <class Number>
std::errc parse(std::string_view digits, Number& x) {
  const char* end = digits.data() + digits.size();
  const auto result = std::from_chars(digits.data(), end, x);
  return result.ec == std::errc{} && result.ptr != end ? std::errc::invalid_argument : result.ec;
}

/// The float32 nearest to a decimal number, NaN when the cell is none. Numbers
/// too small for float32 become 0 or denormal, those too large infinite.
float to_float(std::string_view cell) {
  std::string_view digits = without_spaces(cell);
  if (digits.size() > 1 && digits[0] == '+' && digits[1] != '-')
    digits.remove_prefix(1);
  float x = 0;
  std::errc status = parse(digits, x);
  if (status == std::errc::result_out_of_range) {
    long double wide = 0;
    status = parse(digits, wide);
    x = static_cast<float>(wide);
  }
  return status == std::errc{} ? x : std::numeric_limits<float>::quiet_NaN();
}

/// A set of names numbered by first appearance. The names must outlive it.
class numbering {
public:
  std::uint32_t operator()(std::string_view name) {
    const auto [it, is_new] = numbers_.try_emplace(name, static_cast<std::uint32_t>(names_.size()));
    if (is_new)
      names_.emplace_back(name);
    return it->second;
  }
  const std::vector<std::string>& names() const { return names_; }

private:
  std::unordered_map<std::string_view, std::uint32_t> numbers_;
  std::vector<std::string> names_;
};

/// A cell of the column of row names.
struct named_row {
  std::string_view name;
  std::size_t line;
};

class table_parser {
public:
  table_parser(std::string text, const std::string& name) : csv_(std::move(text), name), name_(name) {}

  dataset parse_all() {
    if (!csv_.next(header_))
      throw error(errc::bad_table, name_ + ": must start with a line of column names, found an empty file");
    assign_roles();
    while (csv_.next(fields_))
      add_row();
    add_row_names();
    if (result_.values.empty())
      throw error(errc::bad_table, name_ + ": must hold at least one row below the column names, found none");
    result_.track_names = tracks_.names();
    sort_labels();
    return std::move(result_);
  }

private:
  [[noreturn]] void fail(const std::string& column, const std::string& must) const {
    fail_in(csv_.line(), column, must);
  }
  [[noreturn]] void fail_in(std::size_t line, const std::string& column, const std::string& must) const {
    throw error(errc::bad_table, name_ + ": line " + std::to_string(line) + ": " + column + ": " + must);
  }

  /// How errors name a column.
  std::string column(std::size_t i) const {
    return header_[i].empty() ? "column " + std::to_string(i + 1) : "column '" + std::string(header_[i]) + "'";
  }

  static std::string found(std::string_view cell) {
    constexpr std::size_t most = 60;
    return cell.empty()         ? "found an empty cell"
           : cell.size() > most ? "found '" + std::string(cell.substr(0, most)) + "...'"
                                : "found '" + std::string(cell) + "'";
  }

  void assign_roles() {
    roles_.assign(header_.size(), role::number);
    for (std::size_t i = 0; i < header_.size() && (header_[i].empty() || header_[i].starts_with("Unnamed: ")); ++i)
      roles_[i] = role::index;
    if (const auto i = find_first(header_, {"file_name", "filename"}))
      roles_[name_column_ = *i] = role::row_name;
    if (const auto i = find_first(header_, {"label", "genre", "class"}))
      roles_[*i] = role::label;

    std::map<std::string_view, std::size_t> seen;
    for (std::size_t i = 0; i < header_.size(); ++i) {
      if (roles_[i] == role::index)
        continue;
      check_printable(i, header_[i]);
      if (header_[i].empty())
        fail(column(i), "must have a name; only leading columns of row numbers may go without");
      if (const auto [it, is_new] = seen.try_emplace(header_[i], i); !is_new)
        fail(column(i), "a name must stand only once, found it in columns " + std::to_string(it->second + 1) + " and " +
                            std::to_string(i + 1));
      if (roles_[i] == role::number)
        result_.columns.emplace_back(header_[i]);
    }
    if (result_.columns.empty())
      throw error(errc::bad_table, name_ + ": must have at least one column of numbers, found none");
  }

  void add_row() {
    if (fields_.size() != header_.size())
      throw error(errc::bad_table, name_ + ": line " + std::to_string(csv_.line()) + ": must hold " +
                                       std::to_string(header_.size()) + " fields like the column names, found " +
                                       std::to_string(fields_.size()));
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      switch (roles_[i]) {
      case role::number:
        add_number(i);
        break;
      case role::row_name:
        if (fields_[i].empty())
          fail(column(i), "each row must name its track, found an empty cell");
        check_printable(i, fields_[i]);
        row_names_.push_back({fields_[i], csv_.line()});
        break;
      case role::label:
        if (fields_[i].empty())
          fail(column(i), "each row must have a label, found an empty cell");
        check_printable(i, fields_[i]);
        result_.labels.push_back(labels_(fields_[i]));
        break;
      case role::index:
        check_index(i);
        break;
      }
    }
  }

  void add_number(std::size_t i) {
    const float x = to_float(fields_[i]);
    if (!std::isfinite(x))
      fail(column(i),
           "must be a finite number (text may stand in the columns file_name and label only), " + found(fields_[i]));
    result_.values.push_back(x);
  }

  /// Only all names together tell whether Fugato wrote them: in its own column each
  /// ends in a chunk's number, after any name that a track may have.
  void add_row_names() {
    if (row_names_.empty())
      return;
    const bool ours = header_[name_column_] == "file_name" &&
                      std::all_of(row_names_.begin(), row_names_.end(),
                                  [](const named_row& row) { return cut_chunk(row.name).has_value(); });
    for (const auto& [name, line] : row_names_) {
      const auto [track_name, chunk] = ours ? *cut_chunk(name) : parse_row_name(name);
      const std::uint32_t track = tracks_(track_name);
      rows_of_track_.resize(tracks_.names().size());
      const std::uint32_t number = chunk.value_or(rows_of_track_[track]++);
      if (!seen_rows_.insert(std::uint64_t{track} << 32U | number).second)
        fail_in(line, column(name_column_), "a chunk must stand only once, " + found(name) + " again");
      result_.tracks.push_back(track);
      result_.chunks.push_back(number);
    }
  }

  /// Names go to reports and terminals as they are.
  void check_printable(std::size_t i, std::string_view text) const {
    if (printable(text) != text)
      fail(column(i), "names must be UTF-8 without control characters, " + found(text));
  }

  /// A column without a name is left out only when it is certain to be an index.
  void check_index(std::size_t i) {
    const std::string_view cell = fields_[i];
    if (cell.empty() || !std::all_of(cell.begin(), cell.end(), [](char c) { return c >= '0' && c <= '9'; }))
      fail(column(i),
           "a leading column without a name must hold row numbers (name it if it is something else), " + found(cell));
  }

  /// From order of appearance to sorted.
  void sort_labels() {
    result_.label_names = labels_.names();
    std::sort(result_.label_names.begin(), result_.label_names.end());
    std::vector<std::uint32_t> sorted_position;
    for (const std::string& label : labels_.names())
      sorted_position.push_back(
          static_cast<std::uint32_t>(std::lower_bound(result_.label_names.begin(), result_.label_names.end(), label) -
                                     result_.label_names.begin()));
    for (std::uint32_t& label : result_.labels)
      label = sorted_position[label];
  }

  csv_reader csv_;
  const std::string& name_;
  std::vector<std::string_view> header_;
  std::vector<std::string_view> fields_;
  std::vector<role> roles_;
  std::size_t name_column_ = 0;
  std::vector<named_row> row_names_;
  numbering tracks_;
  numbering labels_;
  std::vector<std::uint32_t> rows_of_track_;
  std::unordered_set<std::uint64_t> seen_rows_; ///< track << 32 | chunk
  dataset result_;
};

void append_number(std::string& line, float x) {
  std::array<char, 32> digits{};
  line.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), x).ptr);
}

/// The lines of a table.
struct line_writer {
  text_sink out;
  bool named;
  bool labelled;

  void head(const std::vector<std::string>& columns) const {
    std::string line = named ? "file_name," : "";
    for (std::size_t j = 0; j < columns.size(); ++j)
      line += (j == 0 ? "" : ",") + csv_field(columns[j]);
    out(line + (labelled ? ",label\n" : "\n"));
  }

  void row(std::string_view track, std::size_t chunk, std::span<const float> values, std::string_view label) const {
    std::string line = named ? csv_field(std::string(track) + "." + std::to_string(chunk)) + "," : "";
    for (std::size_t j = 0; j < values.size(); ++j) {
      if (j > 0)
        line += ',';
      append_number(line, values[j]);
    }
    if (labelled)
      line += "," + csv_field(label);
    out(line += '\n');
  }
};

} // namespace

dataset parse_table(std::string text, const std::string& name) {
  return table_parser(std::move(text), name).parse_all();
}

dataset read_table(const std::string& path) { return parse_table(read_text(path, errc::bad_table), path); }

void write_table(std::ostream& out, const dataset& table) {
  const line_writer lines{[&out](std::string_view text) { out << text; }, !table.tracks.empty(), !table.labels.empty()};
  lines.head(table.columns);
  for (std::size_t i = 0; i < table.rows(); ++i)
    lines.row(table.tracks.empty() ? "" : table.track_names[table.tracks[i]],
              table.tracks.empty() ? 0 : table.chunks[i], table.row(i),
              table.labels.empty() ? "" : table.label_names[table.labels[i]]);
}

void write_table(const text_sink& out, const row_source& table) {
  const std::size_t width = table.columns().size();
  const line_writer lines{out, true, table.labelled()};
  lines.head(table.columns());
  table.each_track([&](const row_source::part& x) {
    for (std::size_t chunk = 0; chunk * width < x.values.size(); ++chunk)
      lines.row(x.track, chunk, x.values.subspan(chunk * width, width), x.label);
  });
}

void write_table(const std::string& path, const dataset& table) {
  std::ostringstream text;
  write_table(text, table);
  write_file(path, text.view());
}

} // namespace fugato
