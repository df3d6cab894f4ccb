// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/svm.hpp"

#include "config/error.hpp"
#include "config/files.hpp"
#include "models/checks.hpp"
#include "models/matrix.hpp"
#include "models/npy.hpp"
#include "models/parallel.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <libsvm/svm.h>
#include <limits>
#include <mutex>
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

/// What was learnt.
struct machines {
  samples vectors;                    ///< training rows that support any pair
  matrix coefficients;                ///< vectors x pairs
  std::vector<double> intercepts;     ///< of each pair
  std::vector<std::uint32_t> trained; ///< classes that occurred, ascending
  std::uint32_t classes = 0;
  double gamma = 0;

  std::size_t pairs() const { return trained.size() * (trained.size() - 1) / 2; }
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

/// The rows as libsvm wants them: index and value, from 1, ended by -1.
class svm_rows {
public:
  explicit svm_rows(const samples& x) : stride_(x.width + 1) {
    nodes_.reserve(x.rows() * stride_);
    for (std::size_t i = 0; i < x.rows(); ++i) {
      for (std::size_t j = 0; j < x.width; ++j)
        nodes_.push_back({static_cast<int>(j + 1), static_cast<double>(x.values[i * x.width + j])});
      nodes_.push_back({-1, 0});
    }
  }

  svm_node* row(std::size_t i) { return nodes_.data() + i * stride_; }

private:
  std::size_t stride_;
  std::vector<svm_node> nodes_;
};

/// One pair of classes, solved.
struct pair_solution {
  std::vector<std::pair<std::uint32_t, double>> coefficients; ///< row, coefficient
  double intercept = 0;
};

/// @param first,second the rows of both classes, in the order of the table: libsvm's
///        multi-class training solves the same problem for each pair
pair_solution solve(svm_rows& rows, const std::vector<std::uint32_t>& first, const std::vector<std::uint32_t>& second,
                    const svm_parameter& parameters) {
  std::vector<std::uint32_t> chosen(first);
  chosen.insert(chosen.end(), second.begin(), second.end());
  std::vector<double> labels(chosen.size(), 1.0); // libsvm's own order of classes is that of appearance
  std::fill_n(labels.begin(), first.size(), 0.0);
  std::vector<svm_node*> pointers;
  for (const std::uint32_t row : chosen)
    pointers.push_back(rows.row(row));

  const svm_problem problem{static_cast<int>(chosen.size()), labels.data(), pointers.data()};
  if (const char* wrong = svm_check_parameter(&problem, &parameters))
    throw error(errc::bad_model, fmt::format("libsvm says: {}", wrong));
  const auto destroy = [](svm_model* model) { svm_free_and_destroy_model(&model); };
  const std::unique_ptr<svm_model, decltype(destroy)> model(svm_train(&problem, &parameters), destroy);
  pair_solution result;
  for (int i = 0; i < model->l; ++i)
    result.coefficients.emplace_back(chosen[static_cast<std::size_t>(model->sv_indices[i] - 1)], model->sv_coef[0][i]);
  result.intercept = -model->rho[0];
  return result;
}

/// All pairs, in the order (0, 1), (0, 2) ... (1, 2) ...
std::vector<pair_solution> solve_all(const samples& train, const std::vector<std::vector<std::uint32_t>>& rows_of,
                                     const svm_parameter& parameters, const fit_context& context) {
  static std::once_flag silenced; // libsvm prints its progress to stdout
  std::call_once(silenced, [] { svm_set_print_string_function([](const char*) {}); });
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::size_t a = 0; a < rows_of.size(); ++a)
    for (std::size_t b = a + 1; b < rows_of.size(); ++b)
      pairs.emplace_back(a, b);
  svm_rows rows(train);
  std::vector<pair_solution> result(pairs.size());
  const auto make_worker = [&]() -> worker {
    return
        [&](std::size_t i) { result[i] = solve(rows, rows_of[pairs[i].first], rows_of[pairs[i].second], parameters); };
  };
  share_out(pairs.size(), context.threads, make_worker, &context);
  return result;
}

/// Brings the pairs' support vectors together, in the order of the table.
void assemble(const std::vector<pair_solution>& pairs, const samples& train, machines& into) {
  constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> position(train.rows(), none);
  for (const pair_solution& pair : pairs)
    for (const auto& [row, coefficient] : pair.coefficients)
      position[row] = 0;
  into.vectors = {train.width, {}, {}};
  for (std::size_t i = 0; i < train.rows(); ++i) {
    if (position[i] == none)
      continue;
    position[i] = static_cast<std::uint32_t>(into.vectors.rows());
    const auto row = train.values.begin() + static_cast<std::ptrdiff_t>(i * train.width);
    into.vectors.values.insert(into.vectors.values.end(), row, row + static_cast<std::ptrdiff_t>(train.width));
  }
  into.coefficients = matrix::Zero(index(into.vectors.rows()), index(pairs.size()));
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    for (const auto& [row, coefficient] : pairs[p].coefficients)
      into.coefficients(index(position[row]), index(p)) = coefficient;
    into.intercepts.push_back(pairs[p].intercept);
  }
}

machines read_machines(const std::string& path) {
  npy_reader file(path);
  machines x;
  npy_matrix<float> vectors = file.next<float>("vectors");
  x.vectors = {vectors.columns, std::move(vectors.values), {}};
  const auto coefficients = file.next<double>("coefficients");
  x.coefficients =
      Eigen::Map<const matrix>(coefficients.values.data(), index(coefficients.rows), index(coefficients.columns));
  x.intercepts = file.next<double>("intercepts", 1, coefficients.columns);
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
  file.must(x.pairs() == x.intercepts.size(), "coefficients", "have a column for each pair of classes that occurred");
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

    svm_parameter solver{};
    solver.svm_type = C_SVC;
    solver.kernel_type = RBF;
    solver.gamma = found.gamma;
    solver.C = parameters_.c;
    solver.eps = parameters_.tolerance;
    solver.cache_size = 200; // MB
    solver.shrinking = 1;
    assemble(solve_all(train, rows_of, solver, context), train, found);
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
    write_npy(out, std::span(x.coefficients.data(), static_cast<std::size_t>(x.coefficients.size())), x.vectors.rows(),
              x.pairs());
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
  /// |x - y|^2 = |x|^2 + |y|^2 - 2 x.y, a tile of vectors at a time.
  void decide(const samples& x, std::size_t first, std::size_t count, matrix& decisions) const {
    constexpr Eigen::Index tile = 1024;
    const auto values = x.values.begin() + static_cast<std::ptrdiff_t>(first * x.width);
    const matrix rows = as_matrix({x.width, {values, values + static_cast<std::ptrdiff_t>(count * x.width)}, {}});
    const Eigen::VectorXd row_squares = rows.rowwise().squaredNorm();
    decisions = Eigen::Map<const Eigen::RowVectorXd>(learnt_.intercepts.data(), index(learnt_.intercepts.size()))
                    .replicate(index(count), 1);
    matrix kernel;
    for (Eigen::Index begin = 0; begin < vectors_.rows(); begin += tile) {
      const Eigen::Index size = std::min(tile, vectors_.rows() - begin);
      kernel.noalias() = -2 * rows * vectors_.middleRows(begin, size).transpose();
      kernel.colwise() += row_squares;
      kernel.rowwise() += squares_.segment(begin, size).transpose();
      kernel = (-learnt_.gamma * kernel.array().max(0.0)).exp();
      decisions.noalias() += kernel * learnt_.coefficients.middleRows(begin, size);
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

std::string libsvm_version() { return fmt::format("{}.{}", ::libsvm_version / 100, ::libsvm_version % 100); }

} // namespace fugato
