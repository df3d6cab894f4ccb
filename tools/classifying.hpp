// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/settings.hpp"
#include "models/trained.hpp"
#include "report/prediction.hpp"
#include "tools/command.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

/// What the commands that classify music have in common.
namespace fugato {

struct classifying_options {
  std::string model;
  std::vector<std::string> inputs;
  std::string files_from;
  bool null = false;
  std::vector<std::string> assignments;
  std::string isa; ///< instruction set to compute by; empty: the model's
  std::string policy;
  std::string workers;
  double threshold = 0.5;
  std::uint32_t allowed_failures = 0;
};

/// Adds them to a command. @param required whether it does nothing else than classify
void add_classifying_options(CLI::App& command, classifying_options& x, bool required);

/// A model and music for it.
struct classifying {
  trained_model model;
  prediction_rules rules;
  run_settings settings;
  std::vector<track> tracks;
};

/// @throws error of the model, the settings or the files: error(bad_model) when the model does not know how its
///         features were made, or this build cannot make them
classifying prepare(const classifying_options& x);

struct classified {
  std::uint32_t tracks = 0;
  std::uint32_t failed = 0;
  std::uint32_t unsure = 0;
};

/// Who is told of each track, in their order, one call at a time, from several threads.
struct classified_callbacks {
  std::function<void(const track_prediction&)> track;
  std::function<void(const failed_prediction&)> failure;
};

/// Listens to all tracks by the actors and lets the model judge each as it comes. Memory holds the tracks that
/// wait for an earlier one, no more. Names failures and doubtful tracks on stderr.
/// @throws what a callback throws; the work is then stopped first
classified classify(const classifying& x, const classified_callbacks& tell);

/// Exit code: as of the commands that extract.
outcome outcome_of(const classified& x, std::uint32_t allowed_failures);

/// Paths of a list, a line each (with @p null, ended by a zero byte each, as `find -print0` writes them); `-`: stdin.
/// @throws error(settings) when it cannot be read or names none
std::vector<std::string> listed_paths(const std::string& list, bool null);

} // namespace fugato
