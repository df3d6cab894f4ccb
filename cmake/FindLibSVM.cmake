# SPDX-License-Identifier: GPL-3.0-or-later
# libsvm comes with neither CMake nor pkg-config files.
find_path(LibSVM_INCLUDE_DIR libsvm/svm.h)
find_library(LibSVM_LIBRARY svm)
if(LibSVM_INCLUDE_DIR)
  file(STRINGS "${LibSVM_INCLUDE_DIR}/libsvm/svm.h" line REGEX "#define LIBSVM_VERSION ")
  string(REGEX REPLACE "[^0-9]" "" LibSVM_VERSION "${line}") # 324 is 3.24
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibSVM REQUIRED_VARS LibSVM_LIBRARY LibSVM_INCLUDE_DIR VERSION_VAR LibSVM_VERSION)
