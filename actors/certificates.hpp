// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/sockets.hpp"
#include "config/describe.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct x509_st;
struct evp_pkey_st;

/// Who may take part in a distributed run: a private authority issues a
/// certificate to the leader, and to its workers one for all or one for each.
/// Keys are ECDSA on P-256. Certificates name roles, not hosts, so that they hold
/// wherever a node runs; and nothing else in the world trusts the authority.
namespace fugato {

enum class node_role { leader, worker };

/// "leader" or "worker": the common name in the subject of its certificate.
std::string_view name_of(node_role role);

/// A certificate and its private key, each PEM.
struct identity {
  std::string certificate;
  std::string key;
};

/// The self-signed certificate "fugato CA" that all nodes trust, and its private
/// key, each PEM.
struct authority {
  std::string certificate;
  std::string key;
  std::uint32_t format = 1; ///< version of this layout
};

/// Certificates hold from a day ago, for clocks that differ, until @p lifetime
/// from now. @throws error(internal) when OpenSSL fails.
authority make_authority(std::chrono::seconds lifetime);

/// A certificate for @p role: its name, and as extended key usage serverAuth for
/// the leader, clientAuth for a worker. A lifetime below zero makes an expired one.
/// @param node whose it is, kept as organizational unit; may be empty
identity issue(const authority& ca, node_role role, std::chrono::seconds lifetime, std::string_view node = {});
/// The same under any common name.
identity issue(const authority& ca, std::string_view name, node_role usage, std::chrono::seconds lifetime,
               std::string_view node = {});

/// What a worker needs in order to join, in one file: `cluster.json`.
struct join_ticket {
  std::string host;         ///< of the leader: a name, or an IPv4 or IPv6 address
  std::uint16_t port = 0;   ///< of the leader
  std::string ca;           ///< the authority's certificate, PEM
  std::string certificate;  ///< the worker's, PEM
  std::string key;          ///< the worker's, PEM
  std::uint32_t format = 1; ///< version of this layout
};

/// What the leader needs in order to let workers in: `leader.json`.
struct leader_identity {
  std::string ca;
  std::string certificate;
  std::string key;
  std::uint32_t format = 1;
  std::vector<std::string> excluded{}; ///< nodes that are let in no more, whatever certificate they hold
};

void describe(visitor& v, authority& x);
void describe(visitor& v, join_ticket& x);
void describe(visitor& v, leader_identity& x);

/// Reads what make_certificates (actors/certificate_folder.hpp) wrote.
/// @throws error(settings) naming the file: when it cannot be read, can be read
///         by others than its owner, or holds no certificate that `ca` vouches
///         for today, in the right role and with its key
join_ticket read_join_ticket(const std::string& path);
leader_identity read_leader_identity(const std::string& path);

/// Writes @p text to @p path, whole or not at all, readable by its owner only at
/// every instant. @throws error(output)
void write_secret(const std::string& path, std::string_view text);

/// A file without a name that only this user can read, as /proc/PID/fd/N, and that is gone with the process.
/// @throws error(internal) when the system has no more
descriptor hold_secret(std::string_view text);

/// The text of a file. @throws error(settings) when it cannot be read, or can be
/// by others than its owner.
std::string read_secret(const std::string& path);

// For the TLS layer.

struct certificate_free {
  void operator()(x509_st* x) const;
};
struct key_free {
  void operator()(evp_pkey_st* x) const;
};
using certificate_handle = std::unique_ptr<x509_st, certificate_free>;
using key_handle = std::unique_ptr<evp_pkey_st, key_free>;

/// @param place where the text came from
/// @throws error(settings) naming @p place when the text is none
certificate_handle parse_certificate(const std::string& pem, const std::string& place);
key_handle parse_key(const std::string& pem, const std::string& place);

/// Whether the one common name in the subject is that of @p role.
bool is_for(const x509_st& certificate, node_role role);

/// The node that the subject names; empty when it names none.
std::string node_of(const x509_st& certificate);

/// The last second in which the certificate holds: UTC, "2027-05-31 12:00:00".
std::string end_of(const x509_st& certificate);

/// Whether it ends within so long, or has ended.
bool ends_within(const x509_st& certificate, std::chrono::seconds time);

/// The last error of OpenSSL in this thread, in words; forgets all of them.
std::string openssl_reason();

} // namespace fugato
