# SPDX-License-Identifier: GPL-3.0-or-later
# L-BFGS-B 3.0, the authors' Fortran code; it comes without header and package file.
find_library(LBFGSB_LIBRARY lbfgsb)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LBFGSB REQUIRED_VARS LBFGSB_LIBRARY)
