// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/demo_music.hpp"

#include "tools/demo_chord.hpp"
#include "tools/demo_dice.hpp"
#include "tools/demo_gm.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <tuple>
#include <utility>

namespace fugato::demo {
namespace {

using kind = midi_event::kind;

constexpr std::uint8_t drum_channel = 9;

/// General MIDI controllers.
constexpr std::uint8_t volume = 7;
constexpr std::uint8_t reverb_send = 91;

/// A phrase, after which instruments may come in or drop out [bars].
constexpr unsigned phrase = 4;

/// A note of a pattern.
struct stroke {
  char what;
  unsigned step;
  unsigned length; ///< [steps]
};

std::vector<stroke> strokes(std::string_view pattern) {
  std::vector<stroke> result;
  for (unsigned step = 0; step < pattern.size(); ++step)
    if (pattern[step] == '-' && !result.empty())
      ++result.back().length;
    else if (pattern[step] != '.')
      result.push_back({pattern[step], step, 1});
  return result;
}

int accent(char what) { return what == 'X' ? 12 : what == 'o' ? -24 : 0; }

/// At equal velocity metal is heard through everything else.
int tame(std::uint8_t drum) {
  constexpr std::array metal{gm::closed_hat, gm::pedal_hat, gm::open_hat,   gm::crash,
                             gm::ride,       gm::cowbell,   gm::tambourine, gm::shaker};
  return std::find(metal.begin(), metal.end(), drum) == metal.end() ? 4 : -10;
}

/// A note of the tune's motif.
struct motif_note {
  stroke when; ///< step within two bars
  int move;    ///< on the scale, from the note before
};

/// A part as a track has it.
struct player {
  const part* score;
  std::uint8_t channel;
  std::string_view usual;
  bool playing = true;
};

class composer {
public:
  composer(const style& genre, dice luck)
      : genre_(genre),
        luck_(luck),
        bar_(240 / luck_.in(genre.tempo)),
        key_(luck_.whole(0, 11)),
        velocity_(luck_.in(genre.velocity)),
        swing_(luck_.in(genre.swing)),
        chords_(parse_progression(luck_.pick(genre.progressions))),
        scale_(is_minor(chords_) ? genre.lead.in.minor : genre.lead.in.major) {}

  std::vector<midi_event> write() {
    engage();
    invent_motif();
    const auto entry = static_cast<unsigned>(luck_.below(16)); // an excerpt starts anywhere
    for (unsigned bar = 0; bar * bar_ < composed_seconds; ++bar)
      play(bar, bar + entry);
    std::stable_sort(events_.begin(), events_.end(), [](const midi_event& a, const midi_event& b) {
      return std::tie(a.seconds, a.what) < std::tie(b.seconds, b.what);
    });
    return std::move(events_);
  }

private:
  /// Hires the players and sets up their channels.
  void engage() {
    const double cents = luck_.between(-30, 30); // recordings seldom stand at 440 Hz
    const int bend = 8192 + static_cast<int>(cents / 200 * 8192);
    const auto send = static_cast<std::uint8_t>(luck_.whole(10, 70));
    const auto set_up = [&](std::uint8_t channel, std::uint8_t program) {
      const auto level = static_cast<std::uint8_t>(luck_.whole(86, 112));
      send_first(kind::program, channel, program, 0);
      send_first(kind::control, channel, volume, level);
      send_first(kind::control, channel, reverb_send, send);
      if (channel != drum_channel)
        send_first(kind::bend, channel, static_cast<std::uint8_t>(bend & 127), static_cast<std::uint8_t>(bend >> 7));
    };
    std::uint8_t channel = 0;
    for (const part& p : genre_.parts) {
      if (channel == 0 || luck_.chance(p.as.chance)) {
        set_up(channel, luck_.pick(p.programs));
        players_.push_back({&p, channel, luck_.pick(p.patterns)});
      }
      ++channel;
    }
    lead_channel_ = channel;
    has_lead_ = luck_.chance(genre_.lead.as.chance);
    if (has_lead_)
      set_up(lead_channel_, luck_.pick(genre_.lead.programs));
    if (!genre_.grooves.empty()) {
      set_up(drum_channel, luck_.pick(genre_.kits));
      groove_ = luck_.pick(genre_.grooves);
    }
  }

  /// Two bars of tune, which come back with variations.
  void invent_motif() {
    static const std::vector<int> moves{-3, -2, -1, -1, -1, 0, 1, 1, 1, 2, 3};
    const unsigned grid = genre_.lead.grid;
    const double density = luck_.in(genre_.lead.density);
    for (unsigned step = 0; step < 2 * grid; ++step) {
      const bool strong = step % (grid / 2) == 0;
      if (luck_.chance(strong ? (1 + density) / 2 : density))
        motif_.push_back({{'x', step, 1}, luck_.pick(moves)});
      else if (!motif_.empty() && motif_.back().when.length < grid / 2)
        ++motif_.back().when.length;
    }
    position_ = luck_.whole(2, static_cast<int>(scale_.size()));
  }

  /// @p song_bar counts from the start of the song, @p bar from that of the excerpt.
  void play(unsigned bar, unsigned song_bar) {
    if (bar == 0 || song_bar % phrase == 0)
      rearrange();
    for (player& p : players_)
      if (p.playing)
        play_part(p, bar, song_bar);
    if (lead_playing_)
      play_tune(bar, song_bar);
    if (drums_playing_)
      play_drums(bar, song_bar);
  }

  void rearrange() {
    for (player& p : players_)
      p.playing = p.channel == 0 || luck_.chance(.85);
    lead_playing_ = luck_.chance(.75) && has_lead_;
    drums_playing_ = luck_.chance(.92) && !groove_.empty();
  }

  void play_part(const player& p, unsigned bar, unsigned song_bar) {
    const std::string_view pattern = luck_.chance(.2) ? luck_.pick(p.score->patterns) : p.usual;
    const auto steps = static_cast<unsigned>(pattern.size());
    for (const stroke& s : strokes(pattern))
      for (const int key : notes_of(s.what, chord_at(song_bar), chord_at(song_bar + 1), key_, p.score->as.lowest))
        note(p.channel, key, velocity_ + p.score->as.loudness + accent(s.what), bar, steps, s);
  }

  void play_tune(unsigned bar, unsigned song_bar) {
    const unsigned grid = genre_.lead.grid;
    const unsigned half = song_bar % phrase == 1 ? 1 : 0;
    const bool closing = song_bar % phrase == phrase - 1;
    for (const motif_note& n : motif_) {
      if (n.when.step / grid != half)
        continue;
      const unsigned step = n.when.step % grid;
      if (closing && step >= grid / 2)
        continue; // a breath
      const int detour = luck_.chance(.2) ? luck_.whole(-2, 2) : 0;
      move(n.move + detour);
      if (step % (grid / 4) == 0)
        settle(chord_at(song_bar));
      note(lead_channel_, tune_pitch(position_), velocity_ + genre_.lead.as.loudness, bar, grid,
           {'x', step, std::min(n.when.length, grid - step)});
    }
  }

  void play_drums(unsigned bar, unsigned song_bar) {
    const bool fill = song_bar % (2 * phrase) == 2 * phrase - 1;
    for (const drum& d : groove_) {
      const auto steps = static_cast<unsigned>(d.pattern.size());
      for (const stroke& s : strokes(d.pattern)) {
        const bool left_out = luck_.chance(.03) || (fill && s.step >= steps * 3 / 4);
        if (!left_out)
          note(drum_channel, d.note, velocity_ + tame(d.note) + accent(s.what), bar, steps, s);
      }
    }
    constexpr std::array<int, 4> toms{50, 48, 45, 43};
    for (unsigned i = 0; fill && i < toms.size(); ++i)
      note(drum_channel, toms[i], velocity_ + 4, bar, 16, {'x', 12 + i, 1});
    if (song_bar % (2 * phrase) == 0)
      note(drum_channel, gm::crash, velocity_ - 8, bar, 1, {'x', 0, 1});
  }

  const chord& chord_at(unsigned song_bar) const { return chords_[song_bar % chords_.size()]; }

  /// Along the scale, turning back at the ends of an octave and a half.
  void move(int by) {
    const int top = static_cast<int>(scale_.size()) * 3 / 2;
    position_ += by;
    if (position_ < 0)
      position_ = -position_;
    if (position_ > top)
      position_ = std::max(0, 2 * top - position_);
  }

  /// To a tone of the chord, if one is within a step.
  void settle(const chord& now) {
    for (const int near : {position_, position_ + 1, position_ - 1})
      for (const int tone : now.tones)
        if (near >= 0 && mod12(tune_pitch(near) - key_ - now.root - tone) == 0) {
          position_ = near;
          return;
        }
  }

  int tune_pitch(int position) const {
    const auto size = static_cast<int>(scale_.size());
    return lift(key_, genre_.lead.as.lowest) + 12 * (position / size) +
           scale_[static_cast<std::size_t>(position % size)];
  }

  /// When a step of a bar comes [s].
  double when(unsigned bar, unsigned steps, unsigned step) const {
    const double late = steps == 16 && step % 2 == 1 ? swing_ : 0;
    return bar_ * (bar + (step + late) / steps);
  }

  void note(std::uint8_t channel, int key, double velocity, unsigned bar, unsigned steps, const stroke& s) {
    const double hand = luck_.between(-.006, .006); // [s]
    const double force = velocity + luck_.between(-8, 8);
    const double from = std::max(0., when(bar, steps, s.step) + hand);
    if (from >= composed_seconds)
      return;
    // ends before the same key is struck again, in spite of the unsteady hand
    const double held = when(bar, steps, s.step + s.length) - when(bar, steps, s.step);
    const double until = std::min(from + std::max(.03, .95 * held - .014), composed_seconds);
    const auto which = static_cast<std::uint8_t>(std::clamp(key, 0, 127));
    events_.push_back({from, kind::note_on, channel, which, static_cast<std::uint8_t>(std::clamp(force, 1., 127.))});
    events_.push_back({until, kind::note_off, channel, which, 0});
  }

  void send_first(kind what, std::uint8_t channel, std::uint8_t data1, std::uint8_t data2) {
    events_.push_back({0, what, channel, data1, data2});
  }

  const style& genre_;
  dice luck_;
  // in the order of their draws
  double bar_; ///< length of a bar [s]
  int key_;    ///< pitch class of the key note
  double velocity_;
  double swing_;
  std::vector<chord> chords_;
  const std::vector<int>& scale_;
  std::vector<player> players_;
  groove groove_;
  std::vector<motif_note> motif_;
  int position_ = 0; ///< of the tune on the scale
  std::uint8_t lead_channel_ = 0;
  bool has_lead_ = false;
  bool lead_playing_ = false;
  bool drums_playing_ = false;
  std::vector<midi_event> events_;
};

/// Some tracks take one thing from a genre akin: without it genres would be
/// told apart by the mere presence of an instrument.
style blend(style own, dice& luck) {
  if (own.kin.empty() || !luck.chance(.3))
    return own;
  const style& other = styles().at(luck.pick(own.kin));
  switch (luck.below(4)) {
  case 0:
    own.tempo = other.tempo;
    break;
  case 1:
    own.lead = other.lead;
    break;
  case 2:
    own.parts.back() = other.parts.back();
    break;
  default:
    own.kits = other.kits;
    own.grooves = other.grooves;
    own.swing = other.swing;
  }
  return own;
}

} // namespace

std::vector<midi_event> compose(const style& genre, unsigned index) {
  dice luck(std::string(genre.name) + "/" + std::to_string(index));
  const style blended = blend(genre, luck);
  return composer(blended, luck).write();
}

} // namespace fugato::demo
