// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/guard.hpp"

#include <caf/all.hpp>

#include <memory>
#include <utility>

/// How a plain thread deals with actors.
namespace fugato {

/// Stops an actor at the end of a scope and waits until it is gone.
template <class Handle>
class lifetime {
public:
  lifetime(caf::scoped_actor& self, Handle handle) : self_(self), handle_(std::move(handle)) {}
  ~lifetime() {
    self_->send_exit(handle_, caf::exit_reason::user_shutdown);
    self_->wait_for(handle_);
  }
  lifetime(const lifetime&) = delete;
  lifetime& operator=(const lifetime&) = delete;
  const Handle& operator*() const { return handle_; }

private:
  caf::scoped_actor& self_;
  Handle handle_;
};

/// Asks and waits. @throws error for an answer that is one.
template <class Answer, class Handle, class... Question>
Answer ask(caf::scoped_actor& self, const Handle& whom, Question&&... question) {
  Answer result;
  std::unique_ptr<error> problem;
  self->request(whom, caf::infinite, std::forward<Question>(question)...)
      .receive([&](const Answer& x) { result = x; },
               [&](const caf::error& e) { problem = std::make_unique<error>(from_caf(e)); });
  if (problem)
    throw *problem;
  return result;
}

} // namespace fugato
