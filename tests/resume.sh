#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A leader that dies, is stopped or has no room, and a run that goes on: tests/resume.sh FUGATO [EVERY]
# It is killed at every EVERY-th (default 7th) write, fdatasync and rename, by strace; each time `run --resume` must end
# with the bytes of an undisturbed run, and leave nothing else behind. Exits 77 where processes cannot be traced.
set -eu
fugato=$1
every=${2:-7}
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
fail() { echo "FAILED: $*"; cat err.txt 2>/dev/null || true; exit 1; }
skip() { echo "skipped: $1"; exit 77; }
command -v strace >/dev/null || skip "there is no strace"
strace -qq -f -e trace=none true 2>/dev/null || skip "processes cannot be traced here"

"$fugato" -q demo-corpus music --tracks 1 --genres 4 2>/dev/null || "$fugato" -q demo-corpus music --tracks 1
echo "not audio" > "$(ls -d music/*/ | head -1)bad.wav"
cat > run.json <<END
{"corpus": "music", "dispatch": {"policy": "synchronous"}, "train": {"model": "knn", "split": {"kind": "random-chunk"}}}
END
"$fugato" -q run run.json --out expected >/dev/null 2>&1 || [ $? -eq 3 ] || fail "the undisturbed run"

same() {
  for file in features.csv failures.csv split.csv predictions.csv; do
    cmp "expected/$file" "out/$file" || fail "$1: $file differs"
  done
  [ -z "$(ls -d out.* 2>/dev/null)" ] || fail "$1: something was left: $(ls -d out.*)"
}
resume() {
  code=0
  "$fugato" -q run --resume out >/dev/null 2>err.txt || code=$?
  [ $code -eq 3 ] || fail "$1: resuming ended with $code"
  same "$1"
}

killed=0
for call in fdatasync write renameat2 rename; do
  k=1
  while :; do
    rm -rf out out.*
    code=0
    strace -qq -f -o /dev/null -e trace=$call -e inject=$call:signal=KILL:when=$k \
      "$fugato" -q run run.json --out out >/dev/null 2>&1 || code=$?
    [ $code -eq 137 ] || break # it ended before its k-th such call
    killed=$((killed + 1))
    if [ -e out ]; then
      same "killed at $call $k, when all was done" 2>/dev/null || { rm -f out.journal; rm -rf out.partial-*; same "killed at $call $k"; }
    elif [ -e out.journal ] && [ "$(stat -c %s out.journal)" -gt 4000 ]; then
      resume "killed at $call $k"
    else
      "$fugato" -q run run.json --out out >/dev/null 2>err.txt || [ $? -eq 3 ] || fail "killed at $call $k, run anew"
      rm -rf out.partial-*
      same "killed at $call $k, run anew"
    fi
    k=$((k + every))
  done
done
[ $killed -gt 5 ] || fail "only $killed kills"
echo "$killed kills: the same bytes each time"

for signal in INT TERM; do
  expected_code=143
  [ $signal = TERM ] || expected_code=130
  rm -rf out out.*
  # env: a shell's background jobs begin with SIGINT ignored
  FUGATO_FAULT=slow:wav env --default-signal=INT "$fugato" -q run run.json --out out >/dev/null 2>err.txt &
  leader=$!
  until [ "$(stat -c %s out.journal 2>/dev/null || echo 0)" -gt 4000 ]; do sleep 0.05; done
  "$fugato" -q run --resume out >/dev/null 2>second.txt && fail "a second leader was let in"
  grep -q "another process writes to it" second.txt || fail "the second leader was told: $(cat second.txt)"
  kill -$signal $leader
  code=0
  wait $leader || code=$?
  [ $code -eq $expected_code ] || fail "SIG$signal: exit code $code"
  [ -e out.interrupted.json ] || fail "SIG$signal: no partial report"
  resume "SIG$signal"
done
echo "signals: stopped in good order, resumed to the same bytes"
