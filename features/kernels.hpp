// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/catalog.hpp"
#include "features/matrix.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

/// All that costs time, as one table of functions. Its source is features/kernels/, compiled once for each
/// instruction set; which one runs is chosen when an analysis is made.
///
/// Vectors hold frames (or bins, where medians run along time): what happens to one lane happens to each, in
/// the same order, whether a vector holds 4 or 16 of them; products and sums are never contracted. So all
/// instruction sets give the same bits, and a cluster of different machines one table.
///
/// A tile is rows x 16 floats, aligned to 64 bytes. Rows of 16 floats are the unit of every kernel.
namespace fugato {

/// Tables of a transform of n real samples, n a power of 2 from 64 on; see kernels/fourier.hpp.
struct batch_plan {
  explicit batch_plan(std::size_t n);

  std::size_t n;
  std::vector<double> half_window;   ///< Hann, times 1/2
  std::vector<double> twiddles;      ///< of the passes, one after the other
  std::vector<double> split;         ///< exp(-2 pi i k / n), k = 0 .. n/4
  std::vector<std::uint32_t> places; ///< of each output of the n/2 complex ones
};

/// Numbers of scratch memory that the transforms need.
std::size_t batch_work(const batch_plan& plan);

/// The non-zero weights of a mel band.
struct mel_filter {
  std::size_t first; ///< bin
  std::vector<float> weights;
};

struct kernels {
  /// out[i * stride + c] = columns[c][i] for c < count, i < n.
  void (*interleave)(const float* const* columns, std::size_t count, std::size_t n, float* out, std::size_t stride);

  /// Power |X|^2 of the first `frames` of 16 frames, zero for the others. Sample j of frame l is
  /// signal[offsets[j] + l]; it is multiplied by the window. @param power bins x 16
  /// @param low 2 x 16: Re X[0], Re X[1]
  void (*power)(const batch_plan&, const float* signal, const std::uint32_t* offsets, std::size_t frames, double* work,
                float* power, float* low);
  /// The same for X itself. @param bins x 2 x 16: real parts, imaginary parts
  void (*bins)(const batch_plan&, const float* signal, const std::uint32_t* offsets, std::size_t frames, double* work,
               float* bins);
  /// The way back: the samples that 16 frames' bins stand for, windowed once more. @param samples n x 16
  void (*samples)(const batch_plan&, const float* bins, double* work, float* samples);

  /// sqrt, of n values.
  void (*roots)(const float* power, std::size_t n, float* out);
  /// The largest value of each column. @param out 16
  void (*peaks)(const float* x, std::size_t rows, float* out);
  /// Sums over rows k of S and k S, and the sum of S in single precision in order of k. 16 each
  void (*moments)(const float* magnitude, std::size_t rows, double* sum, double* moment, float* running);
  /// Sums over rows k of S |k - centre|^p for p = 2, 3, 4. @param out 3 x 16
  void (*spreads)(const float* magnitude, std::size_t rows, const float* centre, double* out);
  /// Number of rows whose running sum of S (as in moments) is below the threshold. 16 each
  void (*ranks)(const float* magnitude, std::size_t rows, const float* threshold, std::int32_t* out);
  /// Sums over rows of P' = max(1e-10, P) and of log2 P'. 16 each
  void (*flatness)(const float* power, std::size_t rows, double* sum, double* logs);
  /// Sums of the `count` smallest and the `count` largest values of each column. 16 each
  /// @param work 2 count x 16
  void (*extremes)(const float* x, std::size_t rows, std::size_t count, float* work, double* low, double* high);

  /// Power of each band: out[b * stride + l] = sum over k of w[b, k] P[k, l].
  void (*mel)(std::span<const mel_filter> filters, const float* power, float* out, std::size_t stride);
  /// 10 log10 max(1e-10, x) of 16 values in each of `rows` rows `stride` apart.
  void (*decibels)(const float* x, std::size_t rows, std::size_t stride, float* out);
  /// Raises what is more than `range` below the largest of n values, whole rows of 16, to just that.
  void (*limit_range)(float* x, std::size_t n, float range);
  /// out[l] = sum over rows b of weights[b] x[b * stride + l], 16 columns.
  void (*combine)(std::span<const float> weights, const float* x, std::size_t stride, float* out);
  /// Energy of 12 classes: out[c * stride + l] = sum over k of bank[k * 12 + c] P[k, l].
  void (*chroma)(const float* power, std::size_t rows, const float* bank, float* out, std::size_t stride);
  /// Where a value exceeds the column's gate and the row below and is at least the row above, in order of
  /// rows first .. last - 1: row * 16 + column. @param out room for 8 (last - first + 1) + 16
  /// @returns how many
  std::size_t (*local_peaks)(const float* power, std::size_t first, std::size_t last, const float* gate,
                             std::uint32_t* out);

  /// For 16 frames from t on: mean over rows of max(0, x[t + 1] - x[t]).
  void (*mean_rise)(const float* x, std::size_t rows, std::size_t stride, float* out);
  /// The same with the median, of at most 128 rows.
  void (*median_rise)(const float* x, std::size_t rows, std::size_t stride, float* out);

  /// Exact running median of 31 in each of 16 columns: out[i] is the median of the rows x[i] .. x[i + 30].
  /// @param x outputs + 30 rows, rounded up to whole blocks of 16 outputs; @param out the same
  void (*running_median)(const float* const* x, std::size_t outputs, float* out);
  /// h / (h + p), 1/2 where both are 0; n values.
  void (*soft_mask)(const float* h, const float* p, std::size_t n, float* out);
  /// Multiplies complex bins (bins x 2 x 16) by a mask (bins x 16).
  void (*scale_bins)(const float* mask, std::size_t bins_count, float* bins);
  /// Adds sample j of frame l (n x 16) to to[j % hop * stride + j / hop + l], a sample's frames in their order.
  void (*overlap_add)(const float* frames, std::size_t n, std::size_t hop, float* to, std::size_t stride);
  /// What was added up, by the sum of squared windows, and what it leaves of y; 0 where no window reaches.
  void (*part_samples)(const float* y, const float* added, const float* weights, std::size_t n, float* harmonic,
                       float* percussive);

  /// Sign changes from y[i - 1] to y[i] for i in 0 .. n - 1; magnitudes up to 1e-10 count as +0.
  std::size_t (*sign_changes)(const float* y, std::size_t n);
  /// Number of values that are not of magnitude at most `most`.
  std::size_t (*beyond)(const float* y, std::size_t n, float most);
  /// Sum of n values in double precision, in 16 parts.
  double (*sum)(const float* y, std::size_t n);
  /// Sum of (y - centre)^2, likewise.
  double (*sum_of_squares)(const float* y, std::size_t n, double centre);

  /// sum_i x[i] y[i], in 8 parts.
  double (*dot)(const double* x, const double* y, std::size_t n);
  /// out[r] = sum_i x[i] y[i] weights[r * stride + i], r < 5, in 8 parts.
  void (*weighted_dots)(const double* x, const double* y, const double* weights, std::size_t stride, std::size_t n,
                        double* out);
};

/// Processors' instructions that kernels were compiled for.
struct instruction_set {
  std::string_view name;
  std::string_view summary;
  bool (*supported)();
  const kernels* table;
  bool fftw = false; ///< transforms by FFTW, whose last bits depend on the processor
};

/// Best last.
const catalog<instruction_set>& instruction_sets();

/// The one of that name, or the best that this machine supports for "auto".
/// @throws error(settings) if this machine does not support it, or no catalog has it.
const instruction_set& instruction_set_named(std::string_view name);

/// Of the best set that this machine supports.
const kernels& best_kernels();

} // namespace fugato
