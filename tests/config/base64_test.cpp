// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/base64.hpp"

#include <doctest/doctest.h>

using namespace fugato;

TEST_CASE("base64 gives the examples of RFC 4648") {
  CHECK(base64("") == "");
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foo") == "Zm9v");
  CHECK(base64("foobar") == "Zm9vYmFy");
  CHECK(base64(std::string_view("\0\xff\xfe", 3)) == "AP/+");
}

TEST_CASE("base64 of much is in one line, and joins its parts without a seam") {
  const std::string bytes((3 << 20) + 4, 'x');
  const std::string text = base64(bytes);
  CHECK(text.size() == (bytes.size() + 2) / 3 * 4);
  CHECK(text.find('\n') == std::string::npos);
  CHECK(text.substr(text.size() - 12) == "eHh4eHh4eA==");
}
