// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/confinement.hpp"

#include "config/error.hpp"
#include "config/files.hpp"
#include "tests/actors/programs.hpp"
#include "tests/actors/scratch.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <new>
#include <sys/prctl.h>
#include <sys/resource.h>

using namespace fugato;
namespace fs = std::filesystem;

namespace {

/// What @p work finds in a process of its own: up to 255.
int in_child(const std::function<int()>& work) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    int result = 255;
    try {
      result = work();
    } catch (...) {
      result = 254;
    }
    ::_exit(result);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool can_open(const std::string& path, int how) {
  const int fd = ::open(path.c_str(), how | O_CLOEXEC, 0600);
  if (fd >= 0)
    ::close(fd);
  return fd >= 0;
}

struct two_folders : scratch {
  std::string inside = file("inside");
  std::string outside = file("outside");
  two_folders() {
    for (const std::string& folder : {inside, outside}) {
      fs::create_directory(folder);
      write_file(folder + "/track.wav", "x");
    }
    fs::create_symlink(outside + "/track.wav", inside + "/link.wav");
  }
};

bool has_landlock() {
  return in_child([] { return confine({}) ? 1 : 0; }) == 1;
}

} // namespace

TEST_CASE_FIXTURE(two_folders, "a confined process reads beneath its root, and writes nowhere") {
  if (!has_landlock()) {
    MESSAGE("this kernel has no Landlock");
    return;
  }
  const int found = in_child([this] {
    confine({inside, 0, 1});
    return (can_open(inside + "/track.wav", O_RDONLY) ? 1 : 0) | (can_open(outside + "/track.wav", O_RDONLY) ? 2 : 0) |
           (can_open(inside + "/link.wav", O_RDONLY) ? 4 : 0) | (can_open(inside + "/track.wav", O_WRONLY) ? 8 : 0) |
           (can_open(inside + "/new.wav", O_WRONLY | O_CREAT) ? 16 : 0) |
           (can_open(inside + "/../outside/track.wav", O_RDONLY) ? 32 : 0) |
           (::unlink((inside + "/track.wav").c_str()) == 0 ? 64 : 0);
  });
  CHECK(found == 1);
  CHECK(fs::exists(inside + "/track.wav"));
}

TEST_CASE_FIXTURE(two_folders, "a confined process with a cache writes there and nowhere else") {
  if (!has_landlock()) {
    MESSAGE("this kernel has no Landlock");
    return;
  }
  const int found = in_child([this] {
    confine({inside, 0, 1, outside});
    return (can_open(outside + "/new.rows", O_WRONLY | O_CREAT) ? 1 : 0) |
           (::rename((outside + "/new.rows").c_str(), (outside + "/kept.rows").c_str()) == 0 ? 2 : 0) |
           (can_open(outside + "/kept.rows", O_RDONLY) ? 4 : 0) | (can_open(inside + "/track.wav", O_WRONLY) ? 8 : 0) |
           (can_open(inside + "/new.wav", O_WRONLY | O_CREAT) ? 16 : 0);
  });
  CHECK(found == 7);
}

TEST_CASE("a confined process runs no program, gains no privilege, leaves no core, and opens few files") {
  const int found = in_child([] {
    const bool fenced = confine({"", 0, 2});
    rlimit core{};
    rlimit files{};
    ::getrlimit(RLIMIT_CORE, &core);
    ::getrlimit(RLIMIT_NOFILE, &files);
    char name[] = "true";
    char* const words[] = {name, nullptr};
    if (fenced)
      ::execv("/bin/true", words); // comes back only when it is refused
    return (::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 1 : 0) | (core.rlim_max == 0 ? 2 : 0) |
           (files.rlim_max <= 1032 ? 4 : 0);
  });
  CHECK(found == 7);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) // their shadows are larger than any limit
TEST_CASE("the address space can be limited: what does not fit is an exception, not the machine's memory") {
  const int found = in_child([] {
    confine({"", std::uint64_t{256} << 20U, 1});
    try {
      const std::string large(std::size_t{1} << 30U, 'x');
      return large.empty() ? 2 : 3;
    } catch (const std::bad_alloc&) {
      return 1;
    }
  });
  CHECK(found == 1);
}

#endif

TEST_CASE("a root that does not exist, and a user who does not, are errors") {
  CHECK(in_child([] {
          try {
            return confine({"/no such folder", 0, 1}) ? 2 : 1; // without Landlock nobody looks yet
          } catch (const error& e) {
            return e.code() == errc::settings ? 1 : 3;
          }
        }) == 1);
  CHECK(in_child([] {
          try {
            become("no such user");
            return 2;
          } catch (const error& e) {
            return e.code() == errc::usage ? 1 : 3;
          }
        }) == 1);
}

TEST_CASE("root can go on as another user, for good") {
  if (::geteuid() != 0) {
    MESSAGE("only root can");
    return;
  }
  const int found = in_child([] {
    become("nobody");
    return (::geteuid() != 0 && ::getuid() != 0 && ::getegid() != 0 ? 1 : 0) | (::setuid(0) != 0 ? 2 : 0) |
           (::getgroups(0, nullptr) == 0 ? 4 : 0);
  });
  CHECK(found == 7);
}
