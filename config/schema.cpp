// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <sstream>

namespace fugato {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

template <class... Fs>
struct overloaded : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
overloaded(Fs...) -> overloaded<Fs...>; // Clang 14 does not deduce it for aggregates

std::string type_name(const value_ref& x) {
  return std::visit(overloaded{[](bool*) { return "boolean"; }, [](double*) { return "number"; },
                               [](std::string*) { return "string"; },
                               [](std::vector<std::string>*) { return "list of strings"; },
                               [](std::vector<double>*) { return "list of numbers"; },
                               [](std::vector<std::uint32_t>*) { return "list of whole numbers"; },
                               [](auto*) { return "whole number"; }},
                    x);
}

void constrain(ordered_json& schema, const constraint& must) {
  std::visit(overloaded{[&](const between& range) {
                          schema["minimum"] = range.low;
                          schema["maximum"] = range.high;
                        },
                        [&](const one_of& names) { schema["enum"] = names.names; }, [](const auto&) {}},
             must);
}

ordered_json leaf_schema(const field& about, const value_ref& x) {
  const auto scalar = [&](const char* type) {
    ordered_json schema{{"type", type}};
    if (std::string_view(type) == "integer")
      schema["minimum"] = 0;
    constrain(schema, about.must);
    return schema;
  };
  const auto list = [&](const char* type) { return ordered_json{{"type", "array"}, {"items", scalar(type)}}; };
  ordered_json schema =
      std::visit(overloaded{[&](bool*) { return scalar("boolean"); }, [&](double*) { return scalar("number"); },
                            [&](std::string*) { return scalar("string"); },
                            [&](std::vector<std::string>*) { return list("string"); },
                            [&](std::vector<double>*) { return list("number"); },
                            [&](std::vector<std::uint32_t>*) { return list("integer"); },
                            [&](auto*) { return scalar("integer"); }},
                 x);
  schema["description"] = about.doc;
  schema["default"] = std::visit([](auto* v) { return ordered_json(*v); }, x);
  return schema;
}

ordered_json object_schema() {
  return {{"type", "object"}, {"additionalProperties", false}, {"properties", ordered_json::object()}};
}

class schema_writer : public visitor {
public:
  ordered_json take() { return std::move(stack_.front()); }

protected:
  bool value(const field& about, value_ref x) override {
    stack_.back()["properties"][std::string(about.key)] = leaf_schema(about, x);
    return false;
  }
  bool enter(const field& about) override {
    keys_.emplace_back(about.key);
    stack_.push_back(object_schema());
    stack_.back()["description"] = about.doc;
    return true;
  }
  void leave() override {
    ordered_json done = std::move(stack_.back());
    stack_.pop_back();
    if (stack_.back()["type"] == "array")
      stack_.back()["items"] = std::move(done);
    else
      attach(std::move(done));
  }
  bool enter_list(const field& about) override {
    keys_.emplace_back(about.key);
    stack_.push_back({{"type", "array"}, {"description", about.doc}});
    return true;
  }
  std::size_t items(std::size_t) override { return 1; } // one stands for all
  bool enter_item(std::size_t) override {
    stack_.push_back(object_schema());
    return true;
  }
  void leave_list() override {
    ordered_json done = std::move(stack_.back());
    stack_.pop_back();
    attach(std::move(done));
  }

private:
  void attach(ordered_json done) {
    stack_.back()["properties"][keys_.back()] = std::move(done);
    keys_.pop_back();
  }

  std::vector<ordered_json> stack_{object_schema()};
  std::vector<std::string> keys_;
};

class reference_writer : public visitor {
public:
  std::string take() { return out_.str(); }

protected:
  bool value(const field& about, value_ref x) override {
    const auto shown = std::visit([](auto* v) { return json(*v).dump(); }, x);
    out_ << "| `" << prefix() << about.key << "` | " << type_name(x) << " | `" << shown << "` | " << allowed(about.must)
         << " | " << about.doc << " |\n";
    return false;
  }
  bool enter(const field& about) override {
    path_.emplace_back(about.key);
    return true;
  }
  void leave() override { path_.pop_back(); }
  bool enter_list(const field&) override { return false; }
  bool enter_item(std::size_t) override { return false; }
  void leave_list() override {}

private:
  std::string prefix() const {
    std::string result;
    for (const auto& key : path_)
      result += key + ".";
    return result;
  }

  static std::string allowed(const constraint& must) {
    return std::visit(overloaded{[](const between& range) { return fmt::format("{} to {}", range.low, range.high); },
                                 [](const one_of& names) {
                                   std::string result;
                                   for (const auto name : names.names)
                                     result += (result.empty() ? "`" : ", `") + std::string(name) + "`";
                                   return result;
                                 },
                                 [](const a_path&) { return std::string("a path"); },
                                 [](const anything&) { return std::string(); }},
                      must);
  }

  std::ostringstream out_;
  std::vector<std::string> path_;
};

} // namespace

std::string write_schema(const std::string& title, const description& source) {
  schema_writer writer;
  source(writer);
  ordered_json schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", title}};
  schema.update(writer.take());
  return schema.dump(2) + "\n";
}

std::string write_reference(const description& source) {
  reference_writer writer;
  source(writer);
  return "| setting | type | default | allowed | meaning |\n|---|---|---|---|---|\n" + writer.take();
}

} // namespace fugato
