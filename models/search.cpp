// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/search.hpp"

#include "config/error.hpp"
#include "config/json.hpp"
#include "models/numpy_random.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <type_traits>

namespace fugato {
namespace {

/// More than anybody waits for; a slip of the keyboard should not fill the memory first.
constexpr std::size_t most_cells = 100'000;

[[noreturn]] void fail(const std::string& place, const std::string& sentence) {
  throw error(errc::settings, place + ": " + sentence);
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  return first == std::string_view::npos ? "" : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// At the commas outside brackets, for a value may be a list.
std::vector<std::string> items_of(std::string_view text) {
  std::vector<std::string> result;
  int depth = 0;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i == text.size() || (text[i] == ',' && depth == 0)) {
      result.emplace_back(trimmed(text.substr(start, i - start)));
      start = i + 1;
    } else {
      depth += text[i] == '[' ? 1 : text[i] == ']' ? -1 : 0;
    }
  }
  return result;
}

enum class number_kind { none, real, whole };

/// Finds out what kind of number a field is.
class kind_finder : public visitor {
public:
  explicit kind_finder(std::string_view key) : key_(key) {}
  number_kind kind() const { return kind_; }

protected:
  bool value(const field& about, value_ref x) override {
    if (about.key == key_)
      kind_ = std::visit([](auto* p) { return kind_of_type<std::remove_pointer_t<decltype(p)>>(); }, x);
    return false;
  }
  bool enter(const field&) override { return false; }
  void leave() override {}
  bool enter_list(const field&) override { return false; }
  bool enter_item(std::size_t) override { return false; }
  void leave_list() override {}

private:
  template <class T>
  static constexpr number_kind kind_of_type() {
    return std::is_same_v<T, double>                                              ? number_kind::real
           : std::is_same_v<T, std::uint32_t> || std::is_same_v<T, std::uint64_t> ? number_kind::whole
                                                                                  : number_kind::none;
  }

  std::string_view key_;
  number_kind kind_ = number_kind::none;
};

/// A model's section of parameters, and what settings make of it.
class section {
public:
  section(std::string_view model, const model_settings& models) : model_(model), prototype_(models.at(model)) {}

  /// The parameters of the prototype with these values in place of its own.
  std::string with(const std::vector<search_choice>& choices, const std::string& place) const {
    const auto copy = prototype_.clone();
    hyper_parameters parameters{*copy};
    const auto describe_all = [&](visitor& v) { // so that the errors name the place as in a configuration
      wrapped_model inner{model_, parameters};
      v("models", inner, "");
    };
    for (const search_choice& x : choices)
      read_json(assignment_to_json("models." + std::string(model_) + "." + x.name + "=" + x.value), {place, ""},
                describe_all);
    return write_json(description_of(parameters));
  }

  number_kind kind(std::string_view parameter) const {
    const auto copy = prototype_.clone();
    kind_finder finder{parameter};
    copy->describe_parameters(finder);
    return finder.kind();
  }

private:
  struct wrapped_model {
    std::string_view name;
    hyper_parameters& parameters;

    friend void describe(visitor& v, wrapped_model& x) { v(x.name, x.parameters, ""); }
  };

  std::string_view model_;
  const classifier& prototype_;
};

/// `text` as a number. @throws error(settings)
double number_of(std::string_view text, const std::string& place) {
  double result = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), result);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || !std::isfinite(result))
    fail(place, "a range must have the form LOW..HIGH or log:LOW..HIGH, with numbers");
  return result;
}

/// Reads `LOW..HIGH` into the space. @throws error(settings)
void read_range(parameter_space& space, std::string_view text, const section& models, const std::string& place) {
  const std::string_view log = "log:";
  space.logarithmic = text.starts_with(log);
  if (space.logarithmic)
    text.remove_prefix(log.size());
  const auto dots = text.find("..");
  for (const auto& [number, end] : {std::pair(&space.low, text.substr(0, dots)),
                                    std::pair(&space.high, dots == text.npos ? text : text.substr(dots + 2))}) {
    *number = number_of(trimmed(end), place);
    models.with({{space.name, std::string(trimmed(end))}}, place);
  }
  const number_kind kind = models.kind(space.name);
  if (kind == number_kind::none)
    fail(place, "a range needs a parameter that is a number; list the values");
  space.whole = kind == number_kind::whole;
  if (!(space.low < space.high))
    fail(place, "the lower end of a range must lie below the upper one");
  if (space.logarithmic && space.low <= 0)
    fail(place, "a logarithmic range must lie above 0");
}

parameter_space space_of(const std::string& text, const section& models, const std::string& pointer) {
  const std::string place = fmt::format("{} (\"{}\")", pointer, text);
  const auto equals = text.find('=');
  parameter_space result;
  result.name = trimmed(std::string_view(text).substr(0, equals));
  if (equals == std::string::npos || result.name.empty() ||
      result.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos)
    fail(place, "must have the form NAME=VALUE,VALUE,... or NAME=LOW..HIGH");
  const std::string_view values = trimmed(std::string_view(text).substr(equals + 1));
  if (values.find("..") != std::string_view::npos) {
    read_range(result, values, models, place);
    return result;
  }
  result.values = items_of(values);
  std::set<std::string> seen;
  for (const std::string& value : result.values)
    if (!seen.insert(models.with({{result.name, value}}, place)).second)
      fail(place, "values must differ, but " + value + " is there twice");
  return result;
}

std::vector<parameter_space> spaces_of(const search_settings& settings, const section& models) {
  if (settings.parameters.empty())
    fail("/tune/parameters", "must name at least one parameter");
  std::vector<parameter_space> result;
  for (const std::string& text : settings.parameters) {
    const std::string pointer = fmt::format("/tune/parameters/{}", result.size());
    parameter_space space = space_of(text, models, pointer);
    for (const parameter_space& other : result)
      if (other.name == space.name)
        fail(pointer, "each parameter must be named once, found " + space.name + " again");
    result.push_back(std::move(space));
  }
  return result;
}

using drawn_cells = std::vector<std::vector<std::string>>;

drawn_cells grid(const std::vector<parameter_space>& spaces, const search_settings&) {
  drawn_cells cells{{}};
  for (std::size_t i = 0; i < spaces.size(); ++i) {
    if (spaces[i].values.empty())
      fail(fmt::format("/tune/parameters/{}", i),
           "a grid needs a list of values for " + spaces[i].name + "; ranges are for tune.method = random");
    if (cells.size() * spaces[i].values.size() > most_cells)
      fail("/tune/parameters", fmt::format("must make at most {} cells", most_cells));
    drawn_cells longer;
    for (const auto& cell : cells)
      for (const std::string& value : spaces[i].values) {
        longer.push_back(cell);
        longer.back().push_back(value);
      }
    cells = std::move(longer);
  }
  return cells;
}

/// A number of the range, as settings write it.
std::string draw_number(const parameter_space& x, numpy_random& dice) {
  const double top = x.whole ? x.high + 1 : x.high; // each whole number has the stretch up to the next one
  const double share = dice.uniform();
  const double drawn = x.logarithmic ? x.low * std::pow(top / x.low, share) : x.low + (top - x.low) * share;
  const double number = std::clamp(x.whole ? std::floor(drawn) : drawn, x.low, x.high);
  return x.whole ? fmt::format("{:.0f}", number) : fmt::to_string(number);
}

drawn_cells random_draws(const std::vector<parameter_space>& spaces, const search_settings& settings) {
  constexpr std::size_t patience = 100; // draws a cell: a small space may hold fewer different ones than wanted
  numpy_random dice{settings.seed};
  drawn_cells cells;
  std::set<std::vector<std::string>> seen;
  for (std::size_t i = 0; i < patience * settings.trials && cells.size() < settings.trials; ++i) {
    std::vector<std::string> cell;
    for (const parameter_space& x : spaces)
      cell.push_back(x.values.empty() ? draw_number(x, dice)
                                      : x.values[dice.interval(static_cast<std::uint32_t>(x.values.size() - 1))]);
    if (seen.insert(cell).second)
      cells.push_back(std::move(cell));
  }
  return cells;
}

} // namespace

void describe(visitor& v, search_settings& x) {
  v("method", x.method, one_of{search_methods().names()}, "which cells, sets of parameters, are tried");
  v("parameters", x.parameters, anything{},
    "of the model train.model, each as NAME=VALUE,VALUE,... or, for a random search, also as NAME=LOW..HIGH or "
    "NAME=log:LOW..HIGH (equal shares for equal ratios)");
  v("trials", x.trials, between{1, 100000}, "random search: how many different cells");
  v("folds", x.folds, between{1, 1000},
    "parts of the training rows (whole tracks or groups) that each cell is judged by in turn; 1: by train.split's "
    "validation rows or a fifth. The test rows stay unseen");
  v("seed", x.seed, anything{}, "random search: of the choice of cells");
  v("metric", x.metric, one_of{search_metrics().names()}, "what the best cell is best at, mean over the folds");
}

void describe(visitor& v, search_choice& x) {
  v("name", x.name, anything{}, "of the parameter");
  v("value", x.value, anything{}, "as it is written in the settings");
}

const catalog<search_method>& search_methods() {
  static const catalog<search_method> rows(
      "tune.method", {{"grid", "Every combination of the listed values.", grid},
                      {"random", "Values drawn from lists and ranges, without repeating a cell.", random_draws}});
  return rows;
}

const catalog<search_metric>& search_metrics() {
  static const catalog<search_metric> rows("tune.metric",
                                           {{"accuracy", "Share of right predictions, by chunk.", true,
                                             &trial_result::test_chunks, &score_summary::accuracy},
                                            {"macro-f1", "Plain mean of the classes' F1, by chunk.", true,
                                             &trial_result::test_chunks, &score_summary::macro_f1},
                                            {"log-loss", "Mean of -ln p(truth), by chunk; lower is better.", false,
                                             &trial_result::test_chunks, &score_summary::log_loss},
                                            {"track-accuracy", "Share of right predictions, by track.", true,
                                             &trial_result::test_tracks, &score_summary::accuracy}});
  return rows;
}

std::vector<search_cell> search_cells(const search_settings& settings, const std::string& model,
                                      const model_settings& models) {
  const section parameters{model, models};
  const std::vector<parameter_space> spaces = spaces_of(settings, parameters);
  std::vector<search_cell> cells;
  for (const auto& values : search_methods().at(settings.method).draw(spaces, settings)) {
    search_cell cell;
    for (std::size_t i = 0; i < spaces.size(); ++i)
      cell.choices.push_back({spaces[i].name, values[i]});
    cell.parameters = parameters.with(cell.choices, "/tune/parameters");
    cells.push_back(std::move(cell));
  }
  return cells;
}

std::vector<trial> search_trials(const std::vector<search_cell>& cells, const search_settings& settings,
                                 const train_settings& how) {
  std::vector<trial> result;
  for (const search_cell& cell : cells)
    for (std::uint32_t fold = 0; fold < settings.folds; ++fold) {
      trial one{how.model, cell.parameters, how.split};
      one.seed = how.seed;
      one.tuning_folds = settings.folds;
      one.tuning_fold = fold;
      result.push_back(std::move(one));
    }
  return result;
}

void check(const search_settings& settings, const train_settings& how, const dataset& table) {
  if (table.labels.empty())
    throw error(errc::bad_table, "a search needs a label for each row, but the table has no column label");
  inner_splits(table, split_rows(table, how.split), how.split, settings.folds);
  if (search_metrics().at(settings.metric).level == &trial_result::test_tracks && table.track_names.empty())
    throw error(errc::settings, fmt::format("/tune/metric: {} needs a table that names the track of each row, but this "
                                            "one has no column file_name",
                                            settings.metric));
}

} // namespace fugato
