// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/confinement.hpp"

#include "actors/sockets.hpp"
#include "config/error.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <grp.h>
#include <linux/landlock.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace fugato {
namespace {

/// Libraries that are loaded late, the names of hosts, what tells about the machine.
constexpr const char* system_files[] = {"/usr", "/lib", "/lib64", "/etc", "/etc/resolv.conf", "/proc", "/sys", "/dev"};

constexpr std::uint64_t reading = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t changing =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
    LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |
    LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
    LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;

[[noreturn]] void fail(errc code, const std::string& what) { throw error(code, what + ": " + std::strerror(errno)); }

void limit(int resource, const char* name, rlim_t most) {
  rlimit now{};
  if (::getrlimit(static_cast<__rlimit_resource>(resource), &now) != 0)
    fail(errc::internal, std::string("the limit of ") + name + " must be known");
  now.rlim_max = std::min(now.rlim_max, most);
  now.rlim_cur = std::min(now.rlim_cur, now.rlim_max);
  if (::setrlimit(static_cast<__rlimit_resource>(resource), &now) != 0)
    fail(errc::internal, std::string("the limit of ") + name + " must be set");
}

/// glibc has no functions for these.
int landlock_version() {
  return static_cast<int>(
      ::syscall(SYS_landlock_create_ruleset, nullptr, std::size_t{0}, LANDLOCK_CREATE_RULESET_VERSION));
}

/// @returns false when there is no such folder or file
bool allow(const descriptor& rules, const std::string& path, std::uint64_t access = reading) {
  const descriptor place{::open(path.c_str(), O_PATH | O_CLOEXEC)};
  if (!place)
    return false;
  landlock_path_beneath_attr rule{};
  rule.allowed_access = access;
  rule.parent_fd = place.get();
  if (::syscall(SYS_landlock_add_rule, rules.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0U) == 0)
    return true;
  rule.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE; // a file
  return ::syscall(SYS_landlock_add_rule, rules.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0U) == 0;
}

/// What a cache's files are made and replaced by.
constexpr std::uint64_t keeping = reading | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                                  LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG;

bool fence_in(const std::string& root, const std::string& cache) {
  const int version = landlock_version();
  if (version < 1)
    return false;
  landlock_ruleset_attr handled{};
  handled.handled_access_fs = reading | changing;
#ifdef LANDLOCK_ACCESS_FS_TRUNCATE
  if (version >= 3)
    handled.handled_access_fs |= LANDLOCK_ACCESS_FS_TRUNCATE;
#endif
  const descriptor rules{static_cast<int>(::syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0U))};
  if (!rules)
    return false;
  for (const char* path : system_files)
    allow(rules, path);
  if (!cache.empty() && !allow(rules, cache, keeping | (handled.handled_access_fs & ~(reading | changing))))
    fail(errc::settings, cache + ": the cache must be a folder that can be opened");
  if (!allow(rules, root.empty() ? "/" : root))
    fail(errc::settings, root + ": the root must be a folder that can be opened");
  return ::syscall(SYS_landlock_restrict_self, rules.get(), 0U) == 0;
}

} // namespace

bool can_be_confined() { return landlock_version() >= 1; }

void give_up_privileges() {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    fail(errc::internal, "new privileges must be refusable");
  limit(RLIMIT_CORE, "core files", 0);
}

bool confine(const confinement& to) {
  give_up_privileges();
  limit(RLIMIT_NOFILE, "descriptors", 1024 + 4 * rlim_t{to.lines});
  if (to.memory_bytes > 0)
    limit(RLIMIT_AS, "address space", to.memory_bytes);
  return fence_in(to.root, to.cache);
}

void become(const std::string& user) {
  errno = 0;
  const passwd* const entry = ::getpwnam(user.c_str());
  if (entry == nullptr)
    throw error(errc::usage, "--user must be a user of this machine, found '" + user + "'");
  // groups first: afterwards the right to change them is gone
  if (::setgroups(0, nullptr) != 0 || ::setgid(entry->pw_gid) != 0 || ::setuid(entry->pw_uid) != 0)
    fail(errc::usage, "--user can be chosen by root only");
}

} // namespace fugato
