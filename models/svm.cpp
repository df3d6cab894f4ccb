// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/svm.hpp"

#include "config/error.hpp"
#include "config/files.hpp"
#include "models/checks.hpp"
#include "models/libsvm.hpp"
#include "models/matrix.hpp"
#include "models/npy.hpp"
#include "models/parallel.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <numeric>
#include <sstream>
#include <utility>

namespace fugato {
namespace {

constexpr std::string_view who = "the SVM";
constexpr const char* file_name = "svm.npy";
constexpr double highest_c = 1e6;

struct svm_parameters {
  double c = 1;
  double gamma = 0;
  double tolerance = 1e-3;
  bool break_ties = false;
};

void describe(visitor& v, svm_parameters& x) {
  v("C", x.c, between{1e-6, highest_c}, "cost of a training row on the wrong side; less is smoother");
  v("gamma", x.gamma, between{0, 1e6},
    "how fast a training row's influence falls with the squared distance; 0: 1 / (columns x variance of all training "
    "values), scikit-learn's \"scale\"");
  v("tolerance", x.tolerance, between{1e-9, 1}, "how far from the optimum the solver may stop");
  v("break_ties", x.break_ties, anything{},
    "of classes with equally many votes choose that with the clearest decisions, not the first");
}

/// What was learnt. A vector belongs to one class and supports the pairs of it with each
/// other class: so its coefficients are numbered by the other class of the pair.
struct machines {
  samples vectors;                    ///< training rows that support any pair; labels, ascending: index into trained
  matrix coefficients;                ///< vectors x trained; 0 where the vector does not support the pair
  std::vector<double> intercepts;     ///< of each pair
  std::vector<std::uint32_t> trained; ///< classes that occurred, ascending
  std::uint32_t classes = 0;
  double gamma = 0;

  std::size_t pairs() const { return trained.size() * (trained.size() - 1) / 2; }

  /// Pairs come as (0, 1), (0, 2) ... (1, 2) ...
  std::size_t pair(std::size_t a, std::size_t b) const {
    const auto [low, high] = std::minmax(a, b);
    return low * (2 * trained.size() - low - 1) / 2 + high - low - 1;
  }
};

/// Variance 0 means that nothing can be told apart; sklearn takes 1 then, too.
double gamma_scale(const samples& x) {
  const auto n = static_cast<double>(x.values.size());
  const double mean = std::accumulate(x.values.begin(), x.values.end(), 0.0) / n;
  double variance = 0;
  for (const float value : x.values)
    variance += (static_cast<double>(value) - mean) * (static_cast<double>(value) - mean) / n;
  return variance > 0 ? 1 / (static_cast<double>(x.width) * variance) : 1;
}

/// Brings the pairs' support vectors together: ordered by class, then as in the table.
void assemble(const std::vector<libsvm::pair_solution>& pairs, const samples& train,
              const std::vector<std::vector<std::uint32_t>>& rows_of, machines& into) {
  constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> position(train.rows(), none);
  for (const libsvm::pair_solution& pair : pairs)
    for (const auto& [row, coefficient] : pair.coefficients)
      position[row] = 0;
  into.vectors.width = train.width;
  for (std::uint32_t c = 0; c < rows_of.size(); ++c)
    for (const std::uint32_t row : rows_of[c]) {
      if (position[row] == none)
        continue;
      position[row] = static_cast<std::uint32_t>(into.vectors.labels.size());
      const auto values = train.values.begin() + static_cast<std::ptrdiff_t>(row * train.width);
      into.vectors.values.insert(into.vectors.values.end(), values, values + static_cast<std::ptrdiff_t>(train.width));
      into.vectors.labels.push_back(c);
    }
  into.coefficients = matrix::Zero(index(into.vectors.rows()), index(rows_of.size()));
  for (std::size_t a = 0; a < rows_of.size(); ++a)
    for (std::size_t b = a + 1; b < rows_of.size(); ++b) {
      const libsvm::pair_solution& pair = pairs[into.pair(a, b)];
      for (const auto& [row, coefficient] : pair.coefficients) {
        const std::uint32_t at = position[row];
        into.coefficients(index(at), index(into.vectors.labels[at] == a ? b : a)) = coefficient;
      }
      into.intercepts.push_back(pair.intercept);
    }
}

machines read_machines(const std::string& path) {
  npy_reader file(path);
  machines x;
  npy_matrix<float> vectors = file.next<float>("vectors");
  x.vectors = {vectors.columns, std::move(vectors.values), file.next<std::uint32_t>("labels", vectors.rows, 1)};
  const auto coefficients = file.next<double>("coefficients");
  x.coefficients =
      Eigen::Map<const matrix>(coefficients.values.data(), index(coefficients.rows), index(coefficients.columns));
  x.intercepts = file.next<double>("intercepts").values;
  npy_matrix<std::uint32_t> trained = file.next<std::uint32_t>("classes that occurred");
  x.trained = std::move(trained.values);
  x.classes = file.next<std::uint32_t>("classes", 1, 1).front();
  x.gamma = file.next<double>("gamma", 1, 1).front();
  file.finish();

  const auto bounded = [](const auto& values, double bound) {
    return std::all_of(values.begin(), values.end(), [&](double value) { return std::abs(value) <= bound; });
  };
  // the dual problem's bounds, and what follows from them: sums of these stay finite
  const double highest = highest_c * static_cast<double>(vectors.rows) + 1;
  file.must(coefficients.rows == vectors.rows, "coefficients", "have a row for each vector");
  file.must(bounded(coefficients.values, highest_c), "coefficients", fmt::format("lie within {}", highest_c));
  file.must(bounded(x.intercepts, highest), "intercepts", fmt::format("lie within {}", highest));
  file.must(x.classes >= 2 && x.classes <= max_classes, "classes", fmt::format("lie in [2, {}]", max_classes));
  file.must(trained.rows == 1 && std::is_sorted(x.trained.begin(), x.trained.end(), std::less_equal<>()) &&
                x.trained.back() < x.classes,
            "classes that occurred", "be one row, ascending, below the number of classes");
  file.must(trained.columns == coefficients.columns, "coefficients", "have a column for each class that occurred");
  file.must(x.pairs() == x.intercepts.size(), "intercepts", "be as many as pairs of classes that occurred");
  file.must(std::is_sorted(x.vectors.labels.begin(), x.vectors.labels.end()) &&
                x.vectors.labels.back() < x.trained.size(),
            "labels", "ascend, below the number of classes that occurred");
  file.must(x.gamma > 0, "gamma", "be greater than 0");
  return x;
}

class svm_classifier : public classifier {
public:
  void describe_parameters(visitor& v) override { describe(v, parameters_); }

  std::unique_ptr<classifier> clone() const override {
    auto copy = std::make_unique<svm_classifier>();
    copy->parameters_ = parameters_;
    return copy;
  }

  void fit(const samples& train, const fit_context& context) override {
    check_trainable(train, context.classes, who);
    machines found;
    found.classes = context.classes;
    found.gamma = parameters_.gamma > 0 ? parameters_.gamma : gamma_scale(train);
    std::vector<std::vector<std::uint32_t>> rows_of(context.classes);
    for (std::uint32_t i = 0; i < train.rows(); ++i)
      rows_of[train.labels[i]].push_back(i);
    for (std::uint32_t c = 0; c < context.classes; ++c)
      if (!rows_of[c].empty())
        found.trained.push_back(c);
    std::erase_if(rows_of, [](const auto& rows) { return rows.empty(); });

    const libsvm::settings solver{parameters_.c, found.gamma, parameters_.tolerance};
    assemble(libsvm::solve(train, rows_of, solver, context), train, rows_of, found);
    learn(std::move(found));
  }

  std::vector<float> predict_proba(const samples& x, unsigned threads) const override {
    check_rows(x, learnt().vectors.width, who);
    constexpr std::size_t block = 32;
    std::vector<float> result(x.rows() * learnt_.classes, 0.0F);
    const auto make_worker = [&]() -> worker {
      return [&, decisions = matrix()](std::size_t job) mutable {
        const std::size_t first = job * block;
        const std::size_t count = std::min(block, x.rows() - first);
        decide(x, first, count, decisions);
        for (std::size_t i = 0; i < count; ++i)
          rate(decisions.row(index(i)), result.data() + (first + i) * learnt_.classes);
      };
    };
    share_out((x.rows() + block - 1) / block, threads, make_worker);
    return result;
  }

  std::vector<std::string> save(const std::string& directory) const override {
    const machines& x = learnt();
    std::ostringstream out;
    write_npy(out, x.vectors.values, x.vectors.rows(), x.vectors.width);
    write_npy(out, x.vectors.labels, x.vectors.rows(), 1);
    write_npy(out, std::span(x.coefficients.data(), static_cast<std::size_t>(x.coefficients.size())), x.vectors.rows(),
              x.trained.size());
    write_npy(out, x.intercepts, 1, x.pairs());
    write_npy(out, x.trained, 1, x.trained.size());
    write_npy(out, std::vector{x.classes}, 1, 1);
    write_npy(out, std::vector{x.gamma}, 1, 1);
    write_file(directory + "/" + file_name, out.str());
    return {file_name};
  }

  void load(const std::string& directory) override { learn(read_machines(directory + "/" + file_name)); }

private:
  const machines& learnt() const {
    if (learnt_.classes == 0)
      throw error(errc::bad_model, fmt::format("{} must be trained or loaded first", who));
    return learnt_;
  }

  void learn(machines found) {
    learnt_ = std::move(found);
    vectors_ = as_matrix(learnt_.vectors);
    squares_ = vectors_.rowwise().squaredNorm();
  }

  /// Decision values, rows x pairs: each vector's kernel with each row by
  /// |x - y|^2 = |x|^2 + |y|^2 - 2 x.y, a tile of one class's vectors at a time.
  void decide(const samples& x, std::size_t first, std::size_t count, matrix& decisions) const {
    constexpr std::size_t tile = 1024;
    const auto values = x.values.begin() + static_cast<std::ptrdiff_t>(first * x.width);
    const matrix rows = as_matrix({x.width, {values, values + static_cast<std::ptrdiff_t>(count * x.width)}, {}});
    const Eigen::VectorXd row_squares = rows.rowwise().squaredNorm();
    decisions = Eigen::Map<const Eigen::RowVectorXd>(learnt_.intercepts.data(), index(learnt_.intercepts.size()))
                    .replicate(index(count), 1);
    const std::vector<std::uint32_t>& labels = learnt_.vectors.labels;
    matrix kernel;
    matrix sums; // rows x the other class of the pair
    for (std::size_t begin = 0, end = 0; begin < labels.size(); begin = end) {
      while (end < labels.size() && end < begin + tile && labels[end] == labels[begin])
        ++end;
      const Eigen::Index from = index(begin);
      const Eigen::Index size = index(end - begin);
      kernel.noalias() = -2 * rows * vectors_.middleRows(from, size).transpose();
      kernel.colwise() += row_squares;
      kernel.rowwise() += squares_.segment(from, size).transpose();
      kernel = (-learnt_.gamma * kernel.array().max(0.0)).exp();
      sums.noalias() = kernel * learnt_.coefficients.middleRows(from, size);
      for (std::size_t other = 0; other < learnt_.trained.size(); ++other)
        if (other != labels[begin])
          decisions.col(index(learnt_.pair(labels[begin], other))) += sums.col(index(other));
    }
  }

  /// Probabilities of one row; classes that did not occur have none.
  void rate(const Eigen::Ref<const Eigen::RowVectorXd>& decisions, float* probabilities) const {
    const std::size_t classes = learnt_.trained.size();
    std::vector<double> votes(classes, 0.0);
    std::vector<double> clearness(classes, 0.0);
    Eigen::Index pair = 0;
    for (std::size_t a = 0; a < classes; ++a)
      for (std::size_t b = a + 1; b < classes; ++b) {
        const double decision = decisions[pair++];
        ++votes[decision > 0 ? a : b];
        clearness[a] += decision;
        clearness[b] -= decision;
      }
    std::vector<double> scores(classes);
    for (std::size_t c = 0; c < classes; ++c)
      scores[c] = votes[c] + clearness[c] / (3 * (std::abs(clearness[c]) + 1));
    const double most = *std::max_element(votes.begin(), votes.end());
    const double highest = *std::max_element(scores.begin(), scores.end());
    if (!parameters_.break_ties)
      for (std::size_t c = 0; c < classes; ++c)
        scores[c] = votes[c] == most ? highest : scores[c];

    double sum = 0;
    for (double& score : scores)
      sum += score = std::exp(score - highest);
    for (std::size_t c = 0; c < classes; ++c)
      probabilities[learnt_.trained[c]] = static_cast<float>(scores[c] / sum);
  }

  svm_parameters parameters_;
  machines learnt_;
  matrix vectors_; ///< the support vectors in double
  Eigen::VectorXd squares_;
};

} // namespace

std::unique_ptr<classifier> make_svm() { return std::make_unique<svm_classifier>(); }

} // namespace fugato
