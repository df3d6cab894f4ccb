// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/audit_text.hpp"

#include <fmt/format.h>

namespace fugato {

std::string audit_text(const corpus_audit& x) {
  std::string result = fmt::format("{} tracks, {:.1f} min of audio\n", x.tracks, x.seconds / 60);
  for (const label_summary& l : x.labels)
    result += fmt::format("  {:<20} {:>6} tracks {:>9.1f} min\n", l.label.empty() ? "(no label)" : l.label, l.tracks,
                          l.seconds / 60);
  result += fmt::format("unusable: {}\n", x.unreadable.size());
  for (const unreadable_track& u : x.unreadable)
    result += fmt::format("  {:<18} {}\n", u.reason, u.message);
  result += fmt::format("doubtful: {}\n", x.suspect.size());
  for (const suspect_track& s : x.suspect)
    result += fmt::format("  {}\n", s.message);
  result += fmt::format("odd: {}\n", x.odd.size());
  for (const odd_track& o : x.odd)
    result += fmt::format("  {}: {} {:g}, usually {:g}\n", o.path, o.what, o.value, o.usual);
  result += fmt::format("repeated: {} groups\n", x.repeated.size());
  for (const duplicates& d : x.repeated) {
    result += fmt::format("  the same {}:", d.same);
    for (const std::string& path : d.paths)
      result += " " + path;
    result += "\n";
  }
  return result;
}

} // namespace fugato
