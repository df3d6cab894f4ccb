// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/classifier.hpp"

#include <Eigen/Core>

/// Only for the .cpp files of models: Eigen is slow to compile.
namespace fugato {

using matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

inline Eigen::Index index(std::size_t i) { return static_cast<Eigen::Index>(i); }

/// Rows as doubles: |x|^2 + |y|^2 - 2 x.y of floats would lose what tells near rows apart.
inline matrix as_matrix(const samples& x) {
  using floats = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  return Eigen::Map<const floats>(x.values.data(), index(x.rows()), index(x.width)).cast<double>();
}

} // namespace fugato
