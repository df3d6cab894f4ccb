// SPDX-License-Identifier: GPL-3.0-or-later

extern const kernels table;
const kernels table{
    .interleave = interleave,
    .power = power,
    .bins = bins,
    .samples = samples,
    .roots = roots,
    .peaks = peaks,
    .moments = moments,
    .spreads = spreads,
    .ranks = ranks,
    .flatness = flatness,
    .extremes = extremes,
    .mel = mel,
    .decibels = decibels,
    .limit_range = limit_range,
    .combine = combine,
    .chroma = chroma,
    .local_peaks = local_peaks,
    .mean_rise = mean_rise,
    .median_rise = median_rise,
    .running_median = running_median,
    .soft_mask = soft_mask,
    .sign_changes = sign_changes,
    .beyond = beyond,
    .sum = sum,
};
