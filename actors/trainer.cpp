// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/guard.hpp"
#include "actors/pipeline.hpp"

namespace fugato {

trainer_actor::behavior_type trainer(trainer_actor::pointer self, std::uint32_t cores, const observer_actor& watcher,
                                     const fitter& fit) {
  return {
      [=](const training_job& job) -> caf::result<training_ptr> {
        return guard<training_ptr>([&]() -> caf::result<training_ptr> {
          const auto tell = [&](std::uint32_t done, std::uint32_t of) {
            self->send(watcher, progress{of, done, 0, 0});
          };
          auto result =
              std::make_shared<training_result>(train(*job.data, job.how, job.models, cores, nullptr, tell, fit));
          if (job.origin) {
            result->model.from_audio = true;
            result->model.audio = job.origin->audio;
            result->model.chunking = job.origin->chunking;
            result->model.features = job.origin->features;
          }
          return training_ptr{std::move(result)};
        });
      },
  };
}

} // namespace fugato
