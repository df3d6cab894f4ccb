// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/faults.hpp"
#include "actors/guard.hpp"
#include "actors/pipeline.hpp"
#include "audio/bytes.hpp"
#include "config/hash.hpp"
#include "config/usage.hpp"
#include "features/extractor.hpp"

#include <algorithm>
#include <span>

namespace fugato {
namespace {

/// Frames that the delta filter spans; librosa refuses deltas of fewer.
constexpr std::size_t delta_frames = 9;

/// Why the rows may be nonsense, a sentence; else empty.
std::string warning_about(const chunked_track& x, std::uint32_t short_chunks) {
  std::string clauses;
  const auto add = [&](const std::string& clause) { clauses += (clauses.empty() ? ": " : "; ") + clause; };
  if (!x.audio->damage.empty())
    add("only the part before the damage is used: " + x.audio->damage);
  if (!x.audio->warning.empty())
    add(x.audio->warning);
  if (short_chunks == x.chunks.size())
    add("no chunk has 9 frames, so that deltas are 0");
  return clauses.empty() ? "" : x.path + clauses;
}

/// All chunks of a track, one row each. @throws error(no_samples) when there are none.
measured measure(const chunked_track& x, extractor& features) {
  if (x.chunks.empty())
    throw error(errc::no_samples, x.path + ": must be at least one chunk long (chunking.seconds), found " +
                                      std::to_string(x.audio->samples.size()) + " samples");
  measured result;
  result.notes = x.notes;
  result.content = x.content;
  std::vector<float>& values = result.rows.values;
  values.resize(x.chunks.size() * features.width());
  std::vector<float> padded;
  for (std::size_t i = 0; i < x.chunks.size(); ++i) {
    const chunk part = x.chunks[i];
    const std::size_t held = std::min(part.size, x.audio->samples.size() - part.first);
    std::span<const float> samples = std::span(x.audio->samples).subspan(part.first, held);
    if (held < part.size) { // tail = pad
      padded.assign(part.size, 0);
      std::copy(samples.begin(), samples.end(), padded.begin());
      samples = padded;
    }
    const auto row = std::span(values).subspan(i * features.width(), features.width());
    try {
      features.extract(samples, row);
    } catch (const error& e) {
      throw error(e.code(), x.path + ": chunk " + std::to_string(i) + ": " + e.what());
    }
    result.notes.short_chunks += features.frames(samples.size()) < delta_frames ? 1 : 0;
  }
  result.sentence = warning_about(x, result.notes.short_chunks);
  return result;
}

/// Reads and decodes the file, or what came along of it. @throws error as read_file and make_clip
loaded_track load(const job& x, const audio_settings& settings, const std::string& root) {
  const std::string& path = x.todo.what;
  if (x.file && !x.file->reason.empty())
    throw error(kind_named(x.file->reason).code, x.file->sentence);
  std::vector<std::byte> own;
  if (!x.file)
    own = read_file(path, max_file_bytes(settings), root);
  const std::span<const std::byte> bytes = x.file ? std::as_bytes(std::span(x.file->bytes)) : own;
  loaded_track result{path, std::make_shared<const clip>(make_clip(bytes, path, settings)), {}};
  result.content = x.content.empty() ? sha256_hex(bytes) : x.content;
  result.notes.file_bytes = result.audio->file_bytes;
  result.notes.audio_microseconds = static_cast<std::uint64_t>(result.audio->file_seconds * 1e6);
  result.notes.damaged = result.audio->damage.empty() ? 0 : 1;
  return result;
}

} // namespace

reader_actor::behavior_type reader(reader_actor::pointer self, const audio_settings& settings, const std::string& root,
                                   const chunker_actor& next) {
  return {
      [=](const job& x) -> caf::result<measured> {
        return guard<measured>([&]() -> caf::result<measured> {
          const std::uint64_t start = thread_cpu_nanoseconds();
          loaded_track result = purely([&] {
            simulate_fault(x.todo.what);
            return load(x, settings, root);
          });
          result.notes.read_nanoseconds = thread_cpu_nanoseconds() - start;
          return self->delegate(next, std::move(result));
        });
      },
  };
}

chunker_actor::behavior_type chunker(chunker_actor::pointer self, const chunking_settings& settings,
                                     const extractor_actor& next) {
  return {
      [=](const loaded_track& x) -> caf::result<measured> {
        return guard<measured>([&]() -> caf::result<measured> {
          auto chunks = purely([&] { return cut(x.audio->samples.size(), x.audio->rate, settings); });
          return self->delegate(next, chunked_track{x.path, x.audio, std::move(chunks), x.notes, x.content});
        });
      },
  };
}

extractor_actor::behavior_type feature_extractor(extractor_actor::pointer, const line_settings& settings) {
  auto features = std::make_shared<extractor>(settings.features, settings.audio.rate);
  return {
      [=](const chunked_track& x) -> caf::result<measured> {
        return guard<measured>([&]() -> caf::result<measured> {
          const std::uint64_t start = thread_cpu_nanoseconds();
          measured rows = purely([&] { return measure(x, *features); });
          rows.notes.extract_nanoseconds = thread_cpu_nanoseconds() - start;
          return rows;
        });
      },
  };
}

} // namespace fugato
