// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace fugato {

struct hello;
struct parcel;
struct parcel_rows;

/// For tests of what happens when a worker dies, hangs or sends nonsense: the environment
/// variable FUGATO_FAULT, as `KIND:TEXT`, strikes at a track whose path holds TEXT. Of the
/// kinds, `crash` makes the process abort, `hang` sleep for ever, `slow` sleep for 0.3 s.
void simulate_fault(const std::string& path);

/// `nan`, `width` (a value is missing), `empty` (no values), `stranger` (results of another task),
/// `nowhere` (of a task that does not exist), `lease` (of a lease that was not given), `reason` (an
/// unknown failure), `extra` (results of a task more) spoil the results of a lease.
void simulate_fault(const parcel& work, parcel_rows& results);

/// Whether to answer for the sink, as if it had taken the results: `bypass`.
bool simulate_bypass(const parcel& work);

/// `version`, `build`, `settings`: the worker claims another one.
void simulate_fault(hello& me);

} // namespace fugato
