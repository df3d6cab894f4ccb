// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/dialled.hpp"

#include "actors/gate.hpp"
#include "actors/pump.hpp"
#include "actors/tls.hpp"
#include "config/error.hpp"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <string>
#include <sys/socket.h>
#include <thread>

namespace fugato {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

struct dialled::line {
  line(const tls_context& context, descriptor socket) : tls(context, std::move(socket)) {}

  tls_stream tls;
  descriptor ours;
  descriptor theirs;
  traffic moved;
  std::atomic<bool> over = false;
  std::thread thread;
};

namespace {

error not_let_in(const std::string& place, tls_outcome why, const std::string& detail) {
  switch (why) {
  case tls_outcome::timed_out:
    return {errc::read_error, place + ": the leader must answer in time, found silence"};
  case tls_outcome::closed:
    return {errc::read_error, place + ": the leader must let this worker in, but closed the connection"};
  case tls_outcome::refused:
    return {errc::settings, place + ": the leader must accept the ticket's certificate, but refused it: " + detail};
  case tls_outcome::wrong_role:
    return {errc::settings, place + ": must be the leader, found a peer whose certificate names another role"};
  case tls_outcome::untrusted:
    return {errc::settings,
            place + ": must show a certificate of the ticket's authority for leaders, found: " + detail};
  default:
    return {errc::settings, place + ": must be a leader's gate, found something that speaks no TLS 1.3: " + detail};
  }
}

} // namespace

dialled::dialled(const join_ticket& ticket, milliseconds limit) {
  const tls_context context{node_role::worker, ticket.ca, {ticket.certificate, ticket.key}};
  const std::string place = place_of(ticket.host, ticket.port);
  line_ = std::make_unique<line>(context, connect_to(ticket.host, ticket.port, steady_clock::now() + limit));

  const deadline until = steady_clock::now() + limit;
  char answer = 0;
  tls_outcome result = line_->tls.handshake(until);
  if (result == tls_outcome::done)
    result = line_->tls.receive_byte(answer, until);
  if (result != tls_outcome::done)
    throw not_let_in(place, result, line_->tls.detail());
  if (answer != static_cast<char>(gate_answer::welcome))
    throw error(errc::read_error, place + ": the leader must have room for this worker, but all places are taken");

  auto [ours, theirs] = local_pair();
  if (!ours)
    throw error(errc::internal, std::string("dialled: must get a local socket: ") + std::strerror(errno));
  line_->ours = std::move(ours);
  line_->theirs = std::move(theirs);
  line_->thread = std::thread([&on = *line_] {
    pump(on.tls, on.ours.get(), on.moved);
    on.over = true;
  });
}

dialled::~dialled() {
  ::shutdown(line_->ours.get(), SHUT_RDWR);
  line_->thread.join();
}

bool dialled::ended() const { return line_->over; }

int dialled::take_plain_fd() { return line_->theirs.release(); }

} // namespace fugato
