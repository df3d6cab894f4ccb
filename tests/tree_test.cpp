// SPDX-License-Identifier: GPL-3.0-or-later
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace fs = std::filesystem;

namespace {

/// The architecture, bottom up: a folder includes only itself and what is below it.
constexpr std::array<std::string_view, 7> layers{"config", "audio", "features", "models", "report", "actors", "tools"};

/// Libraries that only one place may use.
struct walled_library {
  std::string_view header; ///< how its includes begin
  std::string_view home;   ///< how the paths that may include it begin
};
constexpr std::array walled{
    walled_library{"caf/", "actors/"},           walled_library{"fftw3", "features/fft."},
    walled_library{"sndfile", "audio/"},         walled_library{"soxr", "audio/"},
    walled_library{"taglib/", "audio/tags."},    walled_library{"xgboost/", "models/"},
    walled_library{"libsvm/", "models/libsvm."}, walled_library{"httplib", "actors/dashboard."}};

struct include_line {
  std::string file; ///< relative to the checkout
  std::string header;
};

std::vector<include_line> all_includes() {
  const std::regex pattern{R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])"};
  std::vector<include_line> result;
  for (const std::string_view layer : layers)
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(FUGATO_SOURCE_DIR) / layer)) {
      const auto extension = entry.path().extension();
      if (extension != ".hpp" && extension != ".cpp")
        continue;
      std::ifstream in{entry.path()};
      std::smatch match;
      for (std::string line; std::getline(in, line);)
        if (std::regex_search(line, match, pattern))
          result.push_back({fs::relative(entry.path(), FUGATO_SOURCE_DIR).string(), match[1]});
    }
  return result;
}

std::ptrdiff_t rank(const std::string& path) {
  return std::find(layers.begin(), layers.end(), path.substr(0, path.find('/'))) - layers.begin();
}

} // namespace

TEST_CASE("includes point downwards only") {
  const auto includes = all_includes();
  REQUIRE(includes.size() > 100);
  for (const auto& [file, header] : includes) {
    CAPTURE(file);
    CAPTURE(header);
    if (header.find('/') != std::string::npos && rank(header) < static_cast<std::ptrdiff_t>(layers.size()))
      CHECK(rank(header) <= rank(file));
  }
}

TEST_CASE("a walled library is included in its home only, and there at least once") {
  const auto includes = all_includes();
  for (const walled_library& library : walled) {
    bool used = false;
    for (const auto& [file, header] : includes)
      if (header.starts_with(library.header)) {
        CAPTURE(file);
        CHECK(file.starts_with(library.home));
        used = true;
      }
    CAPTURE(library.header);
    CHECK(used);
  }
}

TEST_CASE("nlohmann/json stays out of headers, which many include") {
  for (const auto& [file, header] : all_includes())
    if (header.starts_with("nlohmann/")) {
      CAPTURE(file);
      CHECK(file.ends_with(".cpp"));
    }
}

TEST_CASE("every source file names the licence") {
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(FUGATO_SOURCE_DIR, fs::directory_options::none)) {
    const std::string path = fs::relative(entry.path(), FUGATO_SOURCE_DIR).string();
    const auto extension = entry.path().extension();
    const bool ours = rank(path) < static_cast<std::ptrdiff_t>(layers.size()) || path.starts_with("tests/");
    if (!ours || (extension != ".hpp" && extension != ".cpp"))
      continue;
    std::ifstream in{entry.path()};
    std::string line;
    std::getline(in, line);
    CAPTURE(path);
    CHECK(line == "// SPDX-License-Identifier: GPL-3.0-or-later");
    ++files;
  }
  CHECK(files > 50);
}
