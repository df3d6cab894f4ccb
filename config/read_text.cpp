// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/read_text.hpp"

#include <filesystem>
#include <fstream>

namespace fugato {

std::string read_text(const std::string& path, errc blame) {
  std::error_code problem;
  const auto kind = std::filesystem::status(path, problem).type();
  if (kind == std::filesystem::file_type::character || kind == std::filesystem::file_type::block)
    throw error(blame, path + ": must be a file or a pipe, found a device"); // it may have no end
  std::ifstream in{path, std::ios::binary};
  if (!in || std::filesystem::is_directory(path, problem))
    throw error(blame, path + ": must be a readable file");
  std::string bytes;
  bytes.resize(std::filesystem::is_regular_file(path, problem) ? std::filesystem::file_size(path, problem) : 0);
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  for (char more = 0; in.get(more);) // what was not announced: pipes, growing files
    bytes += more;
  if (in.bad())
    throw error(blame, path + ": must be readable to its end, but reading failed");
  return bytes;
}

} // namespace fugato
