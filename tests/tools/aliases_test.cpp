// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/aliases.hpp"

#include "config/files.hpp"
#include "tests/errors.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <unistd.h>

using namespace fugato;

TEST_CASE("an alias is parted at the first equals sign") {
  CHECK(parse_alias("Hip-Hop=hiphop") == alias{"Hip-Hop", "hiphop"});
  CHECK(parse_alias(" Drum & Bass = a=b ") == alias{"Drum & Bass", "a=b"});
  CHECK(parse_alias("Podcast=") == alias{"Podcast", ""});
  CHECK(sentence(errc::usage, [] { parse_alias("jazz"); }).find("'jazz'") != std::string::npos);
  CHECK(sentence(errc::usage, [] { parse_alias("=jazz"); }) != "no error");
}

TEST_CASE("a file of aliases is a CSV of two fields") {
  const std::string path =
      (std::filesystem::temp_directory_path() / ("fugato-aliases-" + std::to_string(getpid()))).string();
  write_file(path, "# mine\nHip-Hop,hiphop\n\"Rock, Pop\",pop\r\nPodcast,\n");
  CHECK(read_aliases(path) == std::vector<alias>{{"Hip-Hop", "hiphop"}, {"Rock, Pop", "pop"}, {"Podcast", ""}});
  write_file(path, "a,b\na,b,c\n");
  CHECK(sentence(errc::settings, [&] { read_aliases(path); }).find("line 2") != std::string::npos);
  write_file(path, "\"a,b\n");
  CHECK(sentence(errc::settings, [&] { read_aliases(path); }) != "no error");
  std::filesystem::remove(path);
  CHECK(sentence(errc::settings, [&] { read_aliases(path); }) != "no error");
}
