// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/error.hpp"
#include "config/shortage.hpp"

#include <caf/all.hpp>

#include <exception>
#include <string>

namespace fugato {

/// Errors travel through CAF as (reason code, sentence).
inline caf::error to_caf(errc code, const std::string& sentence) {
  return caf::make_error(caf::sec::runtime_error, std::string(kind_of(code).name), sentence);
}

/// The inverse; an error of CAF's own becomes errc::internal.
inline error from_caf(const caf::error& x) {
  const caf::message context = x.context(); // by value: what it holds must outlive the look
  if (x == caf::sec::runtime_error && context.match_elements<std::string, std::string>())
    return {kind_named(context.get_as<std::string>(0)).code, context.get_as<std::string>(1)};
  return {errc::internal, "the actor system must answer, but said " + to_string(x)};
}

/// For pure work of ours: allocations that fail are the track's, see config/shortage.hpp.
template <class F>
auto purely(F f) {
  const answering_for_memory here;
  return f();
}

/// Runs `f`. What the pure layers throw becomes the answer of the request, so
/// that a bad track never ends an actor.
template <class Answer, class F>
caf::result<Answer> guard(F f) {
  try {
    return f();
  } catch (const error& e) {
    return to_caf(e.code(), e.what());
  } catch (const std::exception& e) {
    return to_caf(errc::internal, sentence_of(e));
  }
}

} // namespace fugato
