// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/certificate_folder.hpp"
#include "actors/child_processes.hpp"
#include "actors/gate.hpp"
#include "actors/nodes.hpp"
#include "actors/placement.hpp"
#include "actors/spawning.hpp"
#include "config/error.hpp"
#include "config/json.hpp"
#include "config/unfinished.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <thread>
#include <unistd.h>

namespace fugato {
namespace {

/// How long certificates hold that are made for one run: longer than any run.
constexpr std::chrono::hours lifetime{24 * 365};

struct address {
  std::string host;
  std::uint16_t port = 0;
};

/// "HOST:PORT", "[IPV6]:PORT"
address parse_address(const std::string& text) {
  const auto colon = text.rfind(':');
  const std::string digits = colon == std::string::npos ? "" : text.substr(colon + 1);
  const bool number =
      !digits.empty() && digits.size() <= 5 && digits.find_first_not_of("0123456789") == std::string::npos;
  if (!number || colon == 0 || std::stoul(digits) > 65535)
    throw error(errc::settings, "/dispatch/listen: must be HOST:PORT, found '" + text + "'");
  std::string host = text.substr(0, colon);
  if (host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  return {host, static_cast<std::uint16_t>(std::stoul(digits))};
}

/// Where workers of other machines find a leader that listens everywhere.
std::string reachable(const std::string& host) {
  if (host != "0.0.0.0" && host != "::")
    return host;
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  return name.data();
}

/// A file that is gone when this is, its folder too when that was made for it.
class ticket_file {
public:
  explicit ticket_file(const std::string& path) : path_(path) {
    if (!path.empty())
      return;
    std::string folder = (std::filesystem::temp_directory_path() / "fugato-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr)
      throw error(errc::output, folder + ": a private folder must be made, but: " + std::strerror(errno));
    folder_ = folder;
    path_ = folder + "/cluster.json";
  }
  ~ticket_file() {
    std::error_code ignored;
    if (passing_)
      std::filesystem::remove(path_, ignored);
    if (!folder_.empty())
      std::filesystem::remove(folder_, ignored);
  }
  ticket_file(const ticket_file&) = delete;
  ticket_file& operator=(const ticket_file&) = delete;
  const std::string& path() const { return path_; }

  void write(const join_ticket& x) {
    write_secret(path_, to_json(x));
    passing_.emplace(folder_.empty() ? path_ : folder_);
  }

private:
  std::string path_;
  std::string folder_;
  std::optional<passing_thing> passing_; ///< once it is there
};

class nodes : public placement {
public:
  void deploy(const deployment& what) override {
    const bool alone = what.dispatch.listen.empty();
    const address where = alone ? address{"127.0.0.1", 0} : parse_address(what.dispatch.listen);
    if (alone || what.dispatch.identity.empty())
      open_with_own_authority(what, where, alone);
    else
      open_as(what, where, what.dispatch.identity);
    if (alone)
      start_local(what);
    else
      what.announce(ticket_ ? "join with: fugato worker --join " + ticket_->path()
                            : "listening at " + where.host + ":" + std::to_string(gate_->port()));
  }

  void tend() override {
    if (local_)
      processes_.tend();
  }
  bool lives(std::uint32_t process) const override { return processes_.lives(process); }
  void end(std::uint32_t process) override { processes_.end(process); }

  process_costs stop() override {
    process_costs result = processes_.stop();
    let_workers_go();
    if (gate_)
      result.refused = gate_->counts().refused();
    gate_.reset();
    ticket_.reset();
    held_ticket_ = descriptor{};
    return result;
  }

private:
  /// Dismissed workers end the connection themselves; one that were cut off before it knew would try to come back.
  void let_workers_go() const {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(3);
    while (gate_ && gate_->counts().alive > 0 && std::chrono::steady_clock::now() < limit)
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }

  void open_gate(const deployment& what, const address& where, const leader_identity& own) {
    gate_ = std::make_unique<gate>(where.host, where.port, own, [&system = what.system, leader = what.leader](int fd) {
      serve(system, fd, leader);
    });
  }

  void open_as(const deployment& what, const address& where, const std::string& identity) {
    const leader_identity own = read_leader_identity(identity);
    if (const std::string soon = warning_of_end(identity, own.certificate); !soon.empty())
      what.announce(soon);
    open_gate(what, where, own);
  }

  void open_with_own_authority(const deployment& what, const address& where, bool alone) {
    const authority ca = make_authority(lifetime);
    const identity leader = issue(ca, node_role::leader, lifetime);
    const identity worker = issue(ca, node_role::worker, lifetime);
    open_gate(what, where, {ca.certificate, leader.certificate, leader.key, 1, {}});
    const join_ticket ticket{reachable(where.host), gate_->port(), ca.certificate, worker.certificate, worker.key};
    if (alone) {
      held_ticket_ = hold_secret(to_json(ticket));
      return;
    }
    ticket_ = std::make_unique<ticket_file>(what.dispatch.join_file);
    ticket_->write(ticket);
  }

  void start_local(const deployment& what) {
    local_ = true;
    std::vector<std::string> words{"worker",
                                   "--join",
                                   "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(held_ticket_.get()),
                                   "--root",
                                   what.base,
                                   "--silence",
                                   std::to_string(what.dispatch.silence_seconds),
                                   "--memory",
                                   std::to_string(what.dispatch.worker_megabytes),
                                   "--local"};
    if (!what.brief.cache.empty())
      words.insert(words.end(), {"--cache", what.brief.cache});
    processes_.begin(what.lines, what.most_deaths, [words] { return spawn_program(words); });
  }

  bool local_ = false;
  child_processes processes_;
  std::unique_ptr<gate> gate_;
  std::unique_ptr<ticket_file> ticket_;
  descriptor held_ticket_; ///< of local workers: gone with this process, however that ends
};

} // namespace

std::unique_ptr<placement> place_on_nodes() { return std::make_unique<nodes>(); }

} // namespace fugato
