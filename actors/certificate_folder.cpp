// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/certificate_folder.hpp"

#include "actors/certificates.hpp"
#include "config/error.hpp"
#include "config/files.hpp"
#include "config/json.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <string_view>

namespace fugato {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::days authority_lifetime{2 * most_certificate_days};
/// The node whose ticket any number of workers share.
constexpr std::string_view shared_node = "cluster";

/// Reads without judging: what has ended can still be renewed.
template <described T>
T read_as_is(const std::string& path) {
  T result;
  read_json(read_secret(path), {path, fs::path(path).parent_path().string()}, description_of(result));
  return result;
}

void check_days(unsigned days) {
  if (days == 0 || days > most_certificate_days)
    throw error(errc::usage,
                fmt::format("certificates must hold for 1 to {} days, found {}", most_certificate_days, days));
}

void must_not_exist(const std::string& file) {
  if (fs::exists(fs::symlink_status(file)))
    throw error(errc::usage, file + ": must not exist yet; nodes may be using it, so name another folder");
}

/// The files of a folder.
class folder {
public:
  explicit folder(std::string dir) : dir_(std::move(dir)) {}

  std::string file(std::string_view name) const { return fmt::format("{}/{}", dir_, name); }
  std::string authority_file() const { return file("authority.json"); }
  std::string leader_file() const { return file("leader.json"); }
  std::string ticket_file(std::string_view node) const { return file(fmt::format("{}.json", node)); }

  /// The tickets, sorted.
  std::vector<std::string> tickets() const {
    std::vector<std::string> result;
    std::error_code problem;
    for (fs::directory_iterator at(dir_, problem); !problem && at != fs::directory_iterator(); at.increment(problem)) {
      const std::string name = at->path().filename().string();
      if (name.ends_with(".json") && name != "authority.json" && name != "leader.json")
        result.push_back(file(name));
    }
    if (problem)
      throw error(errc::settings, dir_ + ": must be a folder of certificates: " + problem.message());
    std::sort(result.begin(), result.end());
    return result;
  }

  /// @throws error(settings) when it ends before certificates of so many days would
  authority read_authority(unsigned days) const {
    const std::string path = authority_file();
    auto result = read_as_is<authority>(path);
    const auto certificate = parse_certificate(result.certificate, path + ": /certificate");
    parse_key(result.key, path + ": /key");
    if (ends_within(*certificate, std::chrono::days{days}))
      throw error(errc::settings, fmt::format("{}: the authority must outlive what it issues, but ends on {} UTC, "
                                              "within {} days; make new certificates in another folder",
                                              path, end_of(*certificate), days));
    return result;
  }

private:
  std::string dir_;
};

bool is_excluded(const leader_identity& x, const std::string& node) {
  return std::find(x.excluded.begin(), x.excluded.end(), node) != x.excluded.end();
}

/// Names become file names and part of certificates.
void check_node_name(const std::string& node) {
  constexpr std::size_t longest = 64; // RFC 5280, ub-organizational-unit-name
  const bool plain = !node.empty() && node.size() <= longest && node.front() != '.' && node.front() != '-' &&
                     std::all_of(node.begin(), node.end(), [](char c) {
                       return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                              c == '-' || c == '_';
                     });
  if (!plain || node == "leader" || node == "authority" || node == "ca")
    throw error(errc::usage, fmt::format("a node's name must be 1 to {} letters, digits, '.', '-' or '_', begin with a "
                                         "letter or digit, and not be 'leader', 'authority' or 'ca'; found '{}'",
                                         longest, node));
}

} // namespace

void make_certificates(const std::string& dir, const std::string& host, std::uint16_t port, unsigned days) {
  if (host.empty() || port == 0)
    throw error(errc::usage, fmt::format("certificates must name where workers dial: a host, and a port other than 0; "
                                         "found '{}' and {}",
                                         host, port));
  check_days(days);
  const folder files(dir);
  const std::string shared = files.ticket_file(shared_node);
  for (const std::string& file : {files.file("ca.pem"), files.authority_file(), files.leader_file(), shared})
    must_not_exist(file);
  std::error_code problem;
  fs::create_directories(dir, problem);
  if (problem)
    throw error(errc::output, dir + ": must be a folder that can be made: " + problem.message());

  const std::chrono::days lifetime{days};
  authority ca = make_authority(authority_lifetime);
  const identity leader = issue(ca, node_role::leader, lifetime);
  const identity worker = issue(ca, node_role::worker, lifetime, shared_node);
  write_file(files.file("ca.pem"), ca.certificate);
  write_secret(files.authority_file(), to_json(ca));
  write_secret(files.leader_file(), to_json(leader_identity{ca.certificate, leader.certificate, leader.key, 1, {}}));
  write_secret(shared, to_json(join_ticket{host, port, ca.certificate, worker.certificate, worker.key}));
}

void add_node(const std::string& dir, const std::string& node, unsigned days) {
  check_days(days);
  check_node_name(node);
  const folder files(dir);
  const authority ca = files.read_authority(days);
  if (is_excluded(read_as_is<leader_identity>(files.leader_file()), node))
    throw error(errc::usage, fmt::format("{}: the node '{}' is excluded for good; give its successor another name",
                                         files.leader_file(), node));
  const std::string path = files.ticket_file(node);
  must_not_exist(path);
  const std::vector<std::string> others = files.tickets();
  if (others.empty())
    throw error(errc::settings,
                files.ticket_file(shared_node) + ": must exist or another node's ticket: they tell where workers dial");
  auto ticket = read_as_is<join_ticket>(others.front());
  const identity own = issue(ca, node_role::worker, std::chrono::days{days}, node);
  ticket.certificate = own.certificate;
  ticket.key = own.key;
  write_secret(path, to_json(ticket));
}

void renew_certificates(const std::string& dir, unsigned days) {
  check_days(days);
  const folder files(dir);
  const authority ca = files.read_authority(days);
  const std::chrono::days lifetime{days};
  auto leader = read_as_is<leader_identity>(files.leader_file());
  const auto renew = [&](auto& x, node_role role, const std::string& node) {
    const identity fresh = issue(ca, role, lifetime, node);
    x.ca = ca.certificate;
    x.certificate = fresh.certificate;
    x.key = fresh.key;
  };
  renew(leader, node_role::leader, "");
  write_secret(files.leader_file(), to_json(leader));
  for (const std::string& path : files.tickets()) {
    auto ticket = read_as_is<join_ticket>(path);
    const std::string node = node_of(*parse_certificate(ticket.certificate, path + ": /certificate"));
    if (is_excluded(leader, node))
      continue;
    renew(ticket, node_role::worker, node);
    write_secret(path, to_json(ticket));
  }
}

void exclude_node(const std::string& dir, const std::string& node) {
  check_node_name(node);
  const folder files(dir);
  auto leader = read_as_is<leader_identity>(files.leader_file());
  const std::string path = files.ticket_file(node);
  if (is_excluded(leader, node))
    return;
  if (!fs::exists(path))
    throw error(errc::usage, fmt::format("{}: must exist, being the ticket of the node to exclude", path));
  leader.excluded.push_back(node);
  write_secret(files.leader_file(), to_json(leader));
  std::error_code ignored;
  fs::remove(path, ignored);
}

std::vector<certificate_status> list_certificates(const std::string& dir) {
  const folder files(dir);
  std::vector<certificate_status> result;
  const auto add = [&](const std::string& path, const char* role, const std::string& pem) {
    const auto certificate = parse_certificate(pem, path + ": /certificate");
    const char* const state = ends_within(*certificate, std::chrono::seconds{0}) ? "ended" : "until";
    result.push_back({path, role, fmt::format("{} {} UTC", state, end_of(*certificate))});
  };
  if (fs::exists(files.authority_file()))
    add(files.authority_file(), "authority", read_as_is<authority>(files.authority_file()).certificate);
  const auto leader = read_as_is<leader_identity>(files.leader_file());
  add(files.leader_file(), "leader", leader.certificate);
  for (const std::string& path : files.tickets())
    add(path, "worker", read_as_is<join_ticket>(path).certificate);
  for (const std::string& node : leader.excluded)
    result.push_back({node, "worker", "excluded"});
  return result;
}

std::string warning_of_end(const std::string& place, const std::string& certificate) {
  constexpr std::chrono::days soon{30};
  const auto parsed = parse_certificate(certificate, place);
  return ends_within(*parsed, soon)
             ? fmt::format("{}: the certificate ends on {} UTC; renew it: fugato certificates FOLDER --renew", place,
                           end_of(*parsed))
             : "";
}

} // namespace fugato
