// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace fugato {

/// A file or folder that is to be gone when the program ends, also where remove_unfinished() is all that it still does.
/// Whoever has one removes it when all goes well.
class passing_thing {
public:
  explicit passing_thing(std::string path);
  ~passing_thing();
  passing_thing(const passing_thing&) = delete;
  passing_thing& operator=(const passing_thing&) = delete;

private:
  std::string path_;
};

} // namespace fugato
