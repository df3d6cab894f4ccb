// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/hostile/cases.hpp"

namespace fugato::hostile {
namespace {

struct foreign_name {
  std::string text;
  std::string_view how;
};

const std::vector<foreign_name>& names() {
  static const std::vector<foreign_name> result{
      {"line\nend", "a line's end"},
      {"row\r\n1,2,3,forged", "a forged row"},
      {"tab\tstop", "a tab"},
      {"bell\x07", "a bell"},
      {"\x1B[2J\x1B[31mred", "commands to a terminal"},
      {"\x1B]0;title\x07", "a window's title"},
      {"\xC2\x9B"
       "2J",
       "commands to a terminal in 8 bits"},
      {"caf\xE9", "Latin-1"},
      {"\xC0\xAF", "overlong UTF-8"},
      {"\xED\xA0\x80", "a surrogate"},
      {"\u202Efdp", "writing turned around"},
      {"\u2028", "a line separator of Unicode"},
      {"\uFEFF", "a byte order mark"},
      {"=cmd|' C calc'!A0", "a formula"},
      {"+1+cmd", "a formula"},
      {"-2+3", "a formula"},
      {"@SUM(A1)", "a formula"},
      {"\uFF1DSUM(A1)", "a formula in wide letters"},
      {"\t=1+1", "a formula behind a tab"},
      {"a;=1+1", "a formula behind a semicolon"},
      {"a\",=1+1,\"", "a formula behind a quote"},
      {"<script>alert(1)<b>", "a script"},
      {"\"><img src=x onerror=alert(1)>", "an attribute"},
      {"&lt;&#60;", "entities"},
      {"%s%n%x", "a format of printf"},
      {"{} {0}", "a format of fmt"},
      {"$(touch x)`touch y`", "commands to a shell"},
      {"'quoted'", "quotes"},
      {"back\\slash\\n", "backslashes"},
      {" blank ", "blanks at both ends"},
      {"--output=x", "an option"},
      {std::string(240, 'x'), "a long name"},
      {"音楽 🎵 Jóga", "letters of the world"},
  };
  return result;
}

} // namespace

specimens foreign_names() {
  specimens result;
  for (const foreign_name& x : names()) {
    result.push_back({"names/" + x.text + ".wav", x.how, fate::row, "", holding([] { return wav({}, music()); })});
    result.push_back({"=1+1\x1B[5m<b>\xE9/" + x.text + ".bad.wav", x.how, fate::failure, "not-audio",
                      holding([] { return bytes(100, std::byte{'x'}); })});
  }
  result.push_back({"=1+1\x1B[5m<b>\xE9/good.wav", "a label that is a formula, commands and a script", fate::row, "",
                    holding([] { return wav({}, music()); })});
  return result;
}

specimens all_specimens() {
  specimens result;
  for (const auto family : {bad_headers, other_formats, odd_samples, no_files, foreign_names})
    for (specimen& x : family())
      result.push_back(std::move(x));
  return result;
}

void make_corpus(const specimens& cases, const std::string& folder) {
  for (const specimen& x : cases) {
    const std::string path = folder + "/" + x.path;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    x.make(path);
  }
}

} // namespace fugato::hostile
