// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/libsvm.hpp"

#include "config/error.hpp"
#include "config/shared_library.hpp"
#include "models/parallel.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <libsvm/svm.h>
#include <memory>
#include <mutex>

namespace fugato::libsvm {
namespace {

const shared_library& library() {
  static const shared_library svm(FUGATO_LIBSVM);
  return svm;
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

svm_parameter as_libsvm(const settings& how) {
  svm_parameter result{};
  result.svm_type = C_SVC;
  result.kernel_type = RBF;
  result.gamma = how.gamma;
  result.C = how.c;
  result.eps = how.tolerance;
  result.cache_size = 200; // MB
  result.shrinking = 1;
  return result;
}

/// @param first,second the rows of both classes, in the order of the table: libsvm's
///        multi-class training solves the same problem for each pair
pair_solution solve_pair(svm_rows& rows, const std::vector<std::uint32_t>& first,
                         const std::vector<std::uint32_t>& second, const svm_parameter& parameters) {
  std::vector<std::uint32_t> chosen(first);
  chosen.insert(chosen.end(), second.begin(), second.end());
  std::vector<double> labels(chosen.size(), 1.0); // libsvm's own order of classes is that of appearance
  std::fill_n(labels.begin(), first.size(), 0.0);
  std::vector<svm_node*> pointers;
  for (const std::uint32_t row : chosen)
    pointers.push_back(rows.row(row));

  const svm_problem problem{static_cast<int>(chosen.size()), labels.data(), pointers.data()};
  if (const char* wrong = FUGATO_FROM(library, svm_check_parameter)(&problem, &parameters))
    throw error(errc::bad_model, fmt::format("libsvm says: {}", wrong));
  const auto destroy = [](svm_model* model) { FUGATO_FROM(library, svm_free_and_destroy_model)(&model); };
  const std::unique_ptr<svm_model, decltype(destroy)> model(FUGATO_FROM(library, svm_train)(&problem, &parameters),
                                                            destroy);
  pair_solution result;
  for (int i = 0; i < model->l; ++i)
    result.coefficients.emplace_back(chosen[static_cast<std::size_t>(model->sv_indices[i] - 1)], model->sv_coef[0][i]);
  result.intercept = -model->rho[0];
  return result;
}

} // namespace

std::vector<pair_solution> solve(const samples& train, const std::vector<std::vector<std::uint32_t>>& rows_of,
                                 const settings& how, const fit_context& context) {
  static std::once_flag silenced; // libsvm prints its progress to stdout
  std::call_once(silenced, [] { FUGATO_FROM(library, svm_set_print_string_function)([](const char*) {}); });
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::size_t a = 0; a < rows_of.size(); ++a)
    for (std::size_t b = a + 1; b < rows_of.size(); ++b)
      pairs.emplace_back(a, b);
  const svm_parameter parameters = as_libsvm(how);
  svm_rows rows(train);
  std::vector<pair_solution> result(pairs.size());
  const auto make_worker = [&]() -> worker {
    return [&](std::size_t i) {
      result[i] = solve_pair(rows, rows_of[pairs[i].first], rows_of[pairs[i].second], parameters);
    };
  };
  share_out(pairs.size(), context.threads, make_worker, &context);
  return result;
}

std::string version() {
  const int number = *FUGATO_FROM(library, libsvm_version);
  return fmt::format("{}.{}", number / 100, number % 100);
}

} // namespace fugato::libsvm
