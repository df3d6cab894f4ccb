// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/error.hpp"

#include <doctest/doctest.h>

#include <string>

namespace fugato {

/// The sentence of the error that @p work throws, which must be of kind @p code.
template <class F>
std::string sentence(errc code, F&& work) {
  try {
    work();
  } catch (const error& e) {
    CHECK(e.kind().name == kind_of(code).name);
    return e.what();
  }
  return "no error";
}

} // namespace fugato
