// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a fuzz target on files instead of guesses: so each input that ever failed is tested by every build.
#include "config/read_text.hpp"
#include "tests/fuzz/target.hpp"

#include <filesystem>

int main(int argc, char** argv) {
  std::size_t files = 0;
  for (int i = 1; i < argc; ++i)
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      const std::string bytes = fugato::read_text(entry.path(), fugato::errc::internal);
      std::printf("%s\n", entry.path().c_str());
      std::fflush(stdout);
      LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
      ++files;
    }
  return files > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
