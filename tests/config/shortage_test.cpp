// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/shortage.hpp"

#include "config/files.hpp"

#include <doctest/doctest.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <new>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

using namespace fugato;
namespace fs = std::filesystem;

namespace {

struct end_of_process {
  int status = 0;
  std::string said;
  int code() const { return WIFEXITED(status) ? WEXITSTATUS(status) : -1; }
};

/// What becomes of a process that does this; 50: nothing.
end_of_process of(const std::function<void()>& action) {
  std::array<int, 2> pipe_ends{};
  REQUIRE(::pipe(pipe_ends.data()) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    std::signal(SIGABRT, SIG_DFL); // doctest has its own
    ::alarm(60);
    ::dup2(pipe_ends[1], STDERR_FILENO);
    action();
    ::_exit(50);
  }
  ::close(pipe_ends[1]);
  end_of_process result;
  std::array<char, 4096> part{};
  for (ssize_t n = 0; (n = ::read(pipe_ends[0], part.data(), part.size())) > 0;)
    result.said.append(part.data(), static_cast<std::size_t>(n));
  ::close(pipe_ends[0]);
  ::waitpid(child, &result.status, 0);
  return result;
}

/// As operator new does when there is no more.
void fail_to_allocate() { std::get_new_handler()(); }

} // namespace

TEST_CASE("an allocation that fails ends the process with its last words, unless somebody answers for it") {
  const end_of_process ended = of([] {
    const last_words all{""};
    { const last_words other{"not these", 9}; }
    const last_words words{"to go on: so", 7};
    for (int i = 0; i < 2; ++i) {
      const answering_for_memory here;
      const answering_for_memory within;
      CHECK_THROWS_AS(fail_to_allocate(), std::bad_alloc);
    }
    std::thread{fail_to_allocate}.join();
  });
  CHECK(ended.code() == 7);
  CHECK(ended.said == "fugato: the memory must suffice, but an allocation failed\nfugato: to go on: so\n");
}

TEST_CASE("without last words, failed allocations throw as ever") {
  { const last_words words{""}; }
  const bool none = std::get_new_handler() == nullptr;
  CHECK(none);
}

TEST_CASE("what is half done is removed; cleaning that needs memory too ends there") {
  const fs::path folder = fs::temp_directory_path() / ("fugato-shortage-" + std::to_string(getpid()));
  fs::create_directories(folder);
  const end_of_process ended = of([&] {
    const last_words words{""};
    file_writer file{(folder / "file").string()};
    staged_folder staged{(folder / "run").string(), false};
    write_file(staged.file("inner"), "x");
    fail_to_allocate();
  });
  CHECK(ended.code() == 1);
  CHECK(fs::is_empty(folder));
  fs::remove_all(folder);

  CHECK(of([] {
          const last_words words{"", 5, fail_to_allocate};
          fail_to_allocate();
        }).code() == 5);
  CHECK(of([] {
          const last_words words{"", 5, [] { throw std::bad_alloc(); }};
          fail_to_allocate();
        }).code() == 5);
}

TEST_CASE("threads that cannot start end the process too, where CAF has counted them") {
  const end_of_process ended = of([] {
    const last_words words{""};
    with_thread([]() -> int { throw std::system_error(EAGAIN, std::generic_category()); });
  });
  CHECK(ended.code() == 1);
  CHECK(ended.said == "fugato: threads must start, but the system starts no more of them (for memory, or ulimit -u)\n");
  CHECK(with_thread([] { return 3; }) == 3);
}

TEST_CASE("what nobody catches on a thread is told apart") {
  const auto thrown = [](const std::function<void()>& action) {
    return of([&] {
      const last_words words{"more"};
      std::thread{action}.join();
    });
  };
  const end_of_process memory = thrown([] { throw std::bad_alloc(); }); // as Eigen does by itself
  CHECK(memory.code() == 1);
  CHECK(memory.said == "fugato: the memory must suffice, but an allocation failed\nfugato: more\n");
  CHECK(thrown([] { throw std::system_error(EAGAIN, std::generic_category()); }).code() == 1);
  const end_of_process started_in_part = thrown([] { // as CAF's pools are
    try {
      const std::thread first{[] { ::pause(); }};
      throw std::system_error(EAGAIN, std::generic_category());
    } catch (const std::system_error&) { // so that the first is destroyed
    }
  });
  CHECK(started_in_part.code() == 1);
  CHECK(started_in_part.said.starts_with("fugato: threads must start"));
  const end_of_process wrong = thrown([] { throw std::runtime_error("a mistake"); });
  CHECK(WIFSIGNALED(wrong.status)); // a core is wanted
  CHECK(wrong.said.find("a mistake") != std::string::npos);
}

TEST_CASE("a library that ends the program does not do so in silence") {
  const end_of_process ended = of([] {
    const last_words words{"to go on: so", 6};
    std::exit(0); // NOLINT(concurrency-mt-unsafe)
  });
  CHECK(ended.code() == 6);
  CHECK(ended.said == "fugato: the libraries must be able to go on, but one of them ended the program\n"
                      "fugato: to go on: so\n");
}

TEST_CASE("exceptions of others become sentences") {
  CHECK(sentence_of(std::bad_alloc()) == "the memory must suffice, but an allocation failed");
  CHECK(sentence_of(std::system_error(EAGAIN, std::generic_category())).starts_with("threads must start"));
  CHECK(sentence_of(std::runtime_error("so")) == "so");
}
