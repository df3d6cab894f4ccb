// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/parallel.hpp"

#include "config/error.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <fmt/format.h>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace fugato {
namespace {

/// What the threads have in common.
struct queue {
  std::size_t jobs;
  const std::function<worker()>& make_worker;
  const fit_context* context;
  std::atomic<std::size_t> next = 0;
  std::atomic<std::size_t> done = 0;
  std::atomic<bool> failed = false;
  std::mutex lock{};
  std::exception_ptr failure{};

  void stop_if_cancelled() const {
    if (context != nullptr && context->cancel != nullptr && context->cancel->load())
      throw error(errc::internal, fmt::format("training was cancelled after {} of {} steps", done.load(), jobs));
  }

  void tell() const {
    if (context != nullptr && context->tell)
      context->tell(static_cast<std::uint32_t>(done.load()), static_cast<std::uint32_t>(jobs));
  }

  void work(bool telling) {
    try {
      const worker work = make_worker();
      for (std::size_t job = next++; job < jobs && !failed; job = next++) {
        stop_if_cancelled();
        work(job);
        ++done;
        if (telling && done < jobs) // the last step is told when all have come home
          tell();
      }
    } catch (...) {
      const std::lock_guard guard(lock);
      if (!failed.exchange(true))
        failure = std::current_exception();
    }
  }
};

} // namespace

void share_out(std::size_t jobs, unsigned threads, const std::function<worker()>& make_worker,
               const fit_context* context) {
  queue all{jobs, make_worker, context};
  {
    std::vector<std::jthread> helpers;
    try {
      for (std::size_t i = 1; i < std::min<std::size_t>(threads, jobs); ++i)
        helpers.emplace_back([&all] { all.work(false); });
    } catch (const std::system_error&) { // no more threads can start: those that did, do it all
    }
    all.work(true);
  }
  if (all.failure)
    std::rethrow_exception(all.failure);
  all.tell();
}

} // namespace fugato
