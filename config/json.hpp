// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/describe.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

/// JSON in and out of described structs. nlohmann/json stays inside json.cpp.
namespace fugato {

/// Something to describe, whatever its type.
using description = std::function<void(visitor&)>;

template <described T>
description description_of(T& x) {
  return [&x](visitor& v) { describe(v, x); };
}

/// Where a JSON text came from, for its errors and its relative paths.
struct json_origin {
  std::string name; ///< of the file, or `--set key=value` as typed
  std::string base; ///< folder that relative paths count from
};

/// Reads `text` (JSON with `//` comments) into what `target` describes; fields
/// that the text leaves out keep their values.
/// @throws error(settings), one line: origin, JSON pointer, what must hold, what
///         was found, and a suggestion for a misspelt name. Unknown and duplicate
///         keys, wrong types, values out of range and more than 64 levels of nesting
///         are errors. Values are repeated up to about 80 bytes, control characters
///         escaped. A scalar typed after `--set` suits a string as it stands.
void read_json(const std::string& text, const json_origin& origin, const description& target);

/// Reads a file. @throws error(settings) as above, or when it cannot be read.
void read_json_file(const std::string& path, const description& target);

/// Turns `a.b.c=value` (as of `--set`) into a JSON text `{"a":{"b":{"c":value}}}`. The
/// value is JSON where it parses as such, else a string; `read_json` judges it.
/// @throws error(usage) when there is no `=` or an empty key.
std::string assignment_to_json(const std::string& assignment);

/// Indented JSON of all fields, printable lines; reads back to equal values. Doubles that are
/// not finite become null.
std::string write_json(const description& source);

template <described T>
std::string to_json(T x) {
  return write_json(description_of(x));
}

/// JSON Schema (draft 2020-12) of what is described, defaults included.
std::string write_schema(const std::string& title, const description& source);

/// A Markdown table: setting, type, default, allowed values, meaning.
std::string write_reference(const description& source);

} // namespace fugato
