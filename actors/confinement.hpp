// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

/// A worker decodes what strangers made. Before it does, it gives up what decoding does
/// not need, so that a flaw in a decoder gains little.
namespace fugato {

struct confinement {
  std::string root;               ///< the only data that may be read; empty: what the user may read
  std::uint64_t memory_bytes = 0; ///< address space; 0: no limit
  std::uint32_t lines = 1;        ///< which need file descriptors
  std::string cache{};            ///< a folder that may be written, too; empty: none
};

/// For good, for this thread and those that it starts later: nothing is written,
/// created or executed but in the cache, nothing read but that, the root and the system's own files (Landlock); no
/// privilege is gained by a program that has one; no core file, which would hold the key,
/// is left; file descriptors and, when asked for, the address space are limited. To be called
/// while there is one thread.
/// @returns false where the kernel has no Landlock: the rest is done, and tracks are
///          still opened beneath the root only
/// @throws error(settings) when the root does not exist; error(internal) when a limit cannot be set
bool confine(const confinement& to);

/// Whether confine() can keep a process from reading elsewhere (Landlock).
bool can_be_confined();

/// The part of it that suits a process that has a key and starts others: no privilege is gained, no core file
/// left. @throws error(internal)
void give_up_privileges();

/// Goes on as another user, for good. Only root can.
/// @throws error(usage) for a user who does not exist, or when the system refuses
void become(const std::string& user);

} // namespace fugato
