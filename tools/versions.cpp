// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/session.hpp"
#include "audio/clip.hpp"
#include "audio/resample.hpp"
#include "audio/tags.hpp"
#include "config/version.hpp"
#include "features/fft.hpp"
#include "models/libsvm.hpp"
#include "models/xgboost.hpp"
#include "tools/command.hpp"
#include "tools/demo_render.hpp"

#include <Eigen/Core>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <openssl/crypto.h>
#include <spdlog/version.h>

namespace fugato {

std::vector<std::pair<std::string, std::string>> versions() {
  const build_info build = this_build();
  const std::string commit = build.commit.empty() ? "" : " (" + build.commit + ")";
  return {
      {"fugato", build.version + commit + ", " + build.build_type + ", " + build.compiler},
      {"caf", caf_version()},
      {"libsndfile", sndfile_version()},
      {"libsoxr", soxr_version()},
      {"taglib", taglib_version()},
      {"fftw", fft_version()},
      {"eigen", fmt::format("{}.{}.{}", EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION)},
      {"xgboost", xgboost_version()},
      {"libsvm", libsvm::version()},
      {"nlohmann-json",
       fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH)},
      {"openssl", OpenSSL_version(OPENSSL_VERSION_STRING)},
      {"fmt", fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100)},
      {"spdlog", fmt::format("{}.{}.{}", SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR, SPDLOG_VER_PATCH)},
      {"cli11", CLI11_VERSION},
  };
}

} // namespace fugato
