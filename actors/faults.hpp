// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace fugato {

struct parcel;
struct parcel_rows;

/// For tests of what happens when a worker dies, hangs or sends nonsense: the environment variable
/// FUGATO_FAULT holds faults, `KIND:TEXT` each, with `;` between, that strike at a track whose path holds
/// TEXT. Of the kinds, `crash` makes the process abort, `segv` read at address 0, `oom` take memory
/// without end, `exit` end with code 7, `stop` send itself SIGSTOP, `hang` sleep for ever, `slow` sleep for 0.3 s.
void simulate_fault(const std::string& path);

/// `nan`, `width` (a value is missing), `empty` (no values), `stranger` (results of another task),
/// `nowhere` (of a task that does not exist), `lease` (of a lease that was not given), `reason` (an
/// unknown failure), `extra` (results of a task more) spoil the results of a lease.
void simulate_fault(const parcel& work, parcel_rows& results);

/// Whether to answer for the sink, as if it had taken the results: `bypass`.
bool simulate_bypass(const parcel& work);

/// `version:hello`, `build:hello`, `settings:hello`: the worker claims another one.
std::uint32_t claimed_protocol(std::uint32_t truth);
std::string claimed_build(const std::string& truth);
std::string claimed_settings(const std::string& truth);

} // namespace fugato
