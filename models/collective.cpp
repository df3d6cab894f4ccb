// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/collective.hpp"

#include "config/error.hpp"

#include <charconv>
#include <fmt/format.h>

namespace fugato {

std::string to_message(const checkpoint& x) { return fmt::format("{}/{}\n{}", x.done, x.of, x.model); }

checkpoint checkpoint_from(const std::string& message) {
  checkpoint result;
  const char* const end = message.data() + message.size();
  const auto done = std::from_chars(message.data(), end, result.done);
  if (done.ec == std::errc{} && done.ptr != end && *done.ptr == '/') {
    const auto of = std::from_chars(done.ptr + 1, end, result.of);
    if (of.ec == std::errc{} && of.ptr != end && *of.ptr == '\n') {
      result.model.assign(of.ptr + 1, end);
      return result;
    }
  }
  throw error(errc::bad_model,
              fmt::format("a checkpoint must begin with a line '<rounds>/<of>', found '{}'", message.substr(0, 40)));
}

samples shard_of(const dataset& table, std::uint32_t rank, std::uint32_t ranks, std::uint32_t chunk_rows) {
  samples result;
  result.width = table.width();
  for (std::size_t i = 0; i < table.rows(); ++i) {
    if (i / chunk_rows % ranks != rank)
      continue;
    const auto row = table.row(i);
    result.values.insert(result.values.end(), row.begin(), row.end());
    if (!table.labels.empty())
      result.labels.push_back(table.labels[i]);
  }
  return result;
}

} // namespace fugato
