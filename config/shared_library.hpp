// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace fugato {

/// A shared library that is loaded when something of it is first asked for, and then stays. For those that few commands
/// need: XGBoost and FluidSynth bring sixty others along, which cost each start 10 ms and each process 10 MB.
class shared_library {
public:
  /// @param name its file's, e.g. "libxgboost.so.0", as the system's loader finds it
  explicit shared_library(const char* name) : name_(name) {}
  shared_library(const shared_library&) = delete;
  shared_library& operator=(const shared_library&) = delete;

  /// Address of a function or variable.
  /// @throws error(internal) when the library cannot be loaded or does not have it.
  void* find(const char* symbol) const;

private:
  const char* name_;
};

} // namespace fugato

/// Pointer to a function or variable that a header declares, from `library()`, a function that returns a
/// `shared_library`. Looked up once.
#define FUGATO_FROM(library, symbol)                                                                                   \
  ([]() -> decltype(&(symbol)) {                                                                                       \
    static const auto found = reinterpret_cast<decltype(&(symbol))>(library().find(#symbol));                          \
    return found;                                                                                                      \
  }())
