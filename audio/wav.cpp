// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/wav.hpp"

#include "config/error.hpp"

#include <sndfile.h>

#include <filesystem>
#include <system_error>

namespace fugato {
namespace {

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw error(errc::output, path + ": a WAV file must be writable here, but " + why);
}

/// Removes the unfinished file however writing ends; after the renaming there is none.
class partial_file {
public:
  explicit partial_file(const std::string& target) : path_(target + ".partial") {}
  partial_file(const partial_file&) = delete;
  partial_file& operator=(const partial_file&) = delete;
  ~partial_file() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }

  const std::string& path() const { return path_; }

private:
  std::string path_;
};

} // namespace

void write_wav(const std::string& path, std::span<const std::int16_t> samples, std::uint32_t rate) {
  const partial_file partial(path);
  SF_INFO format{};
  format.samplerate = static_cast<int>(rate);
  format.channels = 1;
  format.format = SF_FORMAT_WAV | SF_FORMAT_PCM_16;
  SNDFILE* file = sf_open(partial.path().c_str(), SFM_WRITE, &format);
  if (file == nullptr)
    refuse(path, std::string("libsndfile says: ") + sf_strerror(nullptr));
  const auto wanted = static_cast<sf_count_t>(samples.size());
  const sf_count_t written = sf_write_short(file, samples.data(), wanted);
  const std::string said = sf_strerror(file);
  const int closed = sf_close(file); // writes the header: the last chance to fail
  if (written != wanted)
    refuse(path, "only " + std::to_string(written) + " of " + std::to_string(wanted) + " samples were taken: " + said);
  if (closed != 0)
    refuse(path, std::string("closing failed: ") + sf_error_number(closed));
  std::error_code failure;
  std::filesystem::rename(partial.path(), path, failure);
  if (failure)
    refuse(path, "renaming " + partial.path() + " failed: " + failure.message());
}

} // namespace fugato
