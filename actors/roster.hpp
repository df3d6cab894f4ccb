// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/ledger.hpp"
#include "actors/pipeline.hpp"
#include "actors/run_history.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace fugato {

/// How it stands with a line.
enum class standing {
  alive,
  gone,      ///< the link to it ended
  acquitted, ///< the same, but its process lived
  overdue,   ///< it missed a deadline
  expelled,  ///< it sent nonsense
  over,      ///< it was dismissed
};

struct line_entry {
  line_actor handle;
  std::uint32_t process = 0;  ///< 0: this one
  std::uint64_t identity = 0; ///< see hello
  std::string worker;         ///< its name, for people
  std::uint64_t free_since = 0;
  standing state = standing::alive;
  bool leaving = false;
};

/// The lines that have enlisted; their numbers are the ledger's.
class roster {
public:
  using id_type = std::uint32_t;

  id_type size() const { return static_cast<id_type>(lines_.size()); }
  line_entry& operator[](id_type id) { return lines_[id]; }
  const line_entry& operator[](id_type id) const { return lines_[id]; }
  void add(line_entry one) { lines_.push_back(std::move(one)); }

  bool alive(id_type id) const { return lines_[id].state == standing::alive; }
  bool any_alive() const {
    return std::any_of(lines_.begin(), lines_.end(), [](const line_entry& x) { return x.state == standing::alive; });
  }

  template <class Predicate>
  std::vector<id_type> where(Predicate p) const {
    std::vector<id_type> result;
    for (id_type id = 0; id < size(); ++id)
      if (p(lines_[id]))
        result.push_back(id);
    return result;
  }
  /// Those that live.
  template <class Predicate>
  std::vector<id_type> alive_where(Predicate p) const {
    return where([&](const line_entry& x) { return x.state == standing::alive && p(x); });
  }
  std::vector<id_type> alive_at(const caf::node_id& node) const {
    return alive_where([&](const line_entry& x) { return x.handle.node() == node; });
  }

  /// Another line of the same process, or size().
  id_type beside(const line_actor& line, std::uint32_t process) const {
    const auto found = std::find_if(lines_.begin(), lines_.end(), [&](const line_entry& x) {
      return x.process == process && x.handle.node() == line.node();
    });
    return static_cast<id_type>(found - lines_.begin());
  }

private:
  std::vector<line_entry> lines_;
};

/// A worker's name, for people.
std::string name_of(const hello& x);

/// What a message weighs when it leaves the process, its frame and shipped files left out.
std::uint64_t payload(const parcel& x);

/// Once each; a worker may say anything: only names of instruction sets are noted.
void note_isa(std::vector<std::string>& noted, const std::string& isa);

/// The lines as a live view shows them.
/// @param tracks done by each
std::vector<dispatch_status::line> shown_lines(const roster& lines, const ledger& book,
                                               const std::vector<std::uint32_t>& tracks);

} // namespace fugato
