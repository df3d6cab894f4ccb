// SPDX-License-Identifier: GPL-3.0-or-later
// The reader of configurations, and of `--set` when the first byte is an equals sign.
#include "actors/settings.hpp"
#include "config/json.hpp"
#include "tests/fuzz/target.hpp"

using namespace fugato;

namespace {

/// Whatever was read is written and read back the same, but for paths, which are then complete.
void round_trip(const run_settings& settings) {
  const std::string written = to_json(settings);
  run_settings again;
  fuzz::promise(fuzz::attempt([&] {
                  read_json(written, {"written", ""}, description_of(again));
                }),
                "settings that were written can be read");
  fuzz::promise(to_json(again) == written, "settings survive being written and read");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = fuzz::text_of(data, size);
  fuzz::attempt([&] {
    run_settings settings;
    if (text.starts_with('='))
      read_json(assignment_to_json(text.substr(1)), {"--set " + text.substr(1), "/folder"}, description_of(settings));
    else
      read_json(text, {"fuzz.json", "/folder"}, description_of(settings));
    round_trip(settings);
    check(settings.line);
  });
  return 0;
}
