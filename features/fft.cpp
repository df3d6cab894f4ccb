// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/fft.hpp"

#include "config/error.hpp"
#include "features/matrix.hpp"

#include <fftw3.h>

#include <map>
#include <mutex>

namespace fugato {

namespace {

fftwf_complex* native(std::complex<float>* p) { return reinterpret_cast<fftwf_complex*>(p); }

} // namespace

struct real_fft::plans {
  fftwf_plan forward = nullptr;
  fftwf_plan inverse = nullptr;

  explicit plans(std::size_t n) {
    aligned_vector<float> x(n + 1);
    aligned_vector<std::complex<float>> bins(n / 2 + 1);
    // FFTW_ESTIMATE: plans that timing chooses would differ from run to run, and with them the last bits.
    forward = fftwf_plan_dft_r2c_1d(static_cast<int>(n), x.data(), native(bins.data()), FFTW_ESTIMATE);
    inverse = fftwf_plan_dft_c2r_1d(static_cast<int>(n), native(bins.data()), x.data(), FFTW_ESTIMATE);
  }
  ~plans() {
    fftwf_destroy_plan(forward);
    fftwf_destroy_plan(inverse);
  }
  plans(const plans&) = delete;
  plans& operator=(const plans&) = delete;
};

const real_fft::plans& real_fft::plans_of(std::size_t n) {
  // FFTW's planner is not thread-safe; executing a plan is.
  static std::mutex mutex;
  static std::map<std::size_t, plans> known;
  const std::lock_guard lock(mutex);
  const plans& result = known.try_emplace(n, n).first->second;
  if (!result.forward || !result.inverse)
    throw error(errc::internal, "an FFT must have a size that FFTW can plan for; it is " + std::to_string(n));
  return result;
}

real_fft::real_fft(std::size_t n) : size_(n), plans_(&plans_of(n)) {}

void real_fft::forward(const float* x, std::complex<float>* bins) const {
  // The plan leaves its input alone (FFTW's default for real to complex); its signature does not say so.
  fftwf_execute_dft_r2c(plans_->forward, const_cast<float*>(x), native(bins));
}

void real_fft::inverse(std::complex<float>* bins, float* x) const {
  fftwf_execute_dft_c2r(plans_->inverse, native(bins), x);
}

std::string fft_version() { return fftwf_version; }

} // namespace fugato
