// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/kernels.hpp"

#include <cmath>
#include <numbers>
#include <string>
#ifdef __x86_64__
#ifdef __clang__
#define _Bool bool // of the next header; Clang's own <stdbool.h> has it for GNU's C++ only
#endif
#include <sys/platform/x86.h>
#endif

namespace fugato {

namespace baseline {
extern const kernels table;
}
#ifdef __x86_64__
namespace avx2 {
extern const kernels table;
}
#endif

namespace {

#ifdef __x86_64__
/// Whether the processor is an x86-64-v3 and the C library may use all of it: GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2
/// hides a part.
bool has_avx2() {
  return CPU_FEATURE_ACTIVE(AVX) && CPU_FEATURE_ACTIVE(AVX2) && CPU_FEATURE_ACTIVE(BMI1) && CPU_FEATURE_ACTIVE(BMI2) &&
         CPU_FEATURE_ACTIVE(F16C) && CPU_FEATURE_ACTIVE(FMA) && CPU_FEATURE_ACTIVE(LZCNT) && CPU_FEATURE_ACTIVE(MOVBE);
}
#endif

void push_turn(std::vector<double>& to, std::size_t j, std::size_t n) {
  const double angle = -2 * std::numbers::pi * static_cast<double>(j) / static_cast<double>(n);
  to.push_back(std::cos(angle));
  to.push_back(std::sin(angle));
}

} // namespace

batch_plan::batch_plan(std::size_t size) : n(size), places(size / 2) {
  for (std::size_t j = 0; j < n; ++j)
    half_window.push_back(0.25 -
                          0.25 * std::cos(2 * std::numbers::pi * static_cast<double>(j) / static_cast<double>(n)));
  for (std::size_t length = n / 2; length > 4; length /= 4)
    for (std::size_t j = 0; j < length / 4; ++j)
      for (std::size_t q = 1; q < 4; ++q)
        push_turn(twiddles, q * j, length);
  for (std::size_t k = 0; k <= n / 4; ++k)
    push_turn(split, k, n);
  // A pass over a block of `length` leaves what becomes output q, q + 4, q + 8 ... in quarter q of it.
  for (std::size_t k = 0; k < n / 2; ++k) {
    std::size_t place = 0;
    std::size_t rest = k;
    for (std::size_t length = n / 2; length > 1;) {
      const std::size_t radix = length == 2 ? 2 : 4;
      length /= radix;
      place += rest % radix * length;
      rest /= radix;
    }
    places[k] = static_cast<std::uint32_t>(place);
  }
}

std::size_t batch_work(const batch_plan& plan) { return plan.n * tile / 2; }

const catalog<instruction_set>& instruction_sets() {
  const auto always = [] { return true; };
  static const catalog<instruction_set> list(
      "instruction set",
      {
          {"reference", "Transforms by FFTW, the rest as baseline: to check the others by.", always, &baseline::table,
           true},
          {"baseline", "What every machine of the architecture has; SSE2 on x86-64.", always, &baseline::table},
#ifdef __x86_64__
          {"avx2", "x86-64-v3: AVX2.", has_avx2, &avx2::table},
#endif
      });
  return list;
}

const instruction_set& instruction_set_named(std::string_view name) {
  if (name != "auto") {
    const instruction_set& row = instruction_sets().at(name);
    if (!row.supported())
      throw error(errc::settings,
                  "/features/isa must be one that this processor has; it has no '" + std::string(name) + "'");
    return row;
  }
  const instruction_set* best = nullptr;
  for (const instruction_set& row : instruction_sets())
    if (row.supported())
      best = &row;
  return *best;
}

const kernels& best_kernels() {
  static const kernels& best = *instruction_set_named("auto").table;
  return best;
}

} // namespace fugato
