// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/error.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>

/// What a fuzz target may do: fail with one of the project's errors. Everything else,
/// other exceptions, sanitizers' findings and broken promises, is a bug and ends the
/// process. Each file of this folder `x_fuzz.cpp` is a target with seeds in `seeds/x/`.
namespace fugato::fuzz {

/// A promise that must hold for any input.
inline void promise(bool holds, const char* what) {
  if (holds)
    return;
  std::fprintf(stderr, "broken promise: %s\n", what);
  std::abort();
}

/// Runs @p work on foreign input. @returns whether it succeeded
template <class Work>
bool attempt(Work work) {
  try {
    work();
    return true;
  } catch (const error& e) {
    promise(e.what()[0] != '\0', "an error has a sentence");
    return false;
  }
}

inline std::string text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

} // namespace fugato::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
