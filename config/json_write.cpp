// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/json.hpp"

#include "config/printable.hpp"

#include <nlohmann/json.hpp>

#include <sstream>

namespace fugato {
namespace {

using nlohmann::ordered_json;

/// Builds a tree while it walks.
class tree_writer : public visitor {
public:
  ordered_json take() { return std::move(stack_.front()); }

protected:
  bool value(const field& about, value_ref x) override {
    stack_.back()[std::string(about.key)] = std::visit([](auto* v) { return ordered_json(*v); }, x);
    return false;
  }
  bool enter(const field& about) override {
    keys_.emplace_back(about.key);
    stack_.emplace_back(ordered_json::object());
    return true;
  }
  void leave() override {
    ordered_json done = std::move(stack_.back());
    stack_.pop_back();
    if (stack_.back().is_array())
      stack_.back().push_back(std::move(done));
    else
      attach(std::move(done));
  }
  bool enter_list(const field& about) override {
    keys_.emplace_back(about.key);
    stack_.emplace_back(ordered_json::array());
    return true;
  }
  bool enter_item(std::size_t) override {
    stack_.emplace_back(ordered_json::object());
    return true;
  }
  void leave_list() override {
    ordered_json done = std::move(stack_.back());
    stack_.pop_back();
    attach(std::move(done));
  }

private:
  void attach(ordered_json done) {
    stack_.back()[keys_.back()] = std::move(done);
    keys_.pop_back();
  }

  std::vector<ordered_json> stack_{ordered_json::object()};
  std::vector<std::string> keys_;
};

} // namespace

std::string write_json(const description& source) {
  tree_writer writer;
  source(writer);
  std::istringstream lines(writer.take().dump(2, ' ', false, ordered_json::error_handler_t::replace));
  // what JSON lets stand in a string and a terminal obeys: printable spells it as JSON does
  std::string result;
  for (std::string line; std::getline(lines, line);)
    result += printable(line) + "\n";
  return result;
}

} // namespace fugato
