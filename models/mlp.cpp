// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/mlp.hpp"

#include "config/error.hpp"
#include "config/files.hpp"
#include "models/checks.hpp"
#include "models/lbfgs.hpp"
#include "models/mlp_network.hpp"
#include "models/npy.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <span>
#include <sstream>
#include <utility>

namespace fugato {
namespace {

constexpr std::string_view who = "the multi-layer perceptron";
constexpr const char* file_name = "mlp.npy";
constexpr std::uint32_t max_layers = 16;
/// The fit needs about 300 bytes for each.
constexpr std::uint64_t max_parameters = 20'000'000;

struct mlp_parameters {
  std::vector<std::uint32_t> hidden_layer_sizes{5000, 10};
  double alpha = 1e-5;
  std::uint32_t max_iter = 200;
  std::uint32_t max_fun = 15000;
  double tol = 1e-4;
};

void describe(visitor& v, mlp_parameters& x) {
  v("hidden_layer_sizes", x.hidden_layer_sizes, between{1, 100000},
    "units of each hidden layer, at most 16 layers; empty: none, which is logistic regression");
  v("alpha", x.alpha, between{0, 1e6}, "L2 penalty on the weights");
  v("max_iter", x.max_iter, between{1, 1000000}, "most steps of L-BFGS");
  v("max_fun", x.max_fun, between{1, 1000000000}, "no step follows after so many evaluations of the loss");
  v("tol", x.tol, between{0, 1}, "stop when no partial derivative of the loss is greater");
  if (x.hidden_layer_sizes.size() > max_layers)
    throw error(errc::settings, fmt::format("/models/mlp/hidden_layer_sizes: must have at most {} layers, found {}",
                                            max_layers, x.hidden_layer_sizes.size()));
}

class mlp_classifier : public classifier {
public:
  void describe_parameters(visitor& v) override { describe(v, parameters_); }

  std::unique_ptr<classifier> clone() const override {
    auto copy = std::make_unique<mlp_classifier>();
    copy->parameters_ = parameters_;
    return copy;
  }

  void fit(const samples& train, const fit_context& context) override {
    check_trainable(train, context.classes, who);
    mlp_sizes sizes{static_cast<std::uint32_t>(train.width)};
    sizes.insert(sizes.end(), parameters_.hidden_layer_sizes.begin(), parameters_.hidden_layer_sizes.end());
    sizes.push_back(context.classes);
    if (mlp_parameter_count(sizes) > max_parameters)
      throw error(errc::bad_model,
                  fmt::format("{} takes at most {} weights and biases, but models.mlp.hidden_layer_sizes "
                              "makes it {}",
                              who, max_parameters, mlp_parameter_count(sizes)));
    const mlp_loss loss(sizes, train, parameters_.alpha, context.threads, context.cancel);
    std::vector<double> x = mlp_initial_parameters(sizes, static_cast<std::uint32_t>(context.seed));
    const lbfgs_result found =
        minimise(x, std::cref(loss),
                 {.iterations = parameters_.max_iter, .evaluations = parameters_.max_fun, .gradient = parameters_.tol},
                 [&](std::uint32_t iterations) {
                   if (context.tell)
                     context.tell(iterations, parameters_.max_iter);
                 });
    if (!std::isfinite(found.value))
      throw error(errc::bad_model, fmt::format("{} needs values whose loss is finite, found a loss of {}: are the "
                                               "columns standardised?",
                                               who, found.value));
    learnt_.assign(x.begin(), x.end());
    sizes_ = std::move(sizes);
  }

  std::vector<float> predict_proba(const samples& x, unsigned threads) const override {
    require_learnt();
    check_rows(x, sizes_.front(), who);
    std::vector<float> result = mlp_probabilities(sizes_, learnt_, x, threads);
    if (!std::all_of(result.begin(), result.end(), [](float p) { return std::isfinite(p); }))
      throw error(errc::bad_model, fmt::format("{} needs rows near those it learnt from: of some, the layers' sums are "
                                               "not finite",
                                               who));
    return result;
  }

  std::vector<std::string> save(const std::string& directory) const override {
    require_learnt();
    std::ostringstream out;
    write_npy(out, sizes_, 1, sizes_.size());
    std::span<const float> rest = learnt_;
    for (std::size_t l = 0; l + 1 < sizes_.size(); ++l)
      for (const std::size_t inputs : {std::size_t{sizes_[l]}, std::size_t{1}}) { // weights, biases
        write_npy(out, rest.first(inputs * sizes_[l + 1]), inputs, sizes_[l + 1]);
        rest = rest.subspan(inputs * sizes_[l + 1]);
      }
    write_file(directory + "/" + file_name, out.str());
    return {file_name};
  }

  void load(const std::string& directory) override {
    npy_reader file(directory + "/" + file_name);
    npy_matrix<std::uint32_t> sizes = file.next<std::uint32_t>("sizes");
    const std::size_t count = sizes.values.size();
    file.must(sizes.rows == 1 && count >= 2 && count <= max_layers + 2, "sizes",
              fmt::format("be one row of 2 to {}", max_layers + 2));
    file.must(sizes.values.back() >= 2 && sizes.values.back() <= max_classes, "sizes",
              fmt::format("end with 2 to {} classes", max_classes));
    std::vector<float> learnt;
    for (std::size_t l = 0; l + 1 < count; ++l)
      for (const auto& [inputs, name] : {std::pair{sizes.values[l], "weights"}, std::pair{1U, "biases"}}) {
        const auto values = file.next<float>(fmt::format("{} of layer {}", name, l + 1), inputs, sizes.values[l + 1]);
        learnt.insert(learnt.end(), values.begin(), values.end());
      }
    file.finish();
    sizes_ = std::move(sizes.values);
    learnt_ = std::move(learnt);
  }

private:
  void require_learnt() const {
    if (sizes_.empty())
      throw error(errc::bad_model, fmt::format("{} must be trained or loaded first", who));
  }

  mlp_parameters parameters_;
  mlp_sizes sizes_; ///< empty: nothing learnt
  std::vector<float> learnt_;
};

} // namespace

std::unique_ptr<classifier> make_mlp() { return std::make_unique<mlp_classifier>(); }

} // namespace fugato
