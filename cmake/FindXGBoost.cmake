# SPDX-License-Identifier: GPL-3.0-or-later
# Debian's own xgboost-config.cmake names /usr/bin/xgboost, which another package
# holds, and fails without it: look for header and library instead.
find_path(XGBoost_INCLUDE_DIR xgboost/c_api.h)
find_library(XGBoost_LIBRARY xgboost)
if(XGBoost_INCLUDE_DIR)
  file(STRINGS "${XGBoost_INCLUDE_DIR}/xgboost/version_config.h" lines REGEX "#define XGBOOST_VER_(MAJOR|MINOR|PATCH) ")
  string(REGEX REPLACE "[^0-9;]" "" lines "${lines}")
  string(REPLACE ";" "." XGBoost_VERSION "${lines}")
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(XGBoost REQUIRED_VARS XGBoost_LIBRARY XGBoost_INCLUDE_DIR
                                  VERSION_VAR XGBoost_VERSION)
