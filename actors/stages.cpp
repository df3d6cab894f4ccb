// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/faults.hpp"
#include "actors/guard.hpp"
#include "actors/pipeline.hpp"
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

clip unpack(const shipment& x, const std::string& path, const audio_settings& settings) {
  if (!x.reason.empty())
    throw error(kind_named(x.reason).code, x.sentence);
  return make_clip(std::as_bytes(std::span(x.bytes)), path, settings);
}

} // namespace

reader_actor::behavior_type reader(reader_actor::pointer self, const audio_settings& settings, const std::string& root,
                                   const chunker_actor& next) {
  return {
      [=](const job& x) -> caf::result<measured> {
        return guard<measured>([&]() -> caf::result<measured> {
          const std::string& path = x.todo.what;
          const std::uint64_t start = thread_cpu_nanoseconds();
          auto audio = purely([&] {
            simulate_fault(path);
            return std::make_shared<const clip>(x.file ? unpack(*x.file, path, settings)
                                                       : read_clip(path, settings, root));
          });
          track_notes notes;
          notes.file_bytes = audio->file_bytes;
          notes.audio_microseconds = static_cast<std::uint64_t>(audio->file_seconds * 1e6);
          notes.damaged = audio->damage.empty() ? 0 : 1;
          notes.read_nanoseconds = thread_cpu_nanoseconds() - start;
          return self->delegate(next, loaded_track{path, std::move(audio), notes});
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
          return self->delegate(next, chunked_track{x.path, x.audio, std::move(chunks), x.notes});
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
