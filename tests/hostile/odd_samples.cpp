// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/hostile/cases.hpp"

#include <limits>

namespace fugato::hostile {
namespace {

using enum fate;

constexpr float huge = std::numeric_limits<float>::max();

/// Floats of a tone in noise, one of them replaced.
bytes with_sample(float x, std::size_t at = 4000) {
  std::vector<float> samples = test::noisy(22050, 8000);
  samples.at(at) = x;
  return wav({.coding = 3, .bits = 32}, floats(samples));
}

bytes constant(std::int16_t x, std::size_t count) { return wav({}, words(std::vector<std::int16_t>(count, x))); }

bytes times(float factor) {
  std::vector<float> samples = test::noisy(22050, 8000);
  for (float& x : samples)
    x *= factor;
  return wav({.coding = 3, .bits = 32}, floats(samples));
}

/// Doubles, of which some lie beyond a float.
bytes doubles(double factor) {
  writer data;
  for (const float x : test::noisy(22050, 8000))
    data.little(8, std::bit_cast<std::uint64_t>(factor * static_cast<double>(x)));
  return wav({.coding = 3, .bits = 64}, data.take());
}

bytes square() {
  std::vector<std::int16_t> samples;
  for (int i = 0; i < 8000; ++i)
    samples.push_back(i / 50 % 2 == 0 ? std::int16_t{32767} : std::int16_t{-32768});
  return wav({}, words(samples));
}

bytes impulse() {
  std::vector<std::int16_t> samples(8000, 0);
  samples[4000] = 32767;
  return wav({}, words(samples));
}

} // namespace

specimens odd_samples() {
  const auto named = [](const char* name) { return std::string("samples/") + name + ".wav"; };
  return {
      {named("nan"), "a sample that is no number", failure, "non-finite",
       holding([] { return with_sample(std::nanf("")); })},
      {named("nan_first"), "the first sample is no number", failure, "non-finite",
       holding([] { return with_sample(std::nanf(""), 0); })},
      {named("infinite"), "an infinite sample", failure, "non-finite", holding([] { return with_sample(INFINITY); })},
      {named("minus_infinite"), "an infinite sample below", failure, "non-finite",
       holding([] { return with_sample(-INFINITY); })},
      {named("nan_double"), "doubles that are no numbers", failure, "non-finite",
       holding([] { return doubles(std::nan("")); })},
      {named("double_beyond_float"), "doubles of 1e300", failure, "non-finite", holding([] { return doubles(1e300); })},
      {named("greatest_float"), "the greatest float", failure, "non-finite", holding([] { return times(huge); })},
      {named("beyond_1"), "floats of up to 4", row, "", holding([] { return times(8); })},
      {named("denormal"), "floats of 1e-40", row, "", holding([] { return times(1e-40F); })},
      {named("silence"), "only zeros", warned_row, "equal", holding([] { return constant(0, 8000); })},
      {named("minus_zero"), "zeros of both signs", warned_row, "equal", holding([] { return times(0); })},
      {named("dc"), "a constant voltage", warned_row, "equal", holding([] { return constant(12345, 8000); })},
      {named("dc_full"), "the lowest sample for ever", warned_row, "equal",
       holding([] { return constant(-32768, 8000); })},
      {named("one_sample"), "one sample", warned_row, "9 frames", holding([] { return constant(1000, 1); })},
      {named("one_zero"), "one sample of 0", warned_row, "9 frames", holding([] { return constant(0, 1); })},
      {named("two_samples"), "two samples", warned_row, "9 frames", holding([] { return constant(1000, 2); })},
      {named("half_a_sample"), "one byte of data", failure, "no-samples",
       holding([] { return wav({}, bytes(1, std::byte{1})); })},
      {named("shorter_than_a_frame"), "500 samples", warned_row, "9 frames",
       holding([] { return wav({}, first(music(), 1000)); })},
      {named("eight_frames"), "8 frames", warned_row, "9 frames",
       holding([] { return wav({}, first(music(), 2 * 4095)); })},
      {named("nine_frames"), "9 frames", row, "", holding([] { return wav({}, first(music(), 2 * 4096)); })},
      {named("square"), "full scale", row, "", holding([] { return square(); })},
      {named("impulse"), "one click in silence", row, "", holding([] { return impulse(); })},
  };
}

} // namespace fugato::hostile
