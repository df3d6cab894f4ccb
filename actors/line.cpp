// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/faults.hpp"
#include "actors/guard.hpp"
#include "actors/pipeline.hpp"
#include "config/usage.hpp"
#include "features/extractor.hpp"

#include <algorithm>
#include <chrono>

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
  return clauses.empty() ? "" : x.source.path + clauses;
}

/// All chunks of a track, one row each. @throws error(no_samples) when there are none.
track_rows measure(const chunked_track& x, extractor& features) {
  if (x.chunks.empty())
    throw error(errc::no_samples, x.source.path + ": must be at least one chunk long (chunking.seconds), found " +
                                      std::to_string(x.audio->samples.size()) + " samples");
  track_rows result{{}, x.notes, {}};
  result.values.resize(x.chunks.size() * features.width());
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
    const auto row = std::span(result.values).subspan(i * features.width(), features.width());
    try {
      features.extract(samples, row);
    } catch (const error& e) {
      throw error(e.code(), x.source.path + ": chunk " + std::to_string(i) + ": " + e.what());
    }
    result.notes.short_chunks += features.frames(samples.size()) < delta_frames ? 1 : 0;
  }
  result.warning = warning_about(x, result.notes.short_chunks);
  return result;
}

/// Takes a parcel's tracks through the line one by one, so that only one is
/// decoded at a time, and their rows to the sink.
class errand : public std::enable_shared_from_this<errand> {
public:
  errand(line_actor::pointer self, const parcel& work, reader_actor first, sink_actor sink)
      : self_(self), tracks_(work.tracks), first_(std::move(first)), sink_(std::move(sink)) {
    done_.lease = work.lease;
  }

  caf::result<receipt> run() {
    promise_ = self_->make_response_promise<receipt>();
    step();
    return promise_;
  }

private:
  void step() {
    const std::size_t at = done_.tracks.size();
    if (at == tracks_.size()) {
      promise_.delegate(sink_, std::move(done_));
      return;
    }
    const auto start = std::chrono::steady_clock::now();
    const auto finish = [me = shared_from_this(), id = tracks_[at].id, start](measured result) {
      const auto busy = std::chrono::steady_clock::now() - start;
      result.track = id;
      result.notes.busy_microseconds =
          static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(busy).count());
      me->done_.tracks.push_back(std::move(result));
      me->step();
    };
    self_->request(first_, caf::infinite, tracks_[at])
        .then(
            [finish](track_rows& x) {
              finish({0, {std::move(x.values)}, "", std::move(x.warning), x.notes});
            },
            [finish](const caf::error& e) {
              const error why = from_caf(e);
              finish({0, {}, std::string(why.kind().name), why.what(), {}});
            });
  }

  line_actor::pointer self_;
  std::vector<track> tracks_;
  reader_actor first_;
  sink_actor sink_;
  parcel_rows done_;
  caf::typed_response_promise<receipt> promise_;
};

} // namespace

reader_actor::behavior_type reader(reader_actor::pointer self, const audio_settings& settings, const std::string& root,
                                   const chunker_actor& next) {
  return {
      [=](const track& x) -> caf::result<track_rows> {
        return guard<track_rows>([&]() -> caf::result<track_rows> {
          simulate_fault(x.path);
          const std::uint64_t start = thread_cpu_nanoseconds();
          auto audio = std::make_shared<const clip>(read_clip(x.path, settings, root));
          track_notes notes;
          notes.file_bytes = audio->file_bytes;
          notes.audio_microseconds = static_cast<std::uint64_t>(audio->file_seconds * 1e6);
          notes.damaged = audio->damage.empty() ? 0 : 1;
          notes.read_nanoseconds = thread_cpu_nanoseconds() - start;
          return self->delegate(next, loaded_track{x, std::move(audio), notes});
        });
      },
  };
}

chunker_actor::behavior_type chunker(chunker_actor::pointer self, const chunking_settings& settings,
                                     const extractor_actor& next) {
  return {
      [=](const loaded_track& x) -> caf::result<track_rows> {
        return guard<track_rows>([&]() -> caf::result<track_rows> {
          auto chunks = cut(x.audio->samples.size(), x.audio->rate, settings);
          return self->delegate(next, chunked_track{x.source, x.audio, std::move(chunks), x.notes});
        });
      },
  };
}

extractor_actor::behavior_type feature_extractor(extractor_actor::pointer, const line_settings& settings) {
  auto features = std::make_shared<extractor>(settings.features, settings.audio.rate);
  return {
      [=](const chunked_track& x) -> caf::result<track_rows> {
        return guard<track_rows>([&]() -> caf::result<track_rows> {
          const std::uint64_t start = thread_cpu_nanoseconds();
          track_rows rows = measure(x, *features);
          rows.notes.extract_nanoseconds = thread_cpu_nanoseconds() - start;
          return rows;
        });
      },
  };
}

line_actor::behavior_type line(line_actor::pointer self, const line_settings& settings, const std::string& root,
                               const sink_actor& sink) {
  const auto last = self->spawn<caf::linked>(feature_extractor, settings);
  const auto middle = self->spawn<caf::linked>(chunker, settings.chunking, last);
  const auto first = self->spawn<caf::linked>(reader, settings.audio, root, middle);
  return {
      [=](const parcel& x) { return std::make_shared<errand>(self, x, first, sink)->run(); },
  };
}

} // namespace fugato
