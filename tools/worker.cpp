// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/worker.hpp"

#include "actors/certificate_folder.hpp"
#include "actors/confinement.hpp"
#include "actors/dialled.hpp"
#include "actors/feature_cache.hpp"
#include "actors/spawning.hpp"
#include "config/error.hpp"
#include "config/shortage.hpp"
#include "tools/command.hpp"
#include "tools/interruption.hpp"
#include "tools/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace fugato {
namespace {

using clock = std::chrono::steady_clock;

struct options {
  worker_options work;
  std::string ticket;
  std::string address;
  std::string user;
  std::uint64_t megabytes = 0;
  double patience_seconds = 30;
  double reconnect_seconds = 300;
  bool stay = false;
  bool local = false;
};

join_ticket ticket_of(const options& x) {
  join_ticket result = read_join_ticket(x.ticket);
  if (x.address.empty())
    return result;
  const auto colon = x.address.rfind(':');
  int port = 0;
  if (colon == std::string::npos || !CLI::detail::lexical_cast(x.address.substr(colon + 1), port) || port < 1 ||
      port > 65535)
    throw error(errc::usage, "--connect must be HOST:PORT, found '" + x.address + "'");
  result.host = x.address.substr(0, colon);
  result.port = static_cast<std::uint16_t>(port);
  return result;
}

/// 0.1 s, then twice as long each time up to 5 s, give or take a quarter, so that many workers do not all
/// come at once.
class back_off {
public:
  void wait() {
    const double spread = std::uniform_real_distribution<>{0.75, 1.25}(dice_);
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds_ * spread));
    seconds_ = std::min(5.0, seconds_ * 2);
  }

private:
  std::minstd_rand dice_{std::random_device{}()};
  double seconds_ = 0.1;
};

/// Until when to try to reach a leader, and how that is called.
struct patience_left {
  clock::time_point until;
  double seconds = 0;
  std::string option;
  bool stubborn = false; ///< whatever the reason: a new ticket may come
};

patience_left patience_of(double seconds, const std::string& option, bool stubborn) {
  const auto span = std::chrono::duration_cast<clock::duration>(std::chrono::duration<double>(seconds));
  return {clock::now() + span, seconds, option, stubborn};
}

/// Tries again for a while: the worker may be there before its leader.
std::unique_ptr<dialled> reach(const std::function<join_ticket()>& ticket, const patience_left& left) {
  for (back_off pause;; pause.wait()) {
    try {
      return std::make_unique<dialled>(ticket());
    } catch (const error& e) {
      if (!left.stubborn && !e.kind().retry)
        throw;
      if (clock::now() >= left.until)
        throw error(errc::unreachable, fmt::format("the leader must be reached within {} s ({}), but at last: {}",
                                                   left.seconds, left.option, e.what()));
    }
  }
}

int exit_code_of(parting how) {
  switch (how) {
  case parting::dismissed:
    return 0;
  case parting::left:
    return 128 + SIGTERM;
  default:
    return kind_of(errc::unreachable).exit_code;
  }
}

/// How the process ends that does the work and runs out of memory: its keeper replaces it, as one that was killed.
constexpr int short_of_memory = 71; // EX_OSERR

/// What still runs may never end; the program does.
void end_soon(int code) {
  std::thread([code] {
    std::this_thread::sleep_for(std::chrono::seconds(2));
    std::_Exit(code);
  }).detach();
}

/// The process that does the work: for a run that has started it, or for one that keeps the connection.
/// Gives up what the work does not need, before there is a thread or a connection.
int do_work(options x) {
  prctl(PR_SET_PDEATHSIG, SIGKILL); // ends with who started it, however that ends
  const last_words words{"this worker process ends, and its tracks are tried elsewhere", short_of_memory};
  const join_ticket ticket = x.ticket.empty() ? join_ticket{} : ticket_of(x);
  if (!x.work.cache.empty())
    x.work.cache = open_cache(x.work.cache);
  confine({x.work.root, x.megabytes << 20U, x.work.lines, x.work.cache});
  interruption asked{[] {}, [](int) {}};
  std::signal(SIGINT, SIG_IGN); // Ctrl-C goes to the whole group; who started it decides
  asked.work_stops_by_itself(true);
  x.work.leave = [&asked] { return asked.asked(); };
  x.work.over = [](parting how) { end_soon(exit_code_of(how)); };
  const auto line =
      x.ticket.empty() ? nullptr : reach([&] { return ticket; }, patience_of(x.patience_seconds, "--wait", false));
  if (line)
    x.work.descriptor = line->take_plain_fd();
  return exit_code_of(work_for_leader(x.work));
}

/// Started by hand: keeps the connection, with the key, and starts a process that does the work and has neither.
/// It outlives a leader that is killed, a network that fails, and a track that kills or hangs its reader.
class attendant {
public:
  explicit attendant(options x)
      : x_(std::move(x)),
        asked_{[this] { signal_child(SIGKILL); },
               [this](int) {
                 note("leaving when what is in hand is done");
                 signal_child(SIGTERM);
               }} {
    std::random_device dice;
    identity_ = (std::uint64_t{dice()} << 32U) | dice() | 1U;
  }

  int serve() {
    patience_left left = patience_of(x_.patience_seconds, "--wait", false);
    for (;;) {
      const auto line = join(left);
      if (!line)
        return 0;
      note((comebacks_ > 0 ? "joined again" : "joined") + ("; looking for tracks beneath " + x_.work.root));
      const auto start = clock::now();
      const int status = run_child(*line);
      if (asked_.asked() || !worth_another(status, clock::now() - start))
        return code_of(status);
      left = dismissed_ ? patience_of(x_.patience_seconds, "--wait", true)
                        : patience_of(x_.reconnect_seconds, "--reconnect, counted from when it was lost", true);
    }
  }

private:
  /// Null where a leader that had no more work does not come again.
  std::unique_ptr<dialled> join(const patience_left& left) const {
    try {
      return reach([this] { return ticket_of(x_); }, left);
    } catch (const error& e) {
      if (!dismissed_)
        throw;
      note(std::string("the leader has not come again: ") + e.what());
      return nullptr;
    }
  }

  int run_child(dialled& line) {
    std::vector<std::string> words{"worker",
                                   "--fd",
                                   "3",
                                   "--lines",
                                   std::to_string(x_.work.lines),
                                   "--root",
                                   x_.work.root,
                                   "--silence",
                                   std::to_string(x_.work.silence_seconds),
                                   "--memory",
                                   std::to_string(x_.megabytes),
                                   "--identity",
                                   std::to_string(identity_),
                                   "--comebacks",
                                   std::to_string(comebacks_)};
    if (!x_.work.cache.empty())
      words.insert(words.end(), {"--cache", x_.work.cache});
    if (!x_.work.isa.empty())
      words.insert(words.end(), {"--isa", x_.work.isa});
    asked_.work_stops_by_itself(true);
    const int fd = line.take_plain_fd();
    child_ = spawn_program(words, fd);
    close(fd);
    if (asked_.asked())
      signal_child(SIGTERM);
    wait_for_end(line);
    int status = 0;
    waitpid(child_.exchange(0), &status, 0); // its number is not used from now on: it may come to mean another
    asked_.work_stops_by_itself(false);
    return status;
  }

  /// A child that has lost its leader ends by itself, unless it is stopped, hangs, or waits for an answer.
  void wait_for_end(const dialled& line) {
    cut_off_ = false;
    std::optional<clock::time_point> cut;
    for (;;) {
      siginfo_t ended{};
      waitid(P_PID, static_cast<id_t>(child_.load()), &ended, WEXITED | WNOWAIT | WNOHANG);
      if (ended.si_pid != 0)
        return;
      if (!cut && line.ended())
        cut = clock::now();
      if (cut && clock::now() > *cut + std::chrono::seconds(10)) {
        cut_off_ = true;
        signal_child(SIGKILL);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

  /// Tells what became of the child, and whether another shall take its place.
  bool worth_another(int status, clock::duration lived) {
    dismissed_ = x_.stay && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (dismissed_) {
      note(fmt::format("the leader has no more work; waiting {} s for more", x_.patience_seconds));
      return true;
    }
    if (x_.reconnect_seconds <= 0)
      return false;
    if (cut_off_ || (WIFEXITED(status) && WEXITSTATUS(status) == kind_of(errc::unreachable).exit_code)) {
      note(fmt::format("the leader is lost; trying to reach it again for {} s", x_.reconnect_seconds));
      ++comebacks_;
      return true;
    }
    const bool starved = WIFEXITED(status) && WEXITSTATUS(status) == short_of_memory;
    if (!WIFSIGNALED(status) && !starved)
      return false;
    warn((starved ? "want of memory" : fmt::format("signal {}", WTERMSIG(status))) +
         " has ended the process that did the work; another takes its place");
    ++identity_; // no comeback: the track that it held may be to blame
    comebacks_ = 0;
    failures_ = lived < std::chrono::seconds(2) ? failures_ + 1 : 0;
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    return failures_ < most_failures;
  }

  int code_of(int status) const {
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
      note("the leader has no more work");
    if (WIFSIGNALED(status))
      return 128 + WTERMSIG(status);
    if (WEXITSTATUS(status) == short_of_memory)
      return static_cast<int>(outcome::failed);
    const bool left = WEXITSTATUS(status) == exit_code_of(parting::left);
    return left && asked_.asked() ? 128 + asked_.signal() : WEXITSTATUS(status);
  }

  void signal_child(int signal) {
    if (const pid_t pid = child_; pid > 0)
      kill(pid, signal);
  }

  /// Processes in a row that die as soon as they have begun: then no track is to blame.
  static constexpr int most_failures = 20;

  options x_;
  std::uint64_t identity_ = 0;
  std::uint32_t comebacks_ = 0;
  bool dismissed_ = false; ///< in good order, and it shall be seen whether there is more
  int failures_ = 0;
  bool cut_off_ = false; ///< the child had to be ended
  std::atomic<pid_t> child_ = 0;
  interruption asked_; ///< last: its thread uses the others
};

int serve(options x) {
  if (x.local || x.ticket.empty())
    return do_work(std::move(x));
  x.work.root = std::filesystem::absolute(x.work.root.empty() ? "." : x.work.root).lexically_normal().string();
  if (const std::string soon = warning_of_end(x.ticket, read_join_ticket(x.ticket).certificate); !soon.empty())
    warn(soon);
  if (!x.user.empty())
    become(x.user);
  else if (geteuid() == 0)
    warn("this worker runs as root, which its work does not need; --user NAME makes it go on as another");
  if (!can_be_confined())
    warn("this kernel has no Landlock: that nothing outside of --root is read rests on Fugato alone");
  give_up_privileges();
  return attendant{std::move(x)}.serve();
}

} // namespace

void add_worker(CLI::App& app, outcome& result) {
  auto x = std::make_shared<options>();
  CLI::App* command = app.add_subcommand("worker", "Join a run of policy distributed, before or while it runs");
  auto* join = command->add_option("--join", x->ticket, "The ticket that the run has written: cluster.json");
  command->add_option("--connect", x->address, "HOST:PORT, where the ticket's are not right from here");
  command->add_option("--lines", x->work.lines, "Lines to run")->check(CLI::Range(1, 1024))->capture_default_str();
  command->add_option("--root", x->work.root, "The corpus on this machine; nothing outside is read (default: here)");
  command->add_option("--cache", x->work.cache, "A folder of this machine for a feature cache (default: none)");
  command->add_option("--isa", x->work.isa, "Instruction set to compute by, where the run pins none")
      ->type_name("NAME");
  command->add_option("--user", x->user, "Go on as this user, when started as root");
  command->add_option("--memory", x->megabytes, "Most address space [MiB]; 0: no limit")
      ->check(CLI::Range(0, 1 << 24))
      ->capture_default_str();
  command->add_option("--wait", x->patience_seconds, "How long to try to reach the leader [s]")
      ->check(number_between(0, 1e9))
      ->capture_default_str();
  command
      ->add_option("--reconnect", x->reconnect_seconds,
                   "How long to try to reach a leader again that was lost; 0: not at all [s]")
      ->check(number_between(0, 1e9))
      ->capture_default_str();
  command->add_flag("--stay", x->stay,
                    "Join again when the leader has more work: a run that learns has several pieces, and goes on after "
                    "a lost worker with a new one; ends when none comes for --wait seconds");
  command->add_option("--silence", x->work.silence_seconds, "When a silent leader counts as gone [s]")
      ->check(number_between(0.2, 3600))
      ->capture_default_str();
  command->add_option("--fd", x->work.descriptor, "A socket to the leader; for runs that start workers")
      ->excludes(join)
      ->group("");
  command->add_option("--identity", x->work.identity, "Stays when it comes back")->group("");
  command->add_option("--comebacks", x->work.comebacks, "How often it has")->group("");
  command->add_flag("--local", x->local, "Started by a run; ends with it")->group("");
  command->callback([x, join, &result] {
    if (join->count() == 0 && x->work.descriptor < 0)
      throw error(errc::usage, "worker must be told whom to work for: --join cluster.json");
    result = static_cast<outcome>(serve(*x));
  });
}

} // namespace fugato
