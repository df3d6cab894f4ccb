// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/guard.hpp"
#include "actors/pipeline.hpp"

namespace fugato {

trainer_actor::behavior_type trainer(trainer_actor::pointer, std::uint32_t cores) {
  return {
      [cores](const training_job& job) -> caf::result<training_ptr> {
        return guard<training_ptr>([&]() -> caf::result<training_ptr> {
          auto result = std::make_shared<training_result>(train(*job.data, job.how, job.models, cores));
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
