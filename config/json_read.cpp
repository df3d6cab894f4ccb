// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/json.hpp"

#include "config/error.hpp"
#include "config/printable.hpp"
#include "config/read_text.hpp"
#include "config/spelling.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <optional>
#include <set>

namespace fugato {
namespace {

using nlohmann::json;

/// Deeper texts are refused while they are parsed, so that nothing that recurses over a value can exhaust the stack.
constexpr int most_levels = 64;
/// What a message repeats of a value, a key or a name [bytes].
constexpr std::size_t most_echoed = 80;

/// An origin as messages name it: an assignment repeats a value, a file's name is never cut.
std::string shown(const std::string& origin) {
  return printable(origin, origin.starts_with("--set ") ? most_echoed : std::string::npos);
}

/// What stands after the `=` of `--set key=value`, unless it is a list or an object.
std::optional<std::string> typed_scalar(const std::string& origin) {
  const auto equals = origin.find('=');
  if (!origin.starts_with("--set ") || equals == std::string::npos)
    return std::nullopt;
  std::string text = origin.substr(equals + 1);
  const auto start = text.find_first_not_of(" \t\r\n");
  if (start != std::string::npos && (text[start] == '[' || text[start] == '{'))
    return std::nullopt;
  return text;
}

/// `~` and `/` inside a key are written `~0` and `~1` in a JSON pointer (RFC 6901).
std::string pointer_token(std::string_view key) {
  std::string result;
  for (const char c : printable(key, most_echoed))
    result += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return result;
}

/// Watches the parser: nlohmann keeps the last of duplicate keys silently, and nests without a limit.
class parse_guard {
public:
  explicit parse_guard(std::string origin) : origin_(std::move(origin)) {}

  bool operator()(int depth, json::parse_event_t event, json& parsed) {
    const bool opens = event == json::parse_event_t::object_start || event == json::parse_event_t::array_start;
    if (opens && depth >= most_levels)
      throw error(errc::settings, fmt::format("{}: must not nest deeper than {} levels", origin_, most_levels));
    switch (event) {
    case json::parse_event_t::object_start:
      levels_.emplace_back();
      break;
    case json::parse_event_t::object_end:
      levels_.pop_back();
      break;
    case json::parse_event_t::key:
      note(parsed.get<std::string>());
      break;
    default:
      break;
    }
    return true;
  }

private:
  struct level {
    std::set<std::string> seen;
    std::string current;
  };

  void note(const std::string& key) {
    level& here = levels_.back();
    here.current = key;
    if (here.seen.insert(key).second)
      return;
    std::string pointer;
    for (const level& l : levels_)
      pointer += "/" + pointer_token(l.current);
    throw error(errc::settings, origin_ + ": " + pointer + ": a key must stand only once, found it twice");
  }

  std::string origin_;
  std::vector<level> levels_;
};

json parse(const std::string& text, const std::string& origin) {
  try {
    return json::parse(text, parse_guard{shown(origin)}, true, /*ignore_comments*/ true);
  } catch (const json::exception& e) {
    // "[json.exception.parse_error.101] parse error at line 3, column 1: ..." -> from "line" on
    std::string why = e.what();
    if (const auto at = why.find("line "); at != std::string::npos)
      why.erase(0, at);
    throw error(errc::settings,
                shown(origin) + ": must be JSON (// comments allowed): " + printable(why, 2 * most_echoed));
  }
}

class json_reader : public visitor {
public:
  json_reader(const json& root, const json_origin& origin)
      : name_(shown(origin.name)), base_(origin.base), typed_(typed_scalar(origin.name)) {
    push(root, "");
  }

  void read(const description& target) {
    target(*this);
    pop();
  }

protected:
  bool value(const field& about, value_ref x) override {
    const json* found = find(about.key);
    if (found == nullptr)
      return false;
    const std::string place = stack_.back().pointer + "/" + pointer_token(about.key);
    std::visit([&](auto* target) { assign(*found, *target, about.must, place); }, x);
    return true;
  }

  bool enter(const field& about) override {
    const json* found = find(about.key);
    if (found == nullptr)
      return false;
    push(*found, stack_.back().pointer + "/" + pointer_token(about.key));
    return true;
  }

  void leave() override { pop(); }

  bool enter_list(const field& about) override {
    const json* found = find(about.key);
    if (found == nullptr)
      return false;
    const std::string place = stack_.back().pointer + "/" + pointer_token(about.key);
    if (!found->is_array())
      fail(place, "must be a list", *found);
    stack_.push_back({found, place, {}});
    return true;
  }

  std::size_t items(std::size_t) override { return stack_.back().source->size(); }

  bool enter_item(std::size_t index) override {
    const frame& list = stack_.back();
    push((*list.source)[index], list.pointer + "/" + std::to_string(index));
    return true;
  }

  void leave_list() override { stack_.pop_back(); }

private:
  struct frame {
    const json* source;
    std::string pointer;
    std::vector<std::string_view> known;
  };

  [[noreturn]] void fail(const std::string& place, const std::string& must, const json& found) const {
    throw error(errc::settings, name_ + ": " + (place.empty() ? "/" : place) + ": " + must + ", found " +
                                    printable(found.dump(-1, ' ', false, json::error_handler_t::replace), most_echoed));
  }

  void push(const json& source, std::string pointer) {
    if (!source.is_object())
      fail(pointer, "must be an object", source);
    stack_.push_back({&source, std::move(pointer), {}});
  }

  /// Leaves an object; by now every field that it may have was asked for.
  void pop() {
    const frame& top = stack_.back();
    for (const auto& [key, unused] : top.source->items())
      if (std::find(top.known.begin(), top.known.end(), key) == top.known.end())
        throw error(errc::settings,
                    name_ + ": " + top.pointer + "/" + pointer_token(key) + ": unknown setting" + hint(key, top.known));
    stack_.pop_back();
  }

  const json* find(std::string_view key) {
    frame& top = stack_.back();
    top.known.push_back(key);
    const auto it = top.source->find(std::string(key));
    return it == top.source->end() ? nullptr : &*it;
  }

  void assign(const json& source, bool& x, const constraint&, const std::string& place) const {
    if (!source.is_boolean())
      fail(place, "must be true or false", source);
    x = source.get<bool>();
  }

  void assign(const json& source, double& x, const constraint& must, const std::string& place) const {
    if (!source.is_number())
      fail(place, "must be a number", source);
    const auto number = source.get<double>();
    check_range(number, must, source, place);
    x = number;
  }

  template <class Integer>
  requires std::is_integral_v<Integer>
  void assign(const json& source, Integer& x, const constraint& must, const std::string& place) const {
    if (!source.is_number_integer())
      fail(place, "must be a whole number", source);
    check_range(source.get<double>(), must, source, place);
    if (!source.is_number_unsigned() || source.get<std::uint64_t>() > std::numeric_limits<Integer>::max())
      fail(place, "must lie in [0, " + std::to_string(std::numeric_limits<Integer>::max()) + "]", source);
    x = source.get<Integer>();
  }

  void assign(const json& source, std::string& x, const constraint& must, const std::string& place) const {
    // a shell knows only strings: --set corpus=2024 means the folder of that name
    const bool as_typed = typed_ && source.is_primitive() && !source.is_string();
    if (!source.is_string() && !as_typed)
      fail(place, "must be a string", source);
    const auto text = as_typed ? *typed_ : source.get<std::string>();
    if (const auto* names = std::get_if<one_of>(&must))
      if (std::find(names->names.begin(), names->names.end(), text) == names->names.end())
        throw error(errc::settings, name_ + ": " + place + ": unknown name '" + printable(text, most_echoed) + "'" +
                                        hint(text, names->names));
    const bool path = std::holds_alternative<a_path>(must) && !text.empty();
    x = path ? (std::filesystem::path(base_) / text).lexically_normal().string() : text;
  }

  template <class T>
  void assign(const json& source, std::vector<T>& xs, const constraint& must, const std::string& place) const {
    if (!source.is_array())
      fail(place, "must be a list", source);
    std::vector<T> result(source.size());
    for (std::size_t i = 0; i < source.size(); ++i)
      assign(source[i], result[i], must, place + "/" + std::to_string(i));
    xs = std::move(result);
  }

  void check_range(double x, const constraint& must, const json& source, const std::string& place) const {
    if (const auto* range = std::get_if<between>(&must))
      if (!(x >= range->low && x <= range->high))
        fail(place, "must lie in [" + fmt::format("{}, {}]", range->low, range->high), source);
  }

  std::string name_; // of the origin, printable
  std::string base_;
  std::optional<std::string> typed_;
  std::vector<frame> stack_;
};

} // namespace

void read_json(const std::string& text, const json_origin& origin, const description& target) {
  const json root = parse(text, origin.name);
  json_reader{root, origin}.read(target);
}

void read_json_file(const std::string& path, const description& target) {
  read_json(read_text(path, errc::settings), {path, std::filesystem::path(path).parent_path().string()}, target);
}

std::string assignment_to_json(const std::string& assignment) {
  const auto equals = assignment.find('=');
  const std::string key = assignment.substr(0, equals);
  if (equals == std::string::npos || key.empty() || key.front() == '.' || key.back() == '.' ||
      key.find("..") != std::string::npos)
    throw error(errc::usage,
                "--set must have the form section.key=value, found '" + printable(assignment, most_echoed) + "'");
  const auto quoted = [](const std::string& text) {
    return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
  };
  // The value stays text: read_json then judges its depth and its keys as it does those of a file.
  const std::string text = assignment.substr(equals + 1);
  std::string result = json::accept(text) ? text : quoted(text);
  for (std::size_t end = key.size(); end != std::string::npos;) {
    const auto dot = key.rfind('.', end - 1);
    const std::size_t start = dot == std::string::npos ? 0 : dot + 1;
    result = "{" + quoted(key.substr(start, end - start)) + ":" + result + "}";
    end = dot;
  }
  return result;
}

} // namespace fugato
