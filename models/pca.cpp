// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/pca.hpp"

#include "models/matrix.hpp"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>

namespace fugato {

principal_components find_components(std::span<const std::vector<double>> columns, std::size_t keep) {
  const Eigen::Index rows = index(columns.front().size());
  const Eigen::Index width = index(columns.size());
  Eigen::MatrixXd z(rows, width);
  for (Eigen::Index j = 0; j < width; ++j) {
    const Eigen::Map<const Eigen::VectorXd> x{columns[static_cast<std::size_t>(j)].data(), rows};
    const Eigen::VectorXd centred = x.array() - x.mean();
    z.col(j) = centred / std::sqrt(centred.squaredNorm() / static_cast<double>(rows));
  }
  const Eigen::MatrixXd correlation = z.transpose() * z / static_cast<double>(rows);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver{correlation};

  principal_components result;
  result.kept = std::min(keep, columns.size());
  const double total = solver.eigenvalues().cwiseMax(0.0).sum();
  for (Eigen::Index k = width; k-- > 0;) // Eigen has the smallest first
    result.explained.push_back(std::max(0.0, solver.eigenvalues()(k)) / total);
  Eigen::MatrixXd kept(width, index(result.kept));
  for (Eigen::Index k = 0; k < kept.cols(); ++k) {
    kept.col(k) = solver.eigenvectors().col(width - 1 - k);
    Eigen::Index largest = 0;
    kept.col(k).cwiseAbs().maxCoeff(&largest);
    if (kept(largest, k) < 0)
      kept.col(k) = -kept.col(k);
    for (Eigen::Index j = 0; j < width; ++j)
      result.weights.push_back(kept(j, k));
  }
  const Eigen::MatrixXd places = z * kept;
  for (Eigen::Index i = 0; i < rows; ++i)
    for (Eigen::Index k = 0; k < kept.cols(); ++k)
      result.places.push_back(places(i, k));
  return result;
}

} // namespace fugato
