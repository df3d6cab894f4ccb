// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/error.hpp"
#include "models/checks.hpp"
#include "models/loopback_only.hpp"
#include "models/xgboost_classifier.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace fugato {
namespace {

/// Membership of this thread in XGBoost's collective. However it ends, the links to
/// the other ranks are closed, so that these do not wait for one that has failed.
class membership {
public:
  explicit membership(const rank_job& job) {
    // it would print the ranks' names, which nobody else shall know; this is the thread's setting
    xgboost_api::check(FUGATO_XGBOOST(XGBRegisterLogCallback)([](const char*) {}));
    // what is written here is ours, or checked by who sent it: a number, a name without quotes
    const std::string config =
        fmt::format(R"({{"xgboost_communicator":"rabit","rabit_tracker_uri":"127.0.0.1","rabit_tracker_port":{},)"
                    R"("rabit_task_id":"{}","DMLC_WORKER_CONNECT_RETRY":"2","rabit_timeout_sec":{}}})",
                    job.port, job.name, std::max(job.timeout_seconds, 1U));
    const loopback_only here{job.awaits};
    xgboost_api::check(FUGATO_XGBOOST(XGCommunicatorInit)(config.c_str()));
    member_ = true;
    if (job.ranks > 1 && here.moved() == 0)
      throw error(errc::internal, "a rank must await the others at this machine only, but XGBoost binds its port in a "
                                  "way that is not known");
  }
  ~membership() {
    if (member_)
      FUGATO_XGBOOST(XGCommunicatorFinalize)(); // it has failed already, or says so itself
  }
  membership(const membership&) = delete;
  membership& operator=(const membership&) = delete;

  std::uint32_t rank() const { return static_cast<std::uint32_t>(FUGATO_XGBOOST(XGCommunicatorGetRank)()); }
  std::uint32_t ranks() const { return static_cast<std::uint32_t>(FUGATO_XGBOOST(XGCommunicatorGetWorldSize)()); }
  void tell(const checkpoint& x) const {
    xgboost_api::check(FUGATO_XGBOOST(XGCommunicatorPrint)(to_message(x).c_str()));
  }

  /// The end when all went well.
  void leave() {
    member_ = false;
    xgboost_api::check(FUGATO_XGBOOST(XGCommunicatorFinalize)());
  }

private:
  bool member_ = false;
};

} // namespace

void xgboost_classifier::check_collective() const {
  if (trees().tree_method == "exact")
    throw error(errc::settings, "tree_method: must be hist or approx where ranks learn together, found exact");
  if (early_stopping_rounds() > 0)
    throw error(errc::settings, fmt::format("early_stopping_rounds: must be 0 where ranks learn together, found {}",
                                            early_stopping_rounds()));
}

std::string xgboost_classifier::fit_together(const samples& shard, const fit_context& context,
                                             const rank_job& job) const {
  check_collective();
  membership all{job};
  if (all.ranks() != job.ranks)
    throw error(errc::internal, fmt::format("{} ranks must have met, found {}", job.ranks, all.ranks()));
  check_rows(shard, shard.width, "a rank of the XGBoost model");
  const xgboost_api::matrix data(shard, context.threads); // agrees with the other ranks on the width
  xgboost_api::boosting work{data, all_parameters(context), rounds()};
  work.columns = context.columns;
  work.initial = job.initial;
  const std::uint32_t rank = all.rank();
  const auto learnt = xgboost_api::boost(work, [&](xgboost_api::booster& so_far, std::uint32_t done) {
    if (rank == 0 && done > 0 && done < rounds() && done % job.checkpoint_rounds == 0)
      all.tell({done, rounds(), so_far.to_json()});
    return true;
  });
  std::string model = learnt->to_json();
  all.leave();
  return model;
}

} // namespace fugato
