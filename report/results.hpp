// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "audio/track.hpp"
#include "config/files.hpp"
#include "features/catalog.hpp"
#include "models/dataset.hpp"
#include "models/row_source.hpp"
#include "models/training.hpp"
#include "report/run_report.hpp"

#include <span>
#include <string>
#include <utility>
#include <vector>

/// The files of a run folder.
namespace fugato {

/// Where a result comes from: `manifest.json`.
struct manifest {
  struct library {
    std::string name;
    std::string version;
  };
  std::uint32_t format = 1;
  std::string command; ///< as typed
  std::string started; ///< UTC, ISO 8601
  std::string commit;
  std::string compiler;
  std::string build_type;
  std::vector<library> versions;
  host_report host;
  std::vector<std::string> isa; ///< instruction sets that features were computed by
  std::string config_sha256;    ///< of config.resolved.json
  std::string corpus_sha256;    ///< of the listing: name, path, label of each track
  std::string table_sha256;     ///< of features.csv
};

void describe(visitor& v, manifest::library& x);
void describe(visitor& v, manifest& x);

/// `columns.json`.
struct column_list {
  std::vector<column> columns;
};

void describe(visitor& v, column& x);
void describe(visitor& v, column_list& x);

/// This machine, now.
host_report this_host();

/// Now, in UTC: "2026-11-22T21:53:00Z".
std::string utc_now();

/// features.csv, features.npy, columns.json. @returns the SHA-256 of features.csv.
std::string write_features(const staged_folder& folder, const row_source& table, const feature_settings& settings);

/// failures.csv: path,reason,sentence.
std::string failures_csv(std::span<const failure> failures);

/// split.csv: row,track,chunk,label,part in the order of the table; a part is train,
/// valid, test or none.
std::string split_csv(const dataset& data, const split& parts);

/// predictions.csv: row,track,chunk,part,label,predicted and each class's
/// probability, p_<class>: the test rows, then the training rows.
std::string predictions_csv(const dataset& data, const training_result& result);

/// Failures counted by reason, in the order of `errc`.
std::vector<failure_count> count_failures(std::span<const failure> failures);

} // namespace fugato
