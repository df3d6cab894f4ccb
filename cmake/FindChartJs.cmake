# SPDX-License-Identifier: GPL-3.0-or-later
# Chart.js as one file for pages: Debian's libjs-chart.js.
find_file(ChartJs_FILE chart.min.js PATHS /usr/share/javascript/chart.js NO_DEFAULT_PATH)
if(ChartJs_FILE)
  file(STRINGS "${ChartJs_FILE}" banner LIMIT_COUNT 2 REGEX "Chart.js v[0-9.]+")
  string(REGEX MATCH "[0-9]+\\.[0-9]+\\.[0-9]+" ChartJs_VERSION "${banner}")
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(ChartJs REQUIRED_VARS ChartJs_FILE VERSION_VAR ChartJs_VERSION)
