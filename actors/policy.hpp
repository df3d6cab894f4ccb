// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/ledger.hpp"
#include "actors/settings.hpp"
#include "config/catalog.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace fugato {

class placement;
std::unique_ptr<placement> place_in_children();

/// A scheduler is a place (where lines live) and a way of feeding it (how
/// tracks reach them). What tells schedulers apart is data in a row of this
/// catalog, never an `if (name == ...)` elsewhere.
struct policy {
  std::string_view name;
  std::string_view summary;
  std::string_view reference; ///< the scheduler of Dask or Python that it stands for
  std::unique_ptr<placement> (*place)();
  std::uint32_t (*lines)(const dispatch_settings&, std::uint32_t tracks);
  feeding (*feed)(const dispatch_settings&, std::uint32_t tracks);
  bool networked = false; ///< lines live in other processes
  bool relative = false;  ///< tracks' paths travel relative to the corpus
  bool serial = false;    ///< by construction: one track at a time, whatever the workers
  /// Where the ranks of a model live that is learnt together: always other processes, for one may die.
  std::unique_ptr<placement> (*place_ranks)() = place_in_children;
};

/// How the ranks of a model are run where tracks are scheduled by @p how: a line each, all at once.
policy for_ranks(const policy& how);

const catalog<policy>& policies();

} // namespace fugato
