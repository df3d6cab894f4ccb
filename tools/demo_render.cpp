// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/demo_render.hpp"

#include "config/shared_library.hpp"

#include <fluidsynth.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <memory>

namespace fugato::demo {
namespace {

const shared_library& library() {
  static const shared_library fluidsynth(FUGATO_LIBFLUIDSYNTH);
  return fluidsynth;
}

/// A function of it.
#define FLUID(f) FUGATO_FROM(library, f)

struct release {
  void operator()(fluid_settings_t* settings) const { FLUID(delete_fluid_settings)(settings); }
  void operator()(fluid_synth_t* synth) const { FLUID(delete_fluid_synth)(synth); }
};
using settings_ptr = std::unique_ptr<fluid_settings_t, release>;
using synth_ptr = std::unique_ptr<fluid_synth_t, release>;

void must(bool done, const std::string& what) {
  if (!done)
    throw error(errc::internal, "FluidSynth must " + what + ", but refused");
}

/// Makes FluidSynth ready to be used by several threads. Its first synthesizer
/// fills tables that all share, and others do not wait until they are full
/// (2.3.1: new_fluid_synth marks them as filled beforehand), so that tracks begun
/// meanwhile sound different; hence one synthesizer is made while nobody else can.
void initialise_fluidsynth() {
  static const bool ready = [] {
    // it talks on stderr, of audio drivers too that nobody asked for
    for (const int level : {FLUID_PANIC, FLUID_ERR, FLUID_WARN, FLUID_INFO, FLUID_DBG})
      FLUID(fluid_set_log_function)(level, nullptr, nullptr);
    const settings_ptr settings(FLUID(new_fluid_settings)());
    const synth_ptr synth(FLUID(new_fluid_synth)(settings.get()));
    return synth != nullptr;
  }();
  must(ready, "create a first synthesizer");
}

/// Whatever changes the sound is said here rather than left to the defaults of a version.
settings_ptr make_settings() {
  initialise_fluidsynth();
  settings_ptr settings(FLUID(new_fluid_settings)());
  must(settings != nullptr, "create its settings");
  const auto number = [&](const char* name, double value) {
    must(FLUID(fluid_settings_setnum)(settings.get(), name, value) == FLUID_OK,
         std::string("take the setting ") + name);
  };
  const auto integer = [&](const char* name, int value) {
    must(FLUID(fluid_settings_setint)(settings.get(), name, value) == FLUID_OK,
         std::string("take the setting ") + name);
  };
  number("synth.sample-rate", sample_rate);
  number("synth.gain", 0.4);
  integer("synth.polyphony", 96);
  integer("synth.cpu-cores", 1);
  integer("synth.threadsafe-api", 0); // one thread a synth
  integer("synth.chorus.active", 0);
  integer("synth.reverb.active", 1);
  number("synth.reverb.room-size", 0.4);
  number("synth.reverb.damp", 0.3);
  number("synth.reverb.width", 0.5);
  number("synth.reverb.level", 0.6);
  return settings;
}

/// A synthesizer with a soundfont; the settings must outlive it.
synth_ptr make_synth(fluid_settings_t* settings, const std::string& soundfont) {
  synth_ptr synth(FLUID(new_fluid_synth)(settings));
  must(synth != nullptr, "create a synthesizer");
  if (FLUID(fluid_synth_sfload)(synth.get(), soundfont.c_str(), 1) == FLUID_FAILED)
    throw error(errc::not_found, soundfont + ": this must be a soundfont that FluidSynth can load");
  return synth;
}

/// Refusals (a note-off of a note that has ended, say) are part of music.
void send(fluid_synth_t* synth, const midi_event& e) {
  switch (e.what) {
  case midi_event::kind::program:
    FLUID(fluid_synth_program_change)(synth, e.channel, e.data1);
    break;
  case midi_event::kind::control:
    FLUID(fluid_synth_cc)(synth, e.channel, e.data1, e.data2);
    break;
  case midi_event::kind::bend:
    FLUID(fluid_synth_pitch_bend)(synth, e.channel, e.data2 << 7 | e.data1);
    break;
  case midi_event::kind::note_off:
    FLUID(fluid_synth_noteoff)(synth, e.channel, e.data1);
    break;
  case midi_event::kind::note_on:
    FLUID(fluid_synth_noteon)(synth, e.channel, e.data1, e.data2);
    break;
  }
}

} // namespace

std::string find_soundfont() {
  constexpr std::array known{"/usr/share/sounds/sf2/TimGM6mb.sf2", "/usr/share/sounds/sf2/FluidR3_GM.sf2",
                             "/usr/share/sounds/sf3/MuseScore_General.sf3", "/usr/share/sounds/sf2/default-GM.sf2",
                             "/usr/share/sounds/sf3/default-GM.sf3"};
  for (const char* path : known)
    if (std::error_code ignored; std::filesystem::is_regular_file(path, ignored))
      return path;
  throw error(errc::not_found, std::string("the demo corpus needs a General MIDI soundfont, but ") + known.front() +
                                   " and its alternatives do not exist; install the package timgm6mb-soundfont");
}

std::vector<float> render(std::span<const midi_event> events, const std::string& soundfont, std::size_t first,
                          std::size_t count) {
  const settings_ptr settings = make_settings();
  const synth_ptr synth = make_synth(settings.get(), soundfont);
  const std::size_t total = first + count;
  std::vector<float> left(total), right(total);
  std::size_t done = 0;
  const auto play_until = [&](std::size_t end) {
    if (end <= done)
      return;
    const auto length = static_cast<int>(end - done);
    must(FLUID(fluid_synth_write_float)(synth.get(), length, left.data() + done, 0, 1, right.data() + done, 0, 1) ==
             FLUID_OK,
         "render");
    done = end;
  };
  for (const midi_event& e : events) {
    const auto at = static_cast<std::size_t>(std::llround(e.seconds * sample_rate));
    if (at >= total)
      break;
    play_until(at);
    send(synth.get(), e);
  }
  play_until(total);
  std::vector<float> mono(count);
  for (std::size_t i = 0; i < count; ++i)
    mono[i] = (left[first + i] + right[first + i]) / 2;
  return mono;
}

std::vector<std::int16_t> quantise(std::span<const float> samples, double peak_db) {
  float peak = 0;
  for (const float x : samples)
    peak = std::max(peak, std::abs(x));
  // 16-bit samples reach 32767 upwards
  const double scale = peak > 0 ? 32767 * std::pow(10, peak_db / 20) / peak : 0;
  std::vector<std::int16_t> result;
  result.reserve(samples.size());
  for (const float x : samples)
    result.push_back(static_cast<std::int16_t>(std::lround(x * scale)));
  return result;
}

} // namespace fugato::demo
