// SPDX-License-Identifier: GPL-3.0-or-later
// What music files say of themselves, read and rewritten. TagLib is a library without instrumentation: only what it
// does to our memory is seen.
#include "audio/tags.hpp"
#include "tests/fuzz/target.hpp"

using namespace fugato;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  fuzz::attempt([&] {
    for (const std::string& genre : read_tags(bytes, "fuzz").genres)
      fuzz::promise(!genre.empty(), "a genre has a name");
  });
  fuzz::attempt([&] { with_genres(bytes, {"Jazz"}, "fuzz"); });
  return 0;
}
