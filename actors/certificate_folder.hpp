// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// The certificates of a cluster that lasts, in a folder: `ca.pem`,
/// `authority.json` (which signs, and which no node needs), `leader.json`, and a
/// ticket for workers per name: `cluster.json`, `<node>.json`.
namespace fugato {

/// How long certificates may be made to hold: 10 years. The authority holds twice as long.
constexpr unsigned most_certificate_days = 3650;

/// Makes the folder, with a ticket `cluster.json` that any number of workers may share.
/// @param host and @p port where workers are to dial
/// @throws error(usage) when one of the files exists or a parameter makes no
///         sense, error(output) when a file cannot be written
void make_certificates(const std::string& dir, const std::string& host, std::uint16_t port, unsigned days);

/// Makes `<node>.json`, a ticket for one node, so that it can be excluded alone.
/// @throws error(usage) for a name that is taken, excluded or no file name;
///         error(settings) when the folder's files cannot be used
void add_node(const std::string& dir, const std::string& node, unsigned days);

/// New certificates and keys for the leader and all nodes that are not excluded,
/// of the same authority: what was handed out before holds until it ends.
/// @throws error(settings) when the folder's files cannot be used, or the
///         authority ends before the certificates would
void renew_certificates(const std::string& dir, unsigned days);

/// Has the leader refuse a node from its next start, whatever certificate it
/// holds, and deletes the folder's ticket for it. Its name is never given again.
/// @throws error(usage) when the folder knows no such node
void exclude_node(const std::string& dir, const std::string& node);

/// A file of the folder, for people.
struct certificate_status {
  std::string name;  ///< the file, or the node that is excluded
  std::string role;  ///< "authority", "leader", "worker"
  std::string state; ///< "until <UTC>", "ended <UTC>", "excluded"
};

/// What the folder has, in the order of the file names, then the excluded without file.
std::vector<certificate_status> list_certificates(const std::string& dir);

/// A sentence when the certificate of this file's PEM text ends within 30 days; else empty.
std::string warning_of_end(const std::string& place, const std::string& certificate);

} // namespace fugato
