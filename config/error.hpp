// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace fugato {

/// What went wrong, coarse enough to act on: who is to blame, and whether a
/// second try can help. `error_kinds()` tells the rest about each.
enum class errc {
  // the user's input
  usage,
  settings,
  bad_table,
  bad_model,
  // a track
  not_found,
  permission,
  not_regular,
  read_error,
  not_audio,
  unsupported_audio,
  damaged_audio,
  non_finite,
  absurd_format,
  no_samples,
  too_large,
  worker_lost,
  // workers and leader
  mismatch,
  unreachable,
  no_workers,
  // our side
  output,
  internal,
};

/// One row of the table of errors: the reason code written to `failures.csv`,
/// what it means, and how the program answers.
struct error_kind {
  errc code;
  std::string_view name;    ///< reason code, e.g. "damaged-audio"
  std::string_view summary; ///< one sentence
  int exit_code;            ///< when it ends the program
  bool retry;               ///< whether another attempt may succeed
};

/// All kinds, in the order of `errc`.
std::span<const error_kind> error_kinds();
const error_kind& kind_of(errc code);
/// The kind named `name`; errc::internal's for an unknown name.
const error_kind& kind_named(std::string_view name);

/// The one exception of the layers below the actors. `what()` is a full
/// sentence that names the place (file, JSON pointer, track), says what must
/// hold and what was found.
class error : public std::runtime_error {
public:
  error(errc code, const std::string& message) : std::runtime_error(message), code_(code) {}

  errc code() const noexcept { return code_; }
  const error_kind& kind() const { return kind_of(code_); }

private:
  errc code_;
};

} // namespace fugato
