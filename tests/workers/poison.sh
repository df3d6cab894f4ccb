#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A file that kills whoever reads it, under every policy: tests/workers/poison.sh FUGATO
# It alone is blamed, after three workers, and listed. Where the work is done in the leader's own process the run dies
# with it; resuming blames the file in the same way.
set -eu
fugato=$1
. "$(dirname "$0")/lib.sh"
# Where sanitizers watch, a bad address is to kill all the same, not to be explained.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}handle_segv=0" TSAN_OPTIONS="${TSAN_OPTIONS:+$TSAN_OPTIONS:}handle_segv=0"
caged() { # GROUP COMMAND...
  sh -c 'echo $$ > "$0/cgroup.procs"; exec "$@"' "$@"
}
cage=
trap '[ -z "$cage" ] || rmdir "$cage" 2>/dev/null || true; rm -rf "$work"' EXIT
corpus 1
victim=jazz.00000.wav
mkdir aside
mv music/jazz/$victim aside/
"$fugato" -q run run.json --out without --set dispatch.policy=synchronous >/dev/null
mv aside/$victim music/jazz/
rmdir aside

# poisoned KIND POLICY REASON DEATHS [OPTION...]: the run, resumed as often as it dies; so many processes die in all
poisoned() {
  kind=$1
  policy=$2
  reason=$3
  deaths=$4
  shift 4
  mkdir "$kind-$policy"
  cd "$kind-$policy"
  export FUGATO_SCENE="$PWD"
  died=0
  code=0
  $caged env FUGATO_FAULT="$kind:$victim" "$fugato" run ../run.json --out out --set dispatch.policy="$policy" \
    --set dispatch.workers=2 "$@" >printed.txt 2>err.txt || code=$?
  while [ $code -gt 128 ] || [ $code -eq 75 ]; do
    died=$((died + 1))
    [ $died -le 3 ] || fail "a run died for the fourth time"
    code=0
    $caged env FUGATO_FAULT="$kind:$victim" "$fugato" run --resume out >printed.txt 2>err.txt || code=$?
  done
  [ $code -eq 3 ] || fail "exit code $code"
  cmp ../without/features.csv out/features.csv || fail "the table differs"
  [ "$(wc -l < out/failures.csv)" -eq 2 ] || fail "there must be one failure: $(cat out/failures.csv)"
  grep -q "$victim,$reason," out/failures.csv || fail "it must be $victim with reason $reason: $(cat out/failures.csv)"
  counts lines_lost -eq $((deaths - died))
  nothing_runs
  [ -z "$(ls -d out.* 2>/dev/null)" ] || fail "left behind: $(ls -d out.*)"
  echo "$kind under $policy: the run died $died times, workers $((deaths - died)) times"
  cd ..
}

caged=
for policy in $("$fugato" list policies | cut -d ' ' -f 1); do
  poisoned crash "$policy" worker-lost 3
done
poisoned segv processes worker-lost 3
poisoned segv threads worker-lost 3
poisoned exit distributed worker-lost 3
poisoned hang processes worker-lost 3 --set dispatch.deadline_seconds=2 --set dispatch.straggler_seconds=0 \
    --set dispatch.batch=1 --set dispatch.credit=1
# its thread is the only one: nothing else is left to find out that it hangs
poisoned hang synchronous worker-lost 3 --set dispatch.deadline_seconds=2
poisoned hang threads worker-lost 3 --set dispatch.deadline_seconds=2 --set dispatch.straggler_seconds=0 \
    --set dispatch.batch=1 --set dispatch.credit=1

# The system's killer of those that take too much: a control group where one can be made.
cage=/sys/fs/cgroup/memory/fugato-$$
space=600M # for a leader and two workers, which sanitizers make large
! sanitized || space=3000M
if mkdir $cage 2>/dev/null && echo $space > $cage/memory.limit_in_bytes; then
  caged="caged $cage"
  poisoned oom processes worker-lost 3
  poisoned oom synchronous worker-lost 3
else
  cage=
  echo "out of memory: skipped, no control group can be made"
fi
