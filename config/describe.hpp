// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// Each settings struct and each report struct is described once, by a function
/// beside it:
///
///     void describe(visitor& v, some_settings& x) {
///       v("n_fft", x.n_fft, between{16, 65536}, "FFT length [samples]");
///     }
///
/// Everything else is a visitor: reading JSON with precise errors, writing it,
/// the JSON Schema, the table of docs/settings.md (config/json.hpp).
namespace fugato {

/// A number must lie in [low, high].
struct between {
  double low;
  double high;
};

/// A string (or each string of a list) must be one of these.
struct one_of {
  std::vector<std::string_view> names;
};

/// A string is a path; relative ones count from where the settings were read.
struct a_path {};

struct anything {};

using constraint = std::variant<anything, between, one_of, a_path>;

/// What is said about a field besides its value.
struct field {
  std::string_view key;
  std::string_view doc; ///< a phrase, its unit in brackets
  constraint must = anything{};
};

/// A field's value; the closed list of types that settings and reports hold.
using value_ref = std::variant<bool*, std::uint32_t*, std::uint64_t*, double*, std::string*, std::vector<std::string>*,
                               std::vector<double>*, std::vector<std::uint32_t>*>;

class visitor;

template <class T>
concept described = requires(visitor& v, T& x) {
  describe(v, x);
};

class visitor {
public:
  visitor() = default;
  visitor(const visitor&) = delete;
  visitor& operator=(const visitor&) = delete;
  virtual ~visitor() = default;

  /// A plain value. @returns whether the visitor changed it, so that a
  /// description can let one field set the defaults of those after it.
  template <class T>
  requires std::constructible_from<value_ref, T*>
  bool operator()(std::string_view key, T& x, constraint must, std::string_view doc) {
    return value({key, doc, std::move(must)}, value_ref{&x});
  }

  /// A section: a described struct.
  template <described T>
  void operator()(std::string_view key, T& x, std::string_view doc) {
    if (enter({key, doc, anything{}})) {
      describe(*this, x);
      leave();
    }
  }

  /// A list of described structs.
  template <described T>
  void operator()(std::string_view key, std::vector<T>& xs, std::string_view doc) {
    if (!enter_list({key, doc, anything{}}))
      return;
    resize(xs);
    for (std::size_t i = 0; i < xs.size(); ++i)
      if (enter_item(i)) {
        describe(*this, xs[i]);
        leave();
      }
    leave_list();
  }

protected:
  virtual bool value(const field& about, value_ref x) = 0;
  /// @returns whether to go in; `leave` is called only then.
  virtual bool enter(const field& about) = 0;
  virtual void leave() = 0;
  virtual bool enter_list(const field& about) = 0;
  virtual bool enter_item(std::size_t index) = 0;
  virtual void leave_list() = 0;
  /// How many items the list has to have before it is walked; a visitor that
  /// only looks keeps `size`.
  virtual std::size_t items(std::size_t size) { return size; }

private:
  template <class T>
  void resize(std::vector<T>& xs) {
    const std::size_t wanted = items(xs.size());
    if (wanted != xs.size())
      xs.resize(wanted);
  }
};

} // namespace fugato
