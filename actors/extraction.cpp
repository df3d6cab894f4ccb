// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/extraction.hpp"

namespace fugato {

track_notes& track_notes::operator+=(const track_notes& x) {
  file_bytes += x.file_bytes;
  audio_microseconds += x.audio_microseconds;
  read_nanoseconds += x.read_nanoseconds;
  extract_nanoseconds += x.extract_nanoseconds;
  busy_microseconds += x.busy_microseconds;
  short_chunks += x.short_chunks;
  damaged += x.damaged;
  cached += x.cached;
  cache_stored += x.cache_stored;
  cache_damaged += x.cache_damaged;
  cache_failed += x.cache_failed;
  return *this;
}

} // namespace fugato
