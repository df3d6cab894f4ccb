#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What a run meets on a bad night: tests/faults.sh FUGATO
# Disks that are full, read-only, gone or broken, inputs that cannot be read or change, a port that is taken, too few
# descriptors, too little memory: each injected for real (tmpfs, strace, limits). Each must end with its exit code and
# say what it met; what was measured is kept, and going on gives the bytes of an undisturbed run. Exits 77 where none
# can be injected.
set -eu
fugato=$(realpath "$1")
. "$(dirname "$0")/inputs.sh"
work=$(mktemp -d)
mounts=""
clean() {
  for each in $mounts; do umount -l "$each" 2>/dev/null || true; done
  kill $(jobs -p) 2>/dev/null || true
  rm -rf "$work"
}
trap clean EXIT
cd "$work"
fail() { echo "FAILED: $*"; cat err.txt 2>/dev/null || true; exit 1; }
tell() { echo "$1: exit $code $(grep -m1 "$2" err.txt | cut -c1-150)"; }

can_trace=yes
{ command -v strace && strace -qq -f -e trace=none true; } >/dev/null 2>&1 || can_trace=no
can_mount=no
mkdir probe
if mount -t tmpfs none probe 2>/dev/null; then can_mount=yes; umount probe; fi
[ $can_trace = yes ] || [ $can_mount = yes ] || { echo "skipped: neither strace nor mounting works here"; exit 77; }

"$fugato" -q demo-corpus music --tracks 2 --genres 3 2>/dev/null || "$fugato" -q demo-corpus music --tracks 1
cat > run.json <<END
{"corpus": "$work/music", "dispatch": {"policy": "threads", "workers": 2},
 "train": {"model": "knn", "split": {"kind": "random-chunk"}}}
END
"$fugato" -q run run.json --out expected >/dev/null 2>err.txt || fail "the undisturbed run"
"$fugato" -q extract music -o expected.csv 2>err.txt || fail "the undisturbed extraction"

each_once "$(find music -name '*.wav' | wc -l)" expected

# run_it CODE PATTERN NAME COMMAND...: must end with the code and say so
expect() {
  want=$1 pattern=$2 name=$3
  shift 3
  code=0
  timeout 120 "$@" >out.txt 2>err.txt || code=$?
  [ $code -eq "$want" ] || fail "$name: exit code $code, not $want"
  [ -z "$pattern" ] || grep -q "$pattern" err.txt || fail "$name: does not say '$pattern'"
  nothing_runs "$name"
  tell "$name" "$pattern"
}
same() {
  cmp expected/features.csv "$2/features.csv" && cmp expected/predictions.csv "$2/predictions.csv" || fail "$1: other bytes"
}
export FUGATO_SCENE="$work"
# nothing_runs NAME: whatever was started has ended, within five seconds
nothing_runs() {
  tries=100
  while for each in /proc/[0-9]*; do
    grep -qzx "FUGATO_SCENE=$work" $each/environ 2>/dev/null && readlink $each/exe | grep -q "fugato" && break
  done; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || fail "$1: still runs: $(tr '\0' ' ' < $each/cmdline)"
    sleep 0.05
  done
}
nothing_left() { [ -z "$(ls -A "$2" | grep -v "$3")" ] || fail "$1: left $(ls -A "$2")"; }

if [ $can_mount = yes ]; then
  mkdir small
  mounts="$work/small"
  mount -t tmpfs -o size=64k none small
  expect 74 "No space left" "disk full" "$fugato" -q run run.json --out small/out
  grep -q "fugato run --resume" err.txt || fail "disk full: no word of resuming"
  [ ! -e small/out ] || fail "disk full: half an output"
  mount -o remount,size=64m small
  "$fugato" -q run --resume small/out >/dev/null 2>err.txt || fail "disk full: going on when there is room"
  same "disk full, then room" small/out
  rm -rf small/*
  mount -o remount,size=64k small
  head -c 40000 /dev/zero >small/other
  track=$(basename "$(find music -name '*.wav' | sort | head -1)")
  FUGATO_FAULT="hang:$track;slow:wav" expect 74 "No space left" "disk full while a track hangs" "$fugato" -q run run.json \
    --out small/out
  rm -rf small/*
  mount -o remount,size=16k small
  expect 74 "No space left" "disk full, extract" "$fugato" -q extract music -o small/t.csv
  nothing_left "disk full, extract" small "^$"
  rm -rf small/*
  mount -o remount,size=64m,nr_inodes=4 small
  expect 74 "No space left" "no more files" "$fugato" -q run run.json --out small/out
  mount -o remount,nr_inodes=1000 small
  if [ -e small/out.journal ]; then
    "$fugato" -q run --resume small/out >/dev/null 2>err.txt || fail "no more files: going on when there is room"
  else
    "$fugato" -q run run.json --out small/out >/dev/null 2>err.txt || fail "no more files: beginning when there is room"
  fi
  same "no more files, then room" small/out
  mount -o remount,ro small
  expect 74 "Read-only file system" "read-only output" "$fugato" -q run run.json --out small/out
  expect 74 "Read-only file system" "read-only output, extract" "$fugato" -q extract music -o small/t.csv
  umount small
  mounts=""
else
  echo "skipped: full and read-only disks (nothing can be mounted here)"
fi

mkdir vanishing
FUGATO_FAULT=slow:wav timeout 120 "$fugato" -q run run.json --out vanishing/out >/dev/null 2>err.txt &
leader=$!
until [ "$(stat -c %s vanishing/out.journal 2>/dev/null || echo 0)" -gt 8000 ]; do sleep 0.05; done
rm -rf vanishing
code=0
wait $leader || code=$?
[ $code -eq 74 ] || fail "output folder removed: exit code $code"
grep -q "it was removed" err.txt || fail "output folder removed: not said"
nothing_runs "output folder removed"
[ ! -e vanishing ] || fail "output folder removed: it is there again"
! grep -q "is kept" err.txt || fail "output folder removed: what is gone is said to be kept"
tell "output folder removed" "it was removed"

if [ $can_trace = yes ]; then
  inject="strace -qq -f -o /dev/null"
  for k in 1 2 3; do
    rm -rf out out.*
    expect 74 "Input/output error" "fdatasync $k fails" $inject -e trace=fdatasync -e inject=fdatasync:error=EIO:when=$k+ \
      "$fugato" -q run run.json --out out
    [ ! -e out ] || fail "fdatasync fails: an output appeared"
    if [ -s out.journal ]; then
      if ! "$fugato" -q run --resume out >/dev/null 2>err.txt; then
        grep -q "begin anew" err.txt || fail "fdatasync $k fails: going on"
        "$fugato" -q run run.json --force --out out >/dev/null 2>err.txt || fail "fdatasync $k fails: beginning anew"
      fi
      same "fdatasync $k fails, then works" out
    fi
  done
  rm -rf out out.*
  expect 74 "Input/output error" "fsync of an output fails" $inject -e trace=fsync -e inject=fsync:error=EIO:when=1 \
    "$fugato" -q run run.json --out out
  [ ! -e out ] || fail "fsync of an output fails: an output appeared"
  "$fugato" -q run --resume out >/dev/null 2>err.txt || fail "fsync fails: going on"
  same "fsync fails, then works" out

  track=$(find music -name '*.wav' | sort | head -1)
  rm -rf out out.*
  expect 3 "Input/output error" "medium of an input fails" $inject -P "$work/$track" -e trace=read \
    -e inject=read:error=EIO "$fugato" -q extract "$work/music" -o t.csv --failures f.csv
  grep -q "read-error" f.csv || fail "medium of an input fails: reason code"
  expect 0 "" "medium of an input fails at first" $inject -P "$work/$track" -e trace=read -e inject=read:error=EIO:when=1 \
    "$fugato" -q extract "$work/music" -o t.csv --failures f.csv --report r.json
  cmp expected.csv t.csv || fail "medium of an input fails at first: other bytes"
  grep -q '"retries": [1-9]' r.json || fail "medium of an input fails at first: no retries"
  expect 3 "Permission denied" "input may not be read" $inject -P "$work/$track" -e trace=openat \
    -e inject=openat:error=EACCES "$fugato" -q extract "$work/music" -o t.csv --failures f.csv
  grep -q "permission" f.csv || fail "input may not be read: reason code"

  cp -r music growing
  (while :; do printf 'more' >> "growing/${track#music/}"; done) &
  writer=$!
  expect 3 "changed while it was read" "input changes while it is read" $inject -P "$work/growing/${track#music/}" \
    -e trace=read -e inject=read:delay_exit=2000000 "$fugato" -q extract "$work/growing" --set dispatch.attempts=1 -o t.csv --failures f.csv
  kill $writer
  wait $writer 2>/dev/null || true
else
  echo "skipped: failing calls (processes cannot be traced here)"
fi

cat > distributed.json <<END
{"corpus": "$work/music", "dispatch": {"policy": "distributed", "listen": "127.0.0.1:PORT"},
 "train": {"model": "knn", "split": {"kind": "random-chunk"}}}
END
if command -v python3 >/dev/null; then
  python3 -c "
import socket, time
s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(); print(s.getsockname()[1], flush=True); time.sleep(300)" >port.txt &
  holder=$!
  until [ -s port.txt ]; do sleep 0.05; done
  sed -i "s/PORT/$(cat port.txt)/" distributed.json
  rm -rf out out.*
  expect 2 "Address already in use" "port taken" "$fugato" -q run distributed.json --out out
  [ -z "$(ls -d out* | grep -v out.txt)" ] || fail "port taken: left $(ls -d out*)"
  kill $holder
fi

# run_limited NAME FLAG VALUE COMMAND...: any exit code of the table, but no hang, no signal, and no half output; without
# the limit, a run that began goes on to the bytes of an undisturbed one
run_limited() {
  name=$1 flag=$2 value=$3
  shift 3
  rm -rf out out.partial-* out.journal
  code=0
  (ulimit "$flag" "$value"; exec timeout 60 "$@") >out.txt 2>err.txt || code=$?
  then=
  nothing_runs "$name"
  case $code in
  0) same "$name" out ;;
  1 | 2 | 3 | 74) [ -s err.txt ] || fail "$name: not a word" ;;
  *) fail "$name: exit code $code" ;;
  esac
  word=$(head -1 err.txt | cut -c1-150)
  echo "$code $word" >>words.txt
  if [ -e out.journal ]; then
    [ ! -e out ] || fail "$name: an output beside the journal"
    "$fugato" -q run --resume out >/dev/null 2>err.txt || fail "$name: going on without the limit"
    same "$name, then without" out
    then=", resumed to the same bytes"
  fi
  [ -z "$(ls -d out.* 2>/dev/null | grep -v '^out.txt$')" ] || fail "$name: left $(ls -d out.*)"
  echo "$name: exit $code, $word$then"
}
# said CODE WORDS: one of the limited runs ended so
said() { grep -q "^$1 .*$2" words.txt || fail "no limit makes a run end with $1 and '$2': $(cat words.txt)"; }
if grep -qaE '__(asan|tsan)_init' "$fugato"; then
  echo "skipped: limits (sanitizers look at memory through pipes, and their shadow memory is larger than any)"
  echo "all other faults: said, and nothing lost"
  exit 0
fi
for files in 5 6 7 8 12 16 24 32 64; do
  run_limited "$files descriptors, threads" -n $files "$fugato" -q run run.json --out out
  run_limited "$files descriptors, processes" -n $files "$fugato" -q run run.json --out out --set dispatch.policy=processes
done
said 74 "Too many open files"
said 1 "Too many open files"
megabytes=60
enough=0
while [ $enough -lt 3 ]; do # from where it cannot begin to where it needs no more
  run_limited "$megabytes MB of memory" -v $((megabytes * 1024)) "$fugato" -q run run.json --out out
  [ $code -ne 0 ] || enough=$((enough + 1))
  megabytes=$((megabytes + 3))
  [ $megabytes -lt 2000 ] || fail "no memory is enough"
done
said 2 "must be as many as the system lets threads start"
for megabytes in 80 100 120 140 200 300; do
  run_limited "$megabytes MB of memory, processes" -v $((megabytes * 1024)) "$fugato" -q run run.json --out out \
    --set dispatch.policy=processes
done
# A track that wants more than there is: it alone fails, unless it takes the memory of what all need.
for policy in synchronous threads processes; do
  victim=$(basename "$(find music -name '*.wav' | sort | head -1)")
  run_limited "a track that takes all of 500 MB, $policy" -v 512000 env FUGATO_FAULT="oom:$victim" \
    "$fugato" -q run run.json --out out --set dispatch.policy=$policy
  [ $code -ne 0 ] || fail "a track that takes all memory, $policy: it did not"
  [ $code -ne 3 ] || { [ "$(grep -c "$victim,\(internal\|worker-lost\)," out/failures.csv)" -eq 1 ] &&
    [ "$(wc -l < out/failures.csv)" -eq 2 ] && grep -v "$victim" expected/features.csv | cmp - out/features.csv; } ||
    fail "a track that takes all memory, $policy: others are blamed"
done
said "[13]" "the memory must suffice, but an allocation failed"
echo "all faults: said, and nothing lost"
