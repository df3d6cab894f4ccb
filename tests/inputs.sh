# SPDX-License-Identifier: GPL-3.0-or-later
# To be sourced by tests of runs that are disturbed; needs `fail`.

# each_once INPUTS FOLDER: every input is there once, in rows or as a failure, and no row twice
each_once() {
  names=$(tail -n +2 "$2/features.csv" | cut -d, -f1)
  [ -z "$(echo "$names" | sort | uniq -d)" ] || fail "rows that are there twice"
  tracks=$(echo "$names" | sed 's/\.[0-9]*$//' | sort -u | wc -l) # a row's name ends with its number
  failures=$(tail -n +2 "$2/failures.csv" | wc -l)
  [ $((tracks + failures)) -eq "$1" ] || fail "$1 inputs, but $tracks tracks with rows and $failures failures"
}
