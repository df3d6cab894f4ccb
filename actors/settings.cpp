// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/settings.hpp"

#include "actors/policy.hpp"
#include "audio/chunks.hpp"
#include "config/error.hpp"
#include "features/extractor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

namespace fugato {
namespace {

/// What a line may take for the spectrum of a chunk: complex, power, magnitude.
constexpr double most_bytes = 2e9;
constexpr double bytes_per_bin = 16;

/// The longest chunk that a long track is cut into.
chunk longest_chunk(std::uint32_t rate, const chunking_settings& settings) {
  constexpr std::size_t two_hours = 7200;
  return cut(two_hours * rate, rate, settings).front();
}

} // namespace

void describe(visitor& v, dispatch_settings& x) {
  v("policy", x.policy, one_of{policies().names()}, "how tracks are scheduled");
  v("workers", x.workers, between{0, 1024}, "lines, and the threads that training may use; 0: as many as cores");
  v("credit", x.credit, between{1, 64}, "tracks in flight per line");
  v("batch", x.batch, between{1, 100000}, "tracks per message between processes, where tracks are pulled");
  v("attempts", x.attempts, between{1, 10}, "attempts at a track whose medium failed while reading");
  v("crashes", x.crashes, between{1, 100}, "workers that may be lost over a track before it is given up");
  v("deadline_seconds", x.deadline_seconds, between{0, 1e6},
    "a worker process that needs longer for a track counts as lost; 0: never [s]");
  v("silence_seconds", x.silence_seconds, between{0.2, 3600}, "a worker process not heard of for so long is lost [s]");
  v("straggler_seconds", x.straggler_seconds, between{0, 1e6},
    "a track that takes longer, when no other waits, is tried on a second worker too; 0: never [s]");
  v("no_worker_seconds", x.no_worker_seconds, between{0, 1e7},
    "a run without any worker ends after so long, to be resumed; 0: never [s]");
  v("worker_megabytes", x.worker_megabytes, between{0, 16777216},
    "most address space of a worker process that the run starts; 0: no limit [MiB]");
  v("ship_audio", x.ship_audio, anything{},
    "whether the files' bytes are sent to the lines, a file a message, for nodes that cannot read the corpus "
    "themselves");
  v("ship_megabytes", x.ship_megabytes, between{1, 1048576},
    "with ship_audio: bytes on their way at once, unless a single file is larger [MiB]");
  v("listen", x.listen, anything{},
    "policy distributed: HOST:PORT where workers join; empty: the run starts dispatch.workers of its own");
  v("join_file", x.join_file, a_path{},
    "policy distributed: where the ticket for workers goes (a secret); empty: cluster.json in the run folder");
  v("dashboard", x.dashboard, anything{},
    "HOST:PORT (127.0.0.1:8787) where the run shows itself while it goes on: a page, /api/status, /metrics; a port "
    "alone "
    "is of the loopback interface, 0: any free one; empty: nowhere");
  v("identity", x.identity, a_path{},
    "policy distributed: the leader.json of fugato certificates; empty: a fresh authority for this run");
}

void describe(visitor& v, cache_settings& x) {
  v("folder", x.folder, a_path{},
    "where rows are kept from run to run, found again by the audio's bytes and all settings that rows depend on; "
    "empty: nowhere, and every run measures anew");
}

void describe(visitor& v, line_settings& x) {
  v("audio", x.audio, "how a file becomes mono samples");
  v("chunking", x.chunking, "how samples become chunks");
  v("features", x.features, "what is measured of a chunk");
}

void describe(visitor& v, run_settings& x) {
  v("corpus", x.corpus, a_path{}, "a folder with one sub-folder per genre, or a list file of path[,label] lines");
  describe(v, x.line);
  v("dispatch", x.dispatch, "where the work runs");
  v("cache", x.cache, "rows of earlier runs");
  v("train", x.train, "what is learnt, and how it is judged");
  v("models", x.models, "hyper-parameters, a section per model");
  v("tune", x.tune, "what `fugato tune` searches");
  v("compare", x.compare, "what `fugato compare` measures");
}

void check(const line_settings& x) {
  check(x.features, x.audio.rate);
  const chunk longest = longest_chunk(x.audio.rate, x.chunking);
  const double bins = x.features.n_fft / 2.0 + 1;
  const double bytes = (1.0 + static_cast<double>(longest.size / x.features.hop_length)) * bins * bytes_per_bin;
  if (bytes > most_bytes)
    throw error(errc::settings,
                fmt::format("/features/hop_length: must keep a chunk's spectrum below {:.0f} GB, but "
                            "chunks of {} samples, n_fft {} and hop_length {} need {:.1f} GB",
                            most_bytes / 1e9, longest.size, x.features.n_fft, x.features.hop_length, bytes / 1e9));
}

std::uint32_t core_budget(const dispatch_settings& settings) {
  return settings.workers > 0 ? settings.workers : std::max(1U, std::thread::hardware_concurrency());
}

} // namespace fugato
