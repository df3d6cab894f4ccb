// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/error.hpp"

#include <array>

namespace fugato {
namespace {

constexpr int failed = 1;
constexpr int misused = 2;
// as sysexits.h has them
constexpr int unavailable = 69;
constexpr int unwritable = 74;
constexpr int temporary = 75;
constexpr int protocol = 76;

constexpr std::array kinds{
    error_kind{errc::usage, "usage", "The command line is wrong.", misused, false},
    error_kind{errc::settings, "settings", "The configuration is wrong.", misused, false},
    error_kind{errc::bad_table, "bad-table", "A feature table cannot be used.", failed, false},
    error_kind{errc::bad_model, "bad-model", "A model cannot be used or trained.", failed, false},
    error_kind{errc::not_found, "not-found", "The file does not exist.", failed, false},
    error_kind{errc::permission, "permission", "The file may not be read.", failed, false},
    error_kind{errc::not_regular, "not-regular", "The path names no regular file.", failed, false},
    error_kind{errc::read_error, "read-error", "The medium failed while reading.", failed, true},
    error_kind{errc::not_audio, "not-audio", "The bytes are no audio format that is known.", failed, false},
    error_kind{errc::unsupported_audio, "unsupported-audio", "The audio format is known but cannot be decoded.", failed,
               false},
    error_kind{errc::damaged_audio, "damaged-audio", "The audio data is cut off or corrupted.", failed, false},
    error_kind{errc::non_finite, "non-finite", "The audio holds infinite or undefined samples.", failed, false},
    error_kind{errc::absurd_format, "absurd-format", "Sample rate or channel count is out of range.", failed, false},
    error_kind{errc::no_samples, "no-samples", "The file holds no audio sample.", failed, false},
    error_kind{errc::too_large, "too-large", "The audio is longer than audio.max_seconds or the file too large.",
               failed, false},
    error_kind{errc::worker_lost, "worker-lost", "Workers were lost while the track was in their hands.", failed,
               false},
    error_kind{errc::mismatch, "mismatch", "Worker and leader are not of the same build or settings.", protocol, false},
    error_kind{errc::unreachable, "unreachable", "The leader could not be reached.", unavailable, false},
    error_kind{errc::no_workers, "no-workers", "There was no worker to go on with.", temporary, false},
    error_kind{errc::output, "output", "A result could not be written.", unwritable, false},
    error_kind{errc::internal, "internal", "Fugato itself failed.", failed, false},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kinds.size(); ++i)
    if (static_cast<std::size_t>(kinds[i].code) != i)
      return false;
  return true;
}
static_assert(in_order(), "the table of errors must follow errc");

} // namespace

std::span<const error_kind> error_kinds() { return kinds; }

const error_kind& kind_of(errc code) { return kinds[static_cast<std::size_t>(code)]; }

const error_kind& kind_named(std::string_view name) {
  for (const error_kind& kind : kinds)
    if (kind.name == name)
      return kind;
  return kind_of(errc::internal);
}

} // namespace fugato
