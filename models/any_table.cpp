// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/any_table.hpp"

#include "config/csv.hpp"
#include "config/error.hpp"
#include "config/printable.hpp"
#include "config/read_text.hpp"
#include "models/row_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace fugato {
namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

std::string_view without_spaces(std::string_view cell) {
  const auto first = cell.find_first_not_of(" \t");
  return first == std::string_view::npos ? "" : cell.substr(first, cell.find_last_not_of(" \t") + 1 - first);
}

bool is_null(std::string_view cell) {
  constexpr std::array words{"NA", "N/A", "n/a", "#N/A", "null", "NULL", "None", "<NA>"};
  return cell.empty() || std::ranges::find(words, cell) != words.end();
}

/// Infinite where it is too large.
std::optional<double> number_in(std::string_view cell) {
  if (cell.size() > 1 && cell[0] == '+' && cell[1] != '-')
    cell.remove_prefix(1);
  const char* const end = cell.data() + cell.size();
  double x = 0;
  const auto result = std::from_chars(cell.data(), end, x);
  if (result.ptr != end || result.ec == std::errc::invalid_argument)
    return std::nullopt;
  if (result.ec == std::errc{})
    return x;
  long double wide = 0; // too large or too small for double
  std::from_chars(cell.data(), end, wide);
  return static_cast<double>(wide);
}

void add_cell(any_column& column, std::string_view raw) {
  const std::string_view cell = without_spaces(raw);
  if (is_null(cell)) {
    ++column.nulls;
    column.values.push_back(no_number);
    return;
  }
  const std::optional<double> x = number_in(cell);
  column.values.push_back(x.value_or(no_number));
  if (!x)
    ++column.texts;
  else if (std::isnan(*x))
    ++column.nans;
  else if (std::isinf(*x))
    ++column.infinities;
  else
    column.whole = column.whole && cell.find_first_not_of("+-0123456789") == std::string_view::npos;
}

/// Which columns are what.
struct roles {
  std::vector<std::size_t> numbers;
  std::optional<std::size_t> name;
  std::optional<std::size_t> label;
  std::vector<std::size_t> index;
};

std::optional<std::size_t> find_first(const std::vector<std::string_view>& header,
                                      std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names)
    if (const auto it = std::ranges::find(header, name); it != header.end())
      return static_cast<std::size_t>(it - header.begin());
  return std::nullopt;
}

roles roles_of(const std::vector<std::string_view>& header) {
  roles result;
  result.name = find_first(header, {"file_name", "filename"});
  result.label = find_first(header, {"label", "genre", "class"});
  bool leading = true;
  for (std::size_t i = 0; i < header.size(); ++i) {
    leading = leading && (header[i].empty() || header[i].starts_with("Unnamed: "));
    if (leading)
      result.index.push_back(i);
    else if (i != result.name && i != result.label)
      result.numbers.push_back(i);
  }
  return result;
}

void check_names(const std::vector<std::string_view>& header, const std::string& file) {
  std::map<std::string_view, std::size_t> seen;
  for (std::size_t i = 0; i < header.size(); ++i)
    if (const auto [it, is_new] = seen.try_emplace(header[i], i); !is_new && !header[i].empty())
      throw error(errc::bad_table,
                  fmt::format("{}: each column name must stand only once, found '{}' in columns {} and {}", file,
                              printable(header[i], 60), it->second + 1, i + 1));
}

/// Numbers the tracks that rows belong to. Names that all end in a chunk's number, in Fugato's own column, are cut
/// there.
void add_tracks(any_table& table, const std::vector<std::string>& names) {
  const bool ours = table.name_column == "file_name" &&
                    std::ranges::all_of(names, [](const std::string& name) { return cut_chunk(name).has_value(); });
  std::unordered_map<std::string, std::uint32_t> numbers;
  std::unordered_set<std::string_view> seen;
  for (const std::string& name : names) {
    table.repeated_names += !seen.insert(name).second;
    const std::string track{(ours ? *cut_chunk(name) : parse_row_name(name)).track};
    const auto [it, is_new] = numbers.try_emplace(track, static_cast<std::uint32_t>(table.track_names.size()));
    if (is_new)
      table.track_names.push_back(printable(track));
    table.tracks.push_back(it->second);
  }
}

void add_labels(any_table& table, const std::vector<std::string>& labels) {
  table.label_names = labels;
  std::ranges::sort(table.label_names);
  table.label_names.erase(std::unique(table.label_names.begin(), table.label_names.end()), table.label_names.end());
  for (const std::string& label : labels)
    table.labels.push_back(
        static_cast<std::uint32_t>(std::ranges::lower_bound(table.label_names, label) - table.label_names.begin()));
}

} // namespace

std::string any_column::dtype() const {
  const std::uint64_t numbers = finite() + infinities + nans;
  if (texts > 0)
    return numbers > 0 ? "mixed" : "text";
  if (numbers == 0)
    return "empty";
  return whole && numbers == values.size() && nans + infinities == 0 ? "int64" : "float64";
}

any_table parse_any_table(std::string text, const std::string& name) {
  csv_reader csv{std::move(text), name};
  std::vector<std::string_view> header;
  if (!csv.next(header))
    throw error(errc::bad_table, name + ": must start with a line of column names, found an empty file");
  check_names(header, name);
  const roles what = roles_of(header);
  any_table result;
  result.name_column = what.name ? printable(header[*what.name]) : "";
  result.label_column = what.label ? printable(header[*what.label]) : "";
  for (const std::size_t i : what.index)
    result.index_columns.push_back(printable(header[i]));
  for (const std::size_t i : what.numbers) {
    result.columns.emplace_back();
    result.columns.back().name = header[i].empty() ? fmt::format("column {}", i + 1) : printable(header[i]);
  }
  const std::size_t width = header.size();
  std::vector<std::string> names;
  std::vector<std::string> labels;
  std::vector<std::string_view> fields;
  for (; csv.next(fields); ++result.rows) {
    if (fields.size() != width)
      throw error(errc::bad_table, fmt::format("{}: line {}: must hold {} fields like the column names, found {}", name,
                                               csv.line(), width, fields.size()));
    for (std::size_t c = 0; c < what.numbers.size(); ++c)
      add_cell(result.columns[c], fields[what.numbers[c]]);
    if (what.name)
      names.emplace_back(fields[*what.name]);
    if (what.label)
      labels.push_back(printable(without_spaces(fields[*what.label])));
  }
  if (result.rows == 0)
    throw error(errc::bad_table, name + ": must hold at least one row below the column names, found none");
  if (std::ranges::none_of(result.columns, [](const any_column& c) { return c.finite() > 0; }))
    throw error(errc::bad_table, name + ": must have at least one column with numbers, found none");
  add_tracks(result, names);
  add_labels(result, labels);
  return result;
}

any_table read_any_table(const std::string& path) {
  return parse_any_table(read_text(path, errc::bad_table), printable(path));
}

} // namespace fugato
