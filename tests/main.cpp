// SPDX-License-Identifier: GPL-3.0-or-later
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdio>
#include <string_view>

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "worker") {
    // taken for the program, a test would start itself again and again
    std::fputs("tests of worker processes need FUGATO_PROGRAM, the path of fugato; ctest sets it\n", stderr);
    return 2;
  }
  return doctest::Context(argc, argv).run();
}
