// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/certificates.hpp"

#include "config/error.hpp"
#include "config/json.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <optional>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fugato {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

/// Frees an OpenSSL object with the function made for it.
template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* x) const {
    Free(x);
  }
};
using bio_handle = std::unique_ptr<BIO, freed_by<BIO_free_all>>;
using number_handle = std::unique_ptr<BIGNUM, freed_by<BN_free>>;
using extension_handle = std::unique_ptr<X509_EXTENSION, freed_by<X509_EXTENSION_free>>;
using store_handle = std::unique_ptr<X509_STORE, freed_by<X509_STORE_free>>;
using verification_handle = std::unique_ptr<X509_STORE_CTX, freed_by<X509_STORE_CTX_free>>;

void must(bool succeeded, std::string_view what) {
  if (!succeeded)
    throw error(errc::internal, fmt::format("certificates: OpenSSL must {}, but: {}", what, openssl_reason()));
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
  const bio_handle out{BIO_new(BIO_s_mem())};
  must(out && PEM_write_bio_X509(out.get(), certificate) == 1, "write a certificate");
  return text_of(out.get());
}

std::string pem_of(EVP_PKEY* key) {
  const bio_handle out{BIO_new(BIO_s_mem())};
  must(out && PEM_write_bio_PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1, "write a key");
  return text_of(out.get());
}

/// A random serial number: positive and at most 20 octets long (RFC 5280, 4.1.2.2).
void set_random_serial(X509* certificate) {
  const number_handle number{BN_new()};
  must(number && BN_rand(number.get(), 159, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1, "draw a serial number");
  must(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr, "set a serial number");
}

void set_lifetime(X509* certificate, seconds lifetime) {
  constexpr long backdated = 24L * 60 * 60;
  must(X509_gmtime_adj(X509_getm_notBefore(certificate), -backdated) != nullptr &&
           X509_gmtime_adj(X509_getm_notAfter(certificate), static_cast<long>(lifetime.count())) != nullptr,
       "set a lifetime");
}

void extend(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const extension_handle extension{X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str())};
  must(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "add an extension");
}

void enter_in_subject(X509* certificate, int kind, std::string_view text) {
  must(X509_NAME_add_entry_by_NID(X509_get_subject_name(certificate), kind, MBSTRING_UTF8,
                                  reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()),
                                  -1, 0) == 1,
       "name a certificate");
}

/// What the subject says of a kind; nothing unless it says so exactly once.
std::optional<std::string> found_in_subject(const X509& certificate, int kind) {
  X509_NAME* const subject = X509_get_subject_name(&certificate);
  const int at = X509_NAME_get_index_by_NID(subject, kind, -1);
  if (at < 0 || X509_NAME_get_index_by_NID(subject, kind, at) >= 0)
    return std::nullopt;
  const ASN1_STRING* const text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
  return std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                     static_cast<std::size_t>(ASN1_STRING_length(text)));
}

/// UTC, "2027-05-31 12:00:00"
std::string text_of(const ASN1_TIME* time) {
  std::tm parts{};
  must(ASN1_TIME_to_tm(time, &parts) == 1, "read a time");
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

/// A version 3 certificate for @p key with all but its issuer's marks.
certificate_handle draft(EVP_PKEY* key, std::string_view name, std::string_view node, seconds lifetime) {
  certificate_handle result{X509_new()};
  must(result && X509_set_version(result.get(), X509_VERSION_3) == 1 && X509_set_pubkey(result.get(), key) == 1,
       "make a certificate");
  set_random_serial(result.get());
  set_lifetime(result.get(), lifetime);
  enter_in_subject(result.get(), NID_commonName, name);
  if (!node.empty())
    enter_in_subject(result.get(), NID_organizationalUnitName, node);
  return result;
}

void sign(X509* certificate, X509* issuer, EVP_PKEY* issuer_key) {
  must(X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1, "name an issuer");
  extend(certificate, issuer, NID_subject_key_identifier, "hash");
  extend(certificate, issuer, NID_authority_key_identifier, "keyid:always");
  must(X509_sign(certificate, issuer_key, EVP_sha256()) != 0, "sign a certificate");
}

key_handle make_key() {
  key_handle key{EVP_EC_gen("P-256")};
  must(key != nullptr, "make a key");
  return key;
}

/// Nobody asks at a terminal for the password of an encrypted key.
int no_password(char*, int, int, void*) { return -1; }

bio_handle reader_of(const std::string& text) {
  bio_handle in{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
  must(in != nullptr, "read from memory");
  return in;
}

/// An identity as it stands in a file.
struct claim {
  const std::string& place;
  const std::string& ca;
  const std::string& certificate;
  const std::string& key;
};

/// What a verification stumbled over, and where it is a date, what to do.
std::string verdict(X509_STORE_CTX* verification) {
  const int problem = X509_STORE_CTX_get_error(verification);
  const std::string words = X509_verify_cert_error_string(problem);
  const X509* const at = X509_STORE_CTX_get_current_cert(verification);
  if (at != nullptr && problem == X509_V_ERR_CERT_HAS_EXPIRED)
    return fmt::format("{} on {} UTC; renew it: fugato certificates FOLDER --renew", words,
                       text_of(X509_get0_notAfter(at)));
  if (at != nullptr && problem == X509_V_ERR_CERT_NOT_YET_VALID)
    return fmt::format("{} before {} UTC; is the clock of this machine right?", words,
                       text_of(X509_get0_notBefore(at)));
  return words;
}

/// @throws error(settings) unless a peer that trusts the authority would accept the claim today
void check(const claim& x, node_role role) {
  const auto ca = parse_certificate(x.ca, x.place + ": /ca");
  const auto certificate = parse_certificate(x.certificate, x.place + ": /certificate");
  const auto key = parse_key(x.key, x.place + ": /key");
  if (X509_check_private_key(certificate.get(), key.get()) != 1)
    throw error(errc::settings,
                x.place + ": /key: must be the key of /certificate, found another (" + openssl_reason() + ")");
  if (!is_for(*certificate, role))
    throw error(errc::settings,
                fmt::format("{}: /certificate: must be that of a {}, found another name", x.place, name_of(role)));
  const store_handle trusted{X509_STORE_new()};
  const verification_handle verification{X509_STORE_CTX_new()};
  must(trusted && verification && X509_STORE_add_cert(trusted.get(), ca.get()) == 1 &&
           X509_STORE_CTX_init(verification.get(), trusted.get(), certificate.get(), nullptr) == 1 &&
           X509_STORE_CTX_set_purpose(verification.get(), role == node_role::leader ? X509_PURPOSE_SSL_SERVER
                                                                                    : X509_PURPOSE_SSL_CLIENT) == 1,
       "prepare a verification");
  if (X509_verify_cert(verification.get()) != 1)
    throw error(errc::settings, fmt::format("{}: /certificate: must hold today and be issued by /ca, found: {}",
                                            x.place, verdict(verification.get())));
}

[[noreturn]] void fail_to_write(const std::string& path) {
  throw error(errc::output, path + ": must be writable: " + std::strerror(errno));
}

void write_all(int fd, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno != EINTR)
      fail_to_write(path);
    text.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
  }
}

template <described T>
T read_described_secret(const std::string& path) {
  T result;
  read_json(read_secret(path), {path, fs::path(path).parent_path().string()}, description_of(result));
  return result;
}

} // namespace

std::string_view name_of(node_role role) { return role == node_role::leader ? "leader" : "worker"; }

authority make_authority(seconds lifetime) {
  const auto key = make_key();
  const auto certificate = draft(key.get(), "fugato CA", {}, lifetime);
  X509* const ca = certificate.get();
  extend(ca, ca, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  extend(ca, ca, NID_key_usage, "critical,keyCertSign,cRLSign");
  sign(ca, ca, key.get());
  return {pem_of(ca), pem_of(key.get()), 1};
}

identity issue(const authority& ca, node_role role, seconds lifetime, std::string_view node) {
  return issue(ca, name_of(role), role, lifetime, node);
}

identity issue(const authority& ca, std::string_view name, node_role usage, seconds lifetime, std::string_view node) {
  const auto issuer = parse_certificate(ca.certificate, "authority");
  const auto issuer_key = parse_key(ca.key, "authority");
  const auto key = make_key();
  const auto certificate = draft(key.get(), name, node, lifetime);
  extend(certificate.get(), issuer.get(), NID_basic_constraints, "critical,CA:FALSE");
  extend(certificate.get(), issuer.get(), NID_key_usage, "critical,digitalSignature");
  extend(certificate.get(), issuer.get(), NID_ext_key_usage, usage == node_role::leader ? "serverAuth" : "clientAuth");
  sign(certificate.get(), issuer.get(), issuer_key.get());
  return {pem_of(certificate.get()), pem_of(key.get())};
}

void describe(visitor& v, authority& x) {
  v("format", x.format, between{1, 1}, "version of this layout");
  v("certificate", x.certificate, anything{}, "of the authority, PEM");
  v("key", x.key, anything{}, "of the authority, PEM: a secret that no node needs");
}

void describe(visitor& v, join_ticket& x) {
  v("format", x.format, between{1, 1}, "version of this layout");
  v("host", x.host, anything{}, "of the leader: a name, or an IPv4 or IPv6 address");
  std::uint32_t port = x.port;
  v("port", port, between{1, 65535}, "of the leader");
  x.port = static_cast<std::uint16_t>(port);
  v("ca", x.ca, anything{}, "certificate of the authority, PEM");
  v("certificate", x.certificate, anything{}, "of a worker, PEM");
  v("key", x.key, anything{}, "of a worker, PEM: a secret");
}

void describe(visitor& v, leader_identity& x) {
  v("format", x.format, between{1, 1}, "version of this layout");
  v("ca", x.ca, anything{}, "certificate of the authority, PEM");
  v("certificate", x.certificate, anything{}, "of the leader, PEM");
  v("key", x.key, anything{}, "of the leader, PEM: a secret");
  v("excluded", x.excluded, anything{}, "nodes that are let in no more, whatever certificate they hold");
}

join_ticket read_join_ticket(const std::string& path) {
  auto result = read_described_secret<join_ticket>(path);
  if (result.host.empty() || result.port == 0)
    throw error(errc::settings, path + ": must give /host and /port of the leader");
  check({path, result.ca, result.certificate, result.key}, node_role::worker);
  return result;
}

leader_identity read_leader_identity(const std::string& path) {
  auto result = read_described_secret<leader_identity>(path);
  check({path, result.ca, result.certificate, result.key}, node_role::leader);
  return result;
}

void write_secret(const std::string& path, std::string_view text) {
  // mkostemp makes a new file of mode 0600, so there is no instant at which others could open it
  std::string temporary = path + ".partial-XXXXXX";
  const descriptor out{::mkostemp(temporary.data(), O_CLOEXEC)};
  if (!out)
    fail_to_write(path);
  try {
    if (::fchmod(out.get(), S_IRUSR | S_IWUSR) != 0)
      fail_to_write(path);
    write_all(out.get(), text, path);
    if (::fsync(out.get()) != 0 || ::rename(temporary.c_str(), path.c_str()) != 0)
      fail_to_write(path);
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
}

descriptor hold_secret(std::string_view text) {
  const std::string name = "a secret in memory";
  descriptor result{::memfd_create("fugato-secret", MFD_CLOEXEC)};
  if (!result || ::fchmod(result.get(), S_IRUSR | S_IWUSR) != 0)
    throw error(errc::internal, name + " must be had, but: " + std::strerror(errno));
  write_all(result.get(), text, name);
  return result;
}

std::string read_secret(const std::string& path) {
  constexpr std::size_t most_bytes = 1 << 20;
  // O_NONBLOCK: opening a FIFO must not wait for a writer
  const descriptor in{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat about {};
  if (!in || ::fstat(in.get(), &about) != 0)
    throw error(errc::settings, path + ": must be a readable file: " + std::strerror(errno));
  if (!S_ISREG(about.st_mode))
    throw error(errc::settings, path + ": must be a regular file");
  if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    throw error(errc::settings, fmt::format("{0}: holds a secret and must be accessible to its owner only, found mode "
                                            "{1:04o}; make new certificates if others may have read it, else: chmod "
                                            "600 {0}",
                                            path, about.st_mode & 07777U));
  std::string text(most_bytes, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = ::read(in.get(), text.data() + size, text.size() - size);
    if (got < 0 && errno != EINTR)
      throw error(errc::settings, path + ": must be a readable file: " + std::strerror(errno));
    if (got == 0)
      break;
    size += static_cast<std::size_t>(std::max<ssize_t>(got, 0));
  }
  text.resize(size);
  return text;
}

void certificate_free::operator()(x509_st* x) const { X509_free(x); }
void key_free::operator()(evp_pkey_st* x) const { EVP_PKEY_free(x); }

certificate_handle parse_certificate(const std::string& pem, const std::string& place) {
  certificate_handle result{PEM_read_bio_X509(reader_of(pem).get(), nullptr, no_password, nullptr)};
  if (!result)
    throw error(errc::settings, place + ": must be a certificate in PEM form (" + openssl_reason() + ")");
  return result;
}

key_handle parse_key(const std::string& pem, const std::string& place) {
  key_handle result{PEM_read_bio_PrivateKey(reader_of(pem).get(), nullptr, no_password, nullptr)};
  if (!result)
    throw error(errc::settings, place + ": must be a private key in PEM form (" + openssl_reason() + ")");
  return result;
}

bool is_for(const x509_st& certificate, node_role role) {
  return found_in_subject(certificate, NID_commonName) == name_of(role);
}

std::string node_of(const x509_st& certificate) {
  return found_in_subject(certificate, NID_organizationalUnitName).value_or("");
}

std::string end_of(const x509_st& certificate) { return text_of(X509_get0_notAfter(&certificate)); }

bool ends_within(const x509_st& certificate, seconds time) {
  std::time_t then = std::time(nullptr) + time.count();
  return X509_cmp_time(X509_get0_notAfter(&certificate), &then) <= 0;
}

std::string openssl_reason() {
  const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return reason == nullptr ? "no reason given" : reason;
}

} // namespace fugato
