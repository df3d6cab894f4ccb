// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/npy.hpp"
#include "tests/errors.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <sstream>
#include <string>
#include <vector>

using namespace fugato;

TEST_CASE("an NPY file has numpy's header, padded to 64 bytes, and the values in C order") {
  const std::vector<float> values{1, 2, 3, 4, 5, 6};
  std::ostringstream out;
  write_npy(out, values, 2, 3);
  const std::string bytes = out.str();
  CHECK(bytes.substr(0, 10) == std::string("\x93NUMPY\x01\x00\x76\x00", 10));
  CHECK(bytes.substr(10, 60) == "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), } ");
  CHECK(bytes[127] == '\n');
  REQUIRE(bytes.size() == 128 + 24);
  CHECK(std::memcmp(bytes.data() + 128, values.data(), 24) == 0);
}

TEST_CASE("the header stays aligned for any shape") {
  for (const std::size_t rows : {0, 1, 10, 100000, 12345678}) {
    std::ostringstream out;
    write_npy(out, {}, rows, 0);
    CHECK(out.str().size() % 64 == 0);
    CHECK(out.str().back() == '\n');
  }
}

TEST_CASE("a shape that does not fit the values is an error") {
  std::ostringstream out;
  CHECK(sentence(errc::internal, [&] { write_npy(out, std::vector<float>(5), 2, 3); }) ==
        "an NPY matrix of 2 x 3 must have as many values, found 5");
}
