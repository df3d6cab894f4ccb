// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/npy.hpp"
#include "tests/errors.hpp"
#include "tests/models/models.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <fstream>
#include <limits>
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
    write_npy(out, std::vector<float>(), rows, 0);
    CHECK(out.str().size() % 64 == 0);
    CHECK(out.str().back() == '\n');
  }
}

TEST_CASE("a shape that does not fit the values is an error") {
  std::ostringstream out;
  CHECK(sentence(errc::internal, [&] { write_npy(out, std::vector<float>(5), 2, 3); }) ==
        "an NPY matrix of 2 x 3 must have as many values, found 5");
}

TEST_CASE("matrices behind one another in a file are read back, whatever their type") {
  const scratch_folder folder("npy_several");
  const std::string path = folder.path + "/x.npy";
  {
    std::ofstream out(path, std::ios::binary);
    write_npy(out, std::vector<float>{1, -2.5F}, 1, 2);
    write_npy(out, std::vector<double>{0.1, 1e300, -0.0}, 3, 1);
    write_npy(out, std::vector<std::uint32_t>{0, 4294967295}, 2, 1);
  }
  npy_reader file(path);
  const auto floats = file.next<float>("floats");
  CHECK(floats.rows == 1);
  CHECK(floats.columns == 2);
  CHECK(floats.values == std::vector<float>{1, -2.5F});
  CHECK(file.next<double>("doubles", 3, 1) == std::vector<double>{0.1, 1e300, -0.0});
  CHECK(sentence(errc::bad_model, [&] { file.finish(); }) ==
        path + ": must end after its last matrix, but 136 bytes follow");
  CHECK(file.next<std::uint32_t>("numbers").values == std::vector<std::uint32_t>{0, 4294967295});
  file.finish();
}

TEST_CASE("what is not such a matrix is refused, without the memory that it asks for") {
  const scratch_folder folder("npy_refused");
  const std::string path = folder.path + "/x.npy";
  const auto why = [&](const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
    return sentence(errc::bad_model, [&] { npy_reader(path).next<float>("it"); });
  };
  std::ostringstream out;
  write_npy(out, std::vector<float>{1, 2, 3, 4, 5, 6}, 2, 3);
  const std::string good = out.str();
  const auto with_shape = [&](const std::string& shape) { // the spaces behind it give way
    std::string bytes = good;
    return bytes.replace(bytes.find("(2, 3), }"), shape.size() + 3, shape + ", }");
  };
  CHECK(why(good) == "no error");
  const std::string lead = path + ": it must ";
  const std::string other = lead + "be a matrix of <f4 that is not empty, as write_npy writes it";
  CHECK(why("") == other);
  CHECK(why("(2, 3)") == other);
  CHECK(why(good.substr(0, 100)) == other);
  CHECK(why(with_shape("(0, 3)")) == other);
  CHECK(why(with_shape("(2, 0)")) == other);
  CHECK(why(with_shape("(-2, 3)")) == other);
  CHECK(why(with_shape("(02, 3)")) == other);
  CHECK(why(with_shape("(99999999999999999999, 3)")) == other);
  CHECK(why(with_shape("(9, 9)")) == lead + "have 9 x 9 values, but the file ends before");
  CHECK(why(with_shape("(4294967296, 4294967296)")) ==
        lead + "have 4294967296 x 4294967296 values, but the file ends before");
  CHECK(why(good.substr(0, good.size() - 1)) == lead + "have 2 x 3 values, but the file ends before");
  std::ostringstream doubles;
  write_npy(doubles, std::vector<double>{1}, 1, 1);
  CHECK(why(doubles.str()) == other);
  std::ostringstream infinite;
  write_npy(infinite, std::vector<float>{1, -std::numeric_limits<float>::infinity()}, 1, 2);
  CHECK(why(infinite.str()) == lead + "be finite");
  std::ofstream(path, std::ios::binary) << good;
  CHECK(sentence(errc::bad_model, [&] { npy_reader(path).next<float>("it", 3, 2); }) == lead + "be 3 x 2, found 2 x 3");
}
