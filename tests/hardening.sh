#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Reads in the built program what keeps a memory error from becoming more: a position-independent executable, addresses
# bound at once and then read-only, no executable stack or writable code, stack protectors, checked functions of libc.
# tests/hardening.sh FUGATO BUILD_TYPE; in a build for debugging, where they would be in the way, it looks for assertions.
set -eu
program=$1
if [ "$2" = Debug ]; then # std::vector and the like check what they are told, outside of CAF's users
  nm -C "$program" | grep -q '__glibcxx_assert_fail' || { echo "missing: _GLIBCXX_ASSERTIONS"; exit 1; }
  echo "$program checks the standard library's preconditions"
  exit 0
fi
[ "$2" = Release ] || { echo "skipped: a build of type $2"; exit 77; }
command -v readelf >/dev/null || { echo "skipped: there is no readelf (package binutils)"; exit 77; }

failed=0
# must WHAT PATTERN: a line of stdin has it; must_not: none has
must() { grep -qE "$2" || { echo "missing: $1"; failed=1; }; }
must_not() { ! grep -E "$2" || { echo "found: $1"; failed=1; }; }

readelf -hW "$program" >"${TMPDIR:-/tmp}/hardening.$$"
trap 'rm -f "${TMPDIR:-/tmp}/hardening.$$"' EXIT
all=${TMPDIR:-/tmp}/hardening.$$
must "position-independent executable" 'Type: *DYN' <"$all"
readelf -lW "$program" >"$all"
must "read-only relocations" 'GNU_RELRO' <"$all"
must "a stack that is not executable" 'GNU_STACK.* RW ' <"$all"
must_not "a segment that is writable and executable" 'LOAD.* RWE ' <"$all"
readelf -dW "$program" >"$all"
must "binding at once" 'FLAGS.*BIND_NOW|FLAGS_1.*NOW|\(BIND_NOW\)' <"$all"
must "the mark of a position-independent executable" 'FLAGS_1.*PIE' <"$all"
must_not "relocations in code" 'TEXTREL' <"$all"
readelf -W --dyn-syms "$program" >"$all"
must "stack protectors" '__stack_chk_fail' <"$all"
must "checked functions of libc" '__[a-z]+_chk(@|$)' <"$all"
must "_FORTIFY_SOURCE=3 where it is compiled" 'D_FORTIFY_SOURCE=3 .*tools/main/fugato.cpp' <"$(dirname "$program")/compile_commands.json"
[ $failed -eq 0 ] && echo "$program is hardened"
exit $failed
