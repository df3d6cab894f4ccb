// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/dataset.hpp"
#include "models/trained.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace fugato {

/// What a model loses when it cannot see a column: the mean log loss over the rows with that column's values shuffled
/// among them, less the mean log loss as they are (Breiman, Random Forests, 2001; Fisher, Rudin and Dominici, 2019,
/// "model reliance" as a difference). 0 or less: the model does without. Columns that say the same share their weight,
/// since each can stand in for the other. One shuffle a column, by numpy.random.RandomState(seed).
/// @param rows of the table, labelled; those that the model has not learnt from
/// @param threads never exceeded; the result does not depend on them
/// @returns one number per column of the table. Time: columns + 1 predictions of `rows`.
std::vector<double> permutation_importance(const trained_model& model, const dataset& table,
                                           std::span<const std::uint32_t> rows, std::uint32_t seed, unsigned threads);

/// At most so many of the rows, evenly spread.
std::vector<std::uint32_t> spread_rows(std::span<const std::uint32_t> rows, std::size_t most);

} // namespace fugato
