// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace fugato {

/// A line of a corpus list.
struct listed {
  std::string path; ///< as written
  std::string label;
};

/// Reads lines `path[,label]`: fields quoted as in RFC 4180, blanks around
/// unquoted ones dropped; comment lines (`#`), blank lines, a header
/// `path[,label]`, a UTF-8 byte order mark and CRLF are understood.
/// @param name of the list, for errors
/// @throws error(settings) with name and line number: a quote that is not closed,
///         more than two fields, an empty path, a byte 0, a path listed twice
std::vector<listed> parse_list(const std::string& text, const std::string& name);

} // namespace fugato
