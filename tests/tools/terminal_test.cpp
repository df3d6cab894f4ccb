// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/terminal.hpp"

#include <doctest/doctest.h>

using namespace fugato;

TEST_CASE("the progress line tells count, rate and remaining time") {
  const progress_line line{"extracting"};
  CHECK(line.text({100, 24, 1, 750'000'000}, 5) ==
        "extracting 25/100 tracks (1 failed), 5.0/s, 150 x real time, ETA 15 s");
  CHECK(line.text({100, 0, 0, 0}, 5) == "extracting 0/100 tracks");
}

TEST_CASE("without audio there is no multiple of real time; long times are in minutes and hours") {
  const progress_line line{"learning", "steps"};
  CHECK(line.text({1000, 10, 0, 0}, 10) == "learning 10/1000 steps, 1.0/s, ETA 16 min");
  CHECK(line.text({100'000, 10, 0, 0}, 10) == "learning 10/100000 steps, 1.0/s, ETA 27.8 h");
}
