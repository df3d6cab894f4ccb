// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/audit_text.hpp"

#include <doctest/doctest.h>

using namespace fugato;

TEST_CASE("the text has a line per genre, unusable file, oddity and group of duplicates") {
  corpus_audit x;
  x.tracks = 3;
  x.seconds = 90;
  x.labels = {{"blues", 2, 60}, {"", 1, 30}};
  x.unreadable = {{"b.wav", "not-audio", "b.wav: must be audio"}};
  x.suspect = {{"e.wav", "e.wav: all 8000 samples are equal (0)"}};
  x.odd = {{"c.wav", "seconds", 12.5, 30}};
  x.repeated = {{"samples", {"a.wav", "d.wav"}}};
  CHECK(audit_text(x) == "3 tracks, 1.5 min of audio\n"
                         "  blues                     2 tracks       1.0 min\n"
                         "  (no label)                1 tracks       0.5 min\n"
                         "unusable: 1\n"
                         "  not-audio          b.wav: must be audio\n"
                         "doubtful: 1\n"
                         "  e.wav: all 8000 samples are equal (0)\n"
                         "odd: 1\n"
                         "  c.wav: seconds 12.5, usually 30\n"
                         "repeated: 1 groups\n"
                         "  the same samples: a.wav d.wav\n");
}
