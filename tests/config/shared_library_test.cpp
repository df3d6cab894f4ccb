// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/shared_library.hpp"

#include "config/error.hpp"

#include <doctest/doctest.h>

#include <string>
#include <zlib.h>

using namespace fugato;

namespace {

const shared_library& zlib() {
  static const shared_library library("libz.so.1");
  return library;
}

std::string refusal(const char* name, const char* symbol) {
  try {
    shared_library(name).find(symbol);
  } catch (const error& e) {
    CHECK(e.code() == errc::internal);
    return e.what();
  }
  return "found";
}

} // namespace

TEST_CASE("a function of a library that is not linked can be called") {
  const unsigned char text[] = "abc";
  CHECK(FUGATO_FROM(zlib, crc32)(0, text, 3) == 0x352441c2);
}

TEST_CASE("what is not there is an error that names it") {
  CHECK(refusal("libz.so.1", "crc32") == "found");
  CHECK(refusal("libz.so.1", "crc33").starts_with("libz.so.1: the library must have crc33, but: "));
  CHECK(refusal("libnowhere.so.9", "crc32")
            .starts_with("libnowhere.so.9: the library must be there to be loaded, but: "));
}
