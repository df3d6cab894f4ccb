// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/knn.hpp"

#include "config/error.hpp"
#include "config/files.hpp"
#include "models/checks.hpp"
#include "models/matrix.hpp"
#include "models/npy.hpp"
#include "models/parallel.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <sstream>
#include <utility>

namespace fugato {
namespace {

constexpr std::string_view who = "the k-nearest-neighbours model";
constexpr const char* file_name = "knn.npy";

/// The k smallest of what was offered; of equals, those offered first.
class nearest {
public:
  explicit nearest(std::size_t k) : k_(k) { heap_.reserve(k); }

  void offer(double distance, std::uint32_t row) {
    if (heap_.size() == k_) {
      if (!(distance < heap_.front().first))
        return;
      std::pop_heap(heap_.begin(), heap_.end());
      heap_.pop_back();
    }
    heap_.emplace_back(distance, row);
    std::push_heap(heap_.begin(), heap_.end());
  }

  const std::vector<std::pair<double, std::uint32_t>>& found() const { return heap_; }
  void clear() { heap_.clear(); }

private:
  std::size_t k_;
  std::vector<std::pair<double, std::uint32_t>> heap_; ///< the farthest first, the later of equals
};

class knn_classifier : public classifier {
public:
  void describe_parameters(visitor& v) override {
    v("n_neighbors", n_neighbors_, between{1, 100000}, "training rows that vote; at most as many as there are");
  }

  std::unique_ptr<classifier> clone() const override {
    auto copy = std::make_unique<knn_classifier>();
    copy->n_neighbors_ = n_neighbors_;
    return copy;
  }

  void fit(const samples& train, const fit_context& context) override {
    check_trainable(train, context.classes, who);
    if (n_neighbors_ > train.rows())
      throw error(errc::bad_model, fmt::format("{} needs at least n_neighbors = {} training rows, found {}", who,
                                               n_neighbors_, train.rows()));
    learn(train, context.classes);
    if (context.tell)
      context.tell(1, 1);
  }

  std::vector<float> predict_proba(const samples& x, unsigned threads) const override {
    require_learnt();
    check_rows(x, rows_.width, who);
    constexpr std::size_t block = 64;
    std::vector<float> result(x.rows() * classes_, 0.0F);
    const auto make_worker = [&]() -> worker {
      return [&, products = matrix(),
              found = std::vector<nearest>(block, nearest(n_neighbors_))](std::size_t job) mutable {
        const std::size_t first = job * block;
        const std::size_t count = std::min(block, x.rows() - first);
        find(x, first, count, products, found);
        for (std::size_t i = 0; i < count; ++i)
          vote(found[i], result.data() + (first + i) * classes_);
      };
    };
    share_out((x.rows() + block - 1) / block, threads, make_worker);
    return result;
  }

  std::vector<std::string> save(const std::string& directory) const override {
    require_learnt();
    std::ostringstream out;
    write_npy(out, rows_.values, rows_.rows(), rows_.width);
    write_npy(out, rows_.labels, rows_.rows(), 1);
    write_npy(out, std::vector{classes_}, 1, 1);
    write_file(directory + "/" + file_name, out.str());
    return {file_name};
  }

  void load(const std::string& directory) override {
    npy_reader file(directory + "/" + file_name);
    npy_matrix<float> values = file.next<float>("rows");
    samples rows{values.columns, std::move(values.values), file.next<std::uint32_t>("labels", values.rows, 1)};
    const std::uint32_t classes = file.next<std::uint32_t>("classes", 1, 1).front();
    file.must(classes >= 2 && classes <= max_classes, "classes", fmt::format("lie in [2, {}]", max_classes));
    file.must(std::all_of(rows.labels.begin(), rows.labels.end(), [&](std::uint32_t x) { return x < classes; }),
              "labels", "be below the number of classes");
    file.must(n_neighbors_ <= rows.rows(), "rows", fmt::format("be at least n_neighbors = {}", n_neighbors_));
    file.finish();
    learn(std::move(rows), classes);
  }

private:
  void learn(samples rows, std::uint32_t classes) {
    classes_ = classes;
    rows_ = std::move(rows);
    points_ = as_matrix(rows_);
    squares_ = points_.rowwise().squaredNorm();
  }

  void require_learnt() const {
    if (classes_ == 0)
      throw error(errc::bad_model, fmt::format("{} must be trained or loaded first", who));
  }

  /// By |y|^2 - 2 x.y, which orders as the distance does. The training rows come a
  /// tile at a time, so that a table of any size needs the same memory.
  void find(const samples& x, std::size_t first, std::size_t count, matrix& products,
            std::vector<nearest>& found) const {
    constexpr Eigen::Index tile = 2048;
    const auto values = x.values.begin() + static_cast<std::ptrdiff_t>(first * x.width);
    const matrix queries = as_matrix({x.width, {values, values + static_cast<std::ptrdiff_t>(count * x.width)}, {}});
    for (nearest& one : found)
      one.clear();
    for (Eigen::Index begin = 0; begin < points_.rows(); begin += tile) {
      const Eigen::Index size = std::min(tile, points_.rows() - begin);
      products.noalias() = queries * points_.middleRows(begin, size).transpose();
      for (std::size_t i = 0; i < count; ++i)
        for (Eigen::Index j = 0; j < size; ++j)
          found[i].offer(squares_(begin + j) - 2 * products(index(i), j), static_cast<std::uint32_t>(begin + j));
    }
  }

  void vote(const nearest& neighbours, float* probabilities) const {
    const auto& found = neighbours.found();
    for (const auto& [distance, row] : found)
      ++probabilities[rows_.labels[row]];
    for (std::uint32_t c = 0; c < classes_; ++c)
      probabilities[c] /= static_cast<float>(found.size());
  }

  std::uint32_t n_neighbors_ = 19;
  std::uint32_t classes_ = 0; ///< 0: nothing learnt
  samples rows_;
  matrix points_; ///< the rows in double
  Eigen::VectorXd squares_;
};

} // namespace

std::unique_ptr<classifier> make_knn() { return std::make_unique<knn_classifier>(); }

} // namespace fugato
