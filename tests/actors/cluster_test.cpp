// SPDX-License-Identifier: GPL-3.0-or-later
// Worker nodes that join over TLS, as real processes.
#include "actors/certificate_folder.hpp"
#include "actors/certificates.hpp"
#include "features/kernels.hpp"
#include "tests/actors/corpora.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <mutex>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>

extern char** environ;

using namespace fugato;
namespace fs = std::filesystem;

namespace {

/// A `fugato worker` started by hand.
class worker {
public:
  /// @param variable NAME=VALUE, besides the environment
  /// @param errors file for what it says on stderr
  explicit worker(std::vector<std::string> words, std::string variable = {}, const std::string& errors = {}) {
    words.insert(words.begin(), {"fugato", "-q", "worker"});
    std::vector<char*> pointers;
    for (std::string& word : words)
      pointers.push_back(word.data());
    pointers.push_back(nullptr);
    std::vector<char*> variables;
    if (!variable.empty())
      variables.push_back(variable.data());
    for (char** each = environ; *each != nullptr; ++each)
      variables.push_back(*each);
    variables.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    if (!errors.empty())
      posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    REQUIRE(posix_spawn(&pid_, std::getenv("FUGATO_PROGRAM"), &actions, nullptr, pointers.data(), variables.data()) ==
            0);
    posix_spawn_file_actions_destroy(&actions);
  }
  ~worker() { end(SIGKILL); }
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;

  void end(int signal) {
    if (pid_ > 0)
      kill(pid_, signal);
    wait();
  }
  /// @returns the exit code, -1 for a signal.
  int wait() {
    int status = 0;
    if (pid_ > 0)
      waitpid(std::exchange(pid_, 0), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

private:
  pid_t pid_ = 0;
};

constexpr const char* pinned = "avx2";

std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream{path}.rdbuf();
  return text.str();
}

struct cluster : small_corpus {
  cluster() : small_corpus(30) {
    fs::create_directories(away);
    dispatch = dispatch_of("distributed", 1);
    dispatch.listen = "127.0.0.1:0";
    dispatch.join_file = ticket;
    dispatch.batch = 2;
  }
  ~cluster() { fs::remove_all(away); }

  fs::path away = path.string() + "-ticket";
  std::string ticket = (away / "cluster.json").string();
  dispatch_settings dispatch;
  line_settings settings;
  std::string reference = table_of(extract(path, dispatch_of("synchronous", 1)));

  extraction lead(const progress_callback& tell = [](const progress&) {}) const {
    session actors{dispatch};
    return actors.extract(list_corpus(path), settings, tell, path);
  }

  std::vector<std::string> join(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"--join", ticket, "--root", path.string()});
    return more;
  }

  /// Starts when the leader's ticket is there.
  template <class F>
  std::thread when_open(F f) const {
    return std::thread{[this, f] {
      for (int i = 0; i < 6000 && !fs::exists(ticket); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      f();
    }};
  }
};

} // namespace

TEST_CASE_FIXTURE(cluster, "without an address to listen at, the run starts its own nodes") {
  dispatch.listen.clear();
  dispatch.workers = 2;
  CHECK(table_of(lead()) == reference);
  CHECK_FALSE(fs::exists(ticket));
}

TEST_CASE_FIXTURE(cluster, "nodes join, one dies, another comes late: the table is the same") {
  std::mutex start; // held until `first` is there: it may report before
  std::unique_ptr<worker> first;
  std::unique_ptr<worker> late;
  auto starter = when_open([&] {
    const std::lock_guard lock(start);
    struct stat status {};
    CHECK(stat(ticket.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    // it never ends its work, so that the blow falls before, however late
    first = std::make_unique<worker>(join(), "FUGATO_FAULT=hang:tones.2");
  });
  bool struck = false;
  const extraction x = lead([&](const progress& p) {
    if (struck || p.done < 5)
      return;
    struck = true;
    const std::lock_guard lock(start);
    first->end(SIGKILL);
    late = std::make_unique<worker>(join({"--lines", "2"}));
  });
  starter.join();
  CHECK(struck);
  CHECK(x.dispatch.lines_lost == 1);
  CHECK(x.failures.empty());
  CHECK(table_of(x) == reference);
  REQUIRE(late);
  CHECK(late->wait() == 0);
  CHECK_FALSE(fs::exists(ticket)); // the secret is gone with the run
}

TEST_CASE_FIXTURE(cluster, "a node reads nothing outside its root") {
  fs::rename(path / "noise/noise.3.wav", away / "outside.wav");
  fs::create_symlink(away / "outside.wav", path / "noise/noise.3.wav");
  std::unique_ptr<worker> node;
  auto starter = when_open([&] { node = std::make_unique<worker>(join()); });
  const extraction x = lead();
  starter.join();
  REQUIRE(x.failures.size() == 1);
  CHECK(x.failures[0].source.name == "noise.3.wav");
  CHECK(x.failures[0].reason == errc::permission);
  CHECK(x.data.track_names.size() == 59);
}

TEST_CASE_FIXTURE(cluster, "a node without the files works when the audio is shipped") {
  dispatch.ship_audio = true;
  dispatch.ship_megabytes = 1;
  spoil("tones/tones.30.wav");
  fs::create_symlink("nowhere", path / "tones/tones.31.wav");
  std::unique_ptr<worker> node;
  auto starter = when_open([&] {
    node =
        std::make_unique<worker>(std::vector<std::string>{"--join", ticket, "--root", away.string(), "--lines", "2"});
  });
  const extraction x = lead();
  starter.join();
  const extraction here = extract(path, dispatch_of("synchronous", 1));
  CHECK(table_of(x) == table_of(here));
  REQUIRE(x.failures.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(x.failures[i].reason == here.failures[i].reason);
    CHECK(x.failures[i].source.name == here.failures[i].source.name);
  }
}

TEST_CASE_FIXTURE(cluster, "a node with a ticket of another authority is turned away, and the run goes on") {
  const fs::path rogue = away / "rogue";
  std::unique_ptr<worker> node;
  int refused = 0;
  auto starter = when_open([&] {
    const auto real = read_join_ticket(ticket);
    make_certificates(rogue.string(), real.host, real.port, 1);
    refused = worker({"--join", (rogue / "cluster.json").string(), "--root", path.string(), "--wait", "1"}).wait();
    node = std::make_unique<worker>(join());
  });
  const extraction x = lead();
  starter.join();
  CHECK(refused != 0);
  CHECK(table_of(x) == reference);
}

TEST_CASE_FIXTURE(cluster, "a node whose processor lacks the pinned instruction set is turned away") {
  if (!instruction_sets().at(pinned).supported()) {
    MESSAGE("skipped: this processor has no AVX2");
    return;
  }
  settings.features.isa = pinned;
  const std::string said = (away / "said").string();
  std::unique_ptr<worker> able;
  int lacking = 0;
  int stubborn = 0;
  std::string why;
  std::string why_too;
  auto starter = when_open([&] {
    lacking = worker(join(), "GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2", said).wait();
    why = text_of(said);
    stubborn = worker(join({"--isa", "baseline"}), "", said).wait();
    why_too = text_of(said);
    able = std::make_unique<worker>(join({"--isa", pinned}));
  });
  const extraction x = lead();
  starter.join();
  CHECK(lacking == 2);
  CHECK(why.find("fugato: /features/isa must be one that this processor has; it has no 'avx2'\n") != std::string::npos);
  CHECK(stubborn == 2);
  CHECK(
      why_too.find("fugato: --isa must be the instruction set that the run pins, or one of the same bits where it pins "
                   "none; it is 'baseline', and the run has /features/isa = 'avx2'\n") != std::string::npos);
  CHECK(table_of(x) == reference);
  CHECK(x.dispatch.isas == std::vector<std::string>{pinned});
}

TEST_CASE_FIXTURE(cluster, "where none is pinned, nodes may compute by any set that gives the same bits") {
  const std::string said = (away / "said").string();
  std::unique_ptr<worker> plain;
  int other = 0;
  auto starter = when_open([&] {
    other = worker(join({"--isa", "reference"}), "", said).wait();
    plain = std::make_unique<worker>(join({"--isa", "baseline"}));
  });
  const extraction x = lead();
  starter.join();
  CHECK(other == 2);
  CHECK(table_of(x) == reference);
  CHECK(x.dispatch.isas == std::vector<std::string>{"baseline"});
}

TEST_CASE_FIXTURE(cluster, "an address that cannot be listened at is an error before any work") {
  dispatch.listen = "nonsense";
  CHECK_THROWS_AS(lead(), error);
  dispatch.listen = "192.0.2.1:1"; // an address that no machine has
  CHECK_THROWS_AS(lead(), error);
  CHECK_FALSE(fs::exists(ticket));
}
