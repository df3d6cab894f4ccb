// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/lbfgs.hpp"

#include "config/error.hpp"
#include "config/shared_library.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>

/// Fortran: everything is passed by address, and the lengths of the strings follow.
extern "C" void setulb_(const int* n, const int* m, double* x, const double* lower, const double* upper,
                        const int* bounds, double* f, double* g, const double* factr, const double* pgtol, double* wa,
                        int* iwa, char* task, const int* iprint, char* csave, int* lsave, int* isave, double* dsave,
                        std::size_t task_length, std::size_t csave_length);

namespace fugato {
namespace {

const shared_library& library() {
  static const shared_library fortran(FUGATO_LIBLBFGSB);
  return fortran;
}

/// One minimisation. L-BFGS-B calls nobody: it returns with what it wants done
/// next in `task`, and keeps all its state in these arrays.
class lbfgsb {
public:
  lbfgsb(std::size_t size, const lbfgs_limits& limits)
      : size_(static_cast<int>(size)),
        limits_(limits),
        no_bounds_(size),
        bound_kinds_(size),
        work_((2 * memory + 5) * size + 11 * memory * memory + 8 * memory),
        indices_(3 * size) {
    task_.fill(' ');
    std::copy_n("START", 5, task_.begin());
    csave_.fill(' ');
  }

  /// @returns what is to be done: `FG...`: evaluate, `NEW_X`: an iteration is done, else: stop
  std::string_view next(double* x, double* value, double* gradient) {
    constexpr int silent = -1;
    constexpr int m = memory;
    static const auto step = FUGATO_FROM(library, setulb_);
    step(&size_, &m, x, no_bounds_.data(), no_bounds_.data(), bound_kinds_.data(), value, gradient, &limits_.decrease,
         &limits_.gradient, work_.data(), indices_.data(), task_.data(), &silent, csave_.data(), lsave_.data(),
         isave_.data(), dsave_.data(), task_.size(), csave_.size());
    return {task_.data(), task_.size()};
  }

private:
  static constexpr std::size_t memory = 10;

  int size_;
  lbfgs_limits limits_;
  std::vector<double> no_bounds_;
  std::vector<int> bound_kinds_; ///< 0: a variable is not bounded
  std::vector<double> work_;
  std::vector<int> indices_;
  std::array<char, 60> task_{};
  std::array<char, 60> csave_{};
  std::array<int, 4> lsave_{};
  std::array<int, 44> isave_{};
  std::array<double, 29> dsave_{};
};

} // namespace

lbfgs_result minimise(std::vector<double>& x, const smooth_function& f, const lbfgs_limits& limits,
                      const std::function<void(std::uint32_t)>& after_iteration) {
  if (x.empty() || x.size() > lbfgs_max_size)
    throw error(errc::internal, fmt::format("L-BFGS takes 1 to {} variables, found {}", lbfgs_max_size, x.size()));
  lbfgsb solver(x.size(), limits);
  std::vector<double> gradient(x.size());
  lbfgs_result result;
  while (true) {
    const std::string_view task = solver.next(x.data(), &result.value, gradient.data());
    if (task.starts_with("FG")) {
      result.value = f(x, gradient);
      ++result.evaluations;
    } else if (task.starts_with("NEW_X")) {
      ++result.iterations;
      if (after_iteration)
        after_iteration(result.iterations);
      if (result.iterations >= limits.iterations || result.evaluations > limits.evaluations)
        return result;
    } else {
      return result;
    }
  }
}

} // namespace fugato
