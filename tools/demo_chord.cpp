// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/demo_chord.hpp"

#include "config/error.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace fugato::demo {

int mod12(int x) { return (x % 12 + 12) % 12; }

int lift(int pitch_class, int lowest) { return lowest + mod12(pitch_class - lowest); }

chord parse_chord(std::string_view symbol) {
  constexpr std::array<std::pair<std::string_view, int>, 7> degrees{
      {{"I", 0}, {"II", 2}, {"III", 4}, {"IV", 5}, {"V", 7}, {"VI", 9}, {"VII", 11}}};
  std::string_view rest = symbol;
  const bool flat = rest.starts_with('b');
  rest.remove_prefix(flat ? 1 : 0);
  const std::size_t letters = std::min(rest.find_first_not_of("IViv"), rest.size());
  std::string numeral(rest.substr(0, letters));
  rest.remove_prefix(letters);
  const bool minor = numeral.starts_with('i') || numeral.starts_with('v');
  for (char& c : numeral)
    c = c == 'i' ? 'I' : c == 'v' ? 'V' : c;
  const auto degree = std::find_if(degrees.begin(), degrees.end(), [&](const auto& d) { return d.first == numeral; });
  if (degree == degrees.end() || !(rest.empty() || rest == "5" || rest == "7" || rest == "maj7"))
    throw error(errc::internal,
                "a chord must be a Roman numeral with 5, 7, maj7 or nothing, found '" + std::string(symbol) + "'");
  chord result{degree->second - (flat ? 1 : 0), {0, minor ? 3 : 4, 7}, minor};
  if (rest == "5")
    result.tones = {0, 7};
  else if (!rest.empty())
    result.tones.push_back(rest == "7" ? 10 : 11);
  return result;
}

std::vector<chord> parse_progression(std::string_view text) {
  std::vector<chord> result;
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    result.push_back(parse_chord(text.substr(0, space)));
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  return result;
}

bool is_minor(const std::vector<chord>& chords) {
  return std::any_of(chords.begin(), chords.end(), [](const chord& c) { return c.root == 0 && c.minor; });
}

std::vector<int> notes_of(char what, const chord& now, const chord& next, int key, int lowest) {
  const int root = lift(key + now.root, lowest);
  switch (what) {
  case '1':
    return {root};
  case '3':
    return {root + now.tones[1]};
  case '5':
    return {root + now.tones[std::min<std::size_t>(2, now.tones.size() - 1)]};
  case '7':
    return {root + (now.tones.size() > 3 ? now.tones[3] : 12)};
  case '8':
    return {root + 12};
  case 'a':
    return {lift(key + next.root, lowest) - 1};
  default:
    break;
  }
  if (now.tones.size() == 2)
    return {root, root + 7, root + 12};
  std::vector<int> result; // inverted so that the hand stays where it is
  for (const int tone : now.tones)
    result.push_back(lift(key + now.root + tone, lowest));
  return result;
}

} // namespace fugato::demo
