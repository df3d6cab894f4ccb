// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/classifier.hpp"

#include <cstdint>
#include <string_view>

/// What classifiers ask of their rows. @p who names the classifier in the sentence.
namespace fugato {

/// More than any table has, and few enough that no model file can ask for absurd memory.
constexpr std::uint32_t max_classes = 65536;

/// @throws error(bad_model) unless the rows have @p width columns and finite values.
void check_rows(const samples& x, std::size_t width, std::string_view who);

/// @throws error(bad_model) unless there are finite rows, each with a label below
///         @p classes, of at least two classes.
void check_trainable(const samples& x, std::uint32_t classes, std::string_view who);

} // namespace fugato
