// SPDX-License-Identifier: GPL-3.0-or-later
// Feature tables, and the lists of tracks that are CSV too.
#include "audio/playlist.hpp"
#include "config/printable.hpp"
#include "models/table.hpp"
#include "models/table_profile.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

using namespace fugato;

namespace {

void check_table(const dataset& x) {
  const std::size_t rows = x.rows();
  fuzz::promise(rows > 0 && x.values.size() == rows * x.width(), "a table is rows x columns");
  fuzz::promise(std::all_of(x.values.begin(), x.values.end(), [](float v) { return std::isfinite(v); }),
                "a table's values are finite");
  fuzz::promise(x.labels.empty() || x.labels.size() == rows, "all rows have a label or none");
  fuzz::promise(std::all_of(x.labels.begin(), x.labels.end(), [&](auto i) { return i < x.label_names.size(); }),
                "labels are numbers of names");
  fuzz::promise(x.tracks.empty() || (x.tracks.size() == rows && x.chunks.size() == rows),
                "all rows have a track and a chunk or none");
  fuzz::promise(std::is_sorted(x.label_names.begin(), x.label_names.end()), "labels are sorted");
  for (const std::string& name : x.label_names)
    fuzz::promise(printable(name) == name, "labels are printable");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = fuzz::text_of(data, size);
  fuzz::attempt([&] {
    const dataset table = parse_table(text, "fuzz.csv");
    check_table(table);
    std::ostringstream written;
    write_table(written, table);
    fuzz::attempt([&] { // names like `a.wav` and `label` get another meaning in the columns of Fugato's own tables
      const dataset again = parse_table(written.str(), "written.csv");
      fuzz::promise(again.values.size() != table.values.size() || again.values == table.values,
                    "values survive being written and read");
    });
  });
  fuzz::attempt([&] {
    const any_table table = parse_any_table(text, "fuzz.csv");
    const table_profile x = profile_of(table, "fuzz.csv");
    for (const column_profile& c : x.columns)
      fuzz::promise(c.count + c.nulls + c.nans + c.infinities + c.texts == table.rows, "each cell is counted once");
    for (const double r : x.correlation.r)
      fuzz::promise(std::isnan(r) || std::abs(r) <= 1, "correlations lie in [-1, 1]");
  });
  fuzz::attempt([&] {
    for (const listed& x : parse_list(text, "fuzz.txt"))
      fuzz::promise(!x.path.empty() && x.path.find('\0') == std::string::npos, "a listed path is one");
  });
  return 0;
}
