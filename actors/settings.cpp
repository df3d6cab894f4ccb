// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/settings.hpp"

#include "actors/policy.hpp"

#include <algorithm>
#include <thread>

namespace fugato {

void describe(visitor& v, dispatch_settings& x) {
  v("policy", x.policy, one_of{policies().names()}, "how tracks are scheduled");
  v("workers", x.workers, between{0, 1024}, "lines, and the threads that training may use; 0: as many as cores");
  v("credit", x.credit, between{1, 64}, "tracks in flight per line");
  v("attempts", x.attempts, between{1, 10}, "attempts at a track whose medium failed while reading");
}

void describe(visitor& v, run_settings& x) {
  v("corpus", x.corpus, a_path{}, "a folder with one sub-folder per genre, or a list file of path[,label] lines");
  v("audio", x.line.audio, "how a file becomes mono samples");
  v("chunking", x.line.chunking, "how samples become chunks");
  v("features", x.line.features, "what is measured of a chunk");
  v("dispatch", x.dispatch, "where the work runs");
  v("train", x.train, "what is learnt, and how it is judged");
  v("models", x.models, "hyper-parameters, a section per model");
}

std::uint32_t core_budget(const dispatch_settings& settings) {
  return settings.workers > 0 ? settings.workers : std::max(1U, std::thread::hardware_concurrency());
}

} // namespace fugato
