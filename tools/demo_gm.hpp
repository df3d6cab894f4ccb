// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

/// The names of the General MIDI sounds that the demo corpus plays.
namespace fugato::demo::gm {

// General MIDI programs, counted from 0.
enum : std::uint8_t {
  piano = 0,
  bright_piano = 1,
  honky_tonk = 3,
  rhodes = 4,
  fm_piano = 5,
  harpsichord = 6,
  clavinet = 7,
  vibraphone = 11,
  organ = 16,
  percussive_organ = 17,
  rock_organ = 18,
  accordion = 21,
  harmonica = 22,
  nylon_guitar = 24,
  steel_guitar = 25,
  jazz_guitar = 26,
  clean_guitar = 27,
  muted_guitar = 28,
  overdriven_guitar = 29,
  distorted_guitar = 30,
  upright_bass = 32,
  finger_bass = 33,
  pick_bass = 34,
  fretless_bass = 35,
  slap_bass = 36,
  synth_bass = 38,
  deep_synth_bass = 39,
  violin = 40,
  viola = 41,
  cello = 42,
  contrabass = 43,
  pizzicato = 45,
  harp = 46,
  strings = 48,
  slow_strings = 49,
  synth_strings = 50,
  choir = 52,
  voice_oohs = 53,
  synth_voice = 54,
  trumpet = 56,
  trombone = 57,
  muted_trumpet = 59,
  french_horn = 60,
  brass = 61,
  synth_brass = 62,
  alto_sax = 65,
  tenor_sax = 66,
  oboe = 68,
  bassoon = 70,
  clarinet = 71,
  flute = 73,
  square_lead = 80,
  saw_lead = 81,
  fantasia_pad = 88,
  warm_pad = 89,
  banjo = 105,
  fiddle = 110,
};

// General MIDI percussion keys.
enum : std::uint8_t {
  kick = 36,
  rim = 37,
  snare = 38,
  clap = 39,
  closed_hat = 42,
  pedal_hat = 44,
  open_hat = 46,
  crash = 49,
  ride = 51,
  tambourine = 54,
  cowbell = 56,
  high_conga = 63,
  low_conga = 64,
  shaker = 82,
};

// General Standard drum kits.
enum : std::uint8_t { standard = 0, room = 8, power = 16, electronic = 24, tr_808 = 25, jazz_kit = 32, brushes = 40 };

} // namespace fugato::demo::gm
