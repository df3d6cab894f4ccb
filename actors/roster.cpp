// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/roster.hpp"

#include "config/printable.hpp"
#include "features/kernels.hpp"

namespace fugato {

std::string name_of(const hello& x) {
  return "worker " + std::to_string(x.process) + (x.host.empty() ? "" : " on " + printable(x.host, 64));
}

std::uint64_t payload(const parcel& x) {
  std::uint64_t bytes = sizeof x.lease;
  for (const task& t : x.tasks)
    bytes += sizeof t.id + t.what.size();
  return bytes;
}

void note_isa(std::vector<std::string>& noted, const std::string& isa) {
  const auto named = [&isa](const instruction_set& x) { return x.name == isa; };
  const bool known = std::any_of(instruction_sets().begin(), instruction_sets().end(), named);
  if (known && std::find(noted.begin(), noted.end(), isa) == noted.end())
    noted.push_back(isa);
}

std::vector<dispatch_status::line> shown_lines(const roster& lines, const ledger& book,
                                               const std::vector<std::uint32_t>& tracks) {
  std::vector<dispatch_status::line> result;
  for (std::uint32_t id = 0; id < lines.size(); ++id)
    result.push_back({lines[id].process, lines.alive(id), tracks[id], 0, 0, 0});
  for (const ledger::holding& held : book.holdings()) {
    dispatch_status::line& line = result[held.line];
    line.in_hand = held.tasks;
    line.first = held.first;
    // a line works its leases off one after the other
    line.since_us = std::max(held.since, lines[held.line].free_since);
  }
  return result;
}

} // namespace fugato
