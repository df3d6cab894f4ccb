// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/guard.hpp"
#include "actors/pipeline.hpp"
#include "audio/bytes.hpp"
#include "config/hash.hpp"
#include "config/usage.hpp"

namespace fugato {
namespace {

/// The file that came with the job, or as it lies here. @throws error as read_file
std::shared_ptr<const shipment> file_of(const job& x, const audio_settings& settings, const std::string& root) {
  if (x.file)
    return x.file;
  const std::vector<std::byte> bytes = read_file(x.todo.what, max_file_bytes(settings), root);
  auto result = std::make_shared<shipment>();
  result->bytes.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return result;
}

measured as_measured(known_rows x, const std::string& path, const std::string& content) {
  measured result;
  result.rows.values = std::move(x.rows);
  result.sentence = x.warning.empty() ? "" : path + x.warning;
  result.notes = x.notes;
  result.notes.cached = 1;
  result.content = content;
  return result;
}

/// Rows are worth more than their place in the cache.
void keep(const feature_cache& cache, const std::string& content, const std::string& path, measured& x) {
  const bool starts_with_path = x.sentence.starts_with(path);
  track_notes notes = x.notes; // times are this run's own: what is kept depends on the file and the settings alone
  notes.read_nanoseconds = notes.extract_nanoseconds = notes.busy_microseconds = 0;
  notes.cached = notes.cache_stored = notes.cache_damaged = notes.cache_failed = 0;
  try {
    cache.keep(content, {x.rows.values, starts_with_path ? x.sentence.substr(path.size()) : x.sentence, notes, false});
    x.notes.cache_stored = 1;
  } catch (const error&) {
    x.notes.cache_failed = 1;
  }
}

} // namespace

reader_actor::behavior_type librarian(reader_actor::pointer self, std::shared_ptr<const feature_cache> cache,
                                      const audio_settings& settings, const std::string& root,
                                      const reader_actor& next) {
  return {
      [=](const job& x) -> caf::result<measured> {
        return guard<measured>([&]() -> caf::result<measured> {
          const std::uint64_t start = thread_cpu_nanoseconds();
          const auto file = purely([&] { return file_of(x, settings, root); });
          if (!file->reason.empty())
            return self->delegate(next, x);
          const std::string content = sha256_hex(file->bytes);
          known_rows known = purely([&] { return cache->find(content); });
          const std::uint64_t spent = thread_cpu_nanoseconds() - start;
          const bool damaged = known.damaged;
          const std::string& path = x.todo.what;
          if (!known.rows.empty()) {
            measured result = as_measured(std::move(known), path, content);
            result.notes.read_nanoseconds = spent;
            return result;
          }
          auto answer = self->template make_response_promise<measured>();
          self->request(next, caf::infinite, job{x.todo, file, content})
              .then(
                  [=](measured& rows) mutable {
                    rows.notes.read_nanoseconds += spent;
                    rows.notes.cache_damaged = damaged ? 1 : 0;
                    keep(*cache, content, path, rows);
                    answer.deliver(std::move(rows));
                  },
                  [=](const caf::error& e) mutable { answer.deliver(e); });
          return answer;
        });
      },
  };
}

} // namespace fugato
