#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A leader that dies or is stopped, and a run that goes on: tests/resume.sh FUGATO [EVERY]
# It is killed at every EVERY-th (default 5th) write, fdatasync, fsync, rename and unlink, by strace; each time
# `run --resume` must end with the bytes of an undisturbed run, and leave nothing else behind. Exits 77 where processes
# cannot be traced.
set -eu
fugato=$1
every=${2:-5}
. "$(dirname "$0")/inputs.sh"
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
inputs=$(find music -name '*.wav' | wc -l)

each_once "$inputs" expected

same() {
  for file in features.csv features.npy failures.csv split.csv predictions.csv; do
    cmp "expected/$file" "out/$file" || fail "$1: $file differs"
  done
  [ -z "$(ls -d out.* 2>/dev/null)" ] || fail "$1: something was left: $(ls -d out.*)"
}
# What a user does who finds a run dead.
take_up() {
  code=0
  "$fugato" -q run --resume out >/dev/null 2>err.txt || code=$?
  if grep -q "begin anew\|must be readable" err.txt; then # it died before it had begun
    code=0
    rm -rf out.partial-*
    "$fugato" -q run run.json --out out --force >/dev/null 2>err.txt || code=$?
  fi
  [ $code -eq 3 ] || { [ $code -eq 0 ] && [ -e was_done ]; } || fail "$1: going on ended with $code"
  same "$1"
}

killed=0
for call in fdatasync fsync write renameat2 rename unlink; do
  k=1
  while :; do
    rm -rf out out.* was_done
    code=0
    strace -qq -f -o /dev/null -e trace=$call -e inject=$call:signal=KILL:when=$k \
      "$fugato" -q run run.json --out out >/dev/null 2>&1 || code=$?
    [ $code -eq 137 ] || break # it ended before its k-th such call
    killed=$((killed + 1))
    if [ -e out ]; then
      touch was_done
      [ -e out.journal ] || { same "killed at $call $k, when all was done"; k=$((k + every)); continue; }
    fi
    take_up "killed at $call $k"
    k=$((k + every))
  done
done
[ $killed -gt 5 ] || fail "only $killed kills"
echo "$killed kills over $inputs tracks: the same bytes each time"

wait_for_rows() { until [ "$(stat -c %s out.journal 2>/dev/null || echo 0)" -gt 8000 ]; do sleep 0.05; done; }

# What is no longer what it was is refused or done again, and said.
changed_is_told() {
  code=0
  "$fugato" -q run --resume out --set features.n_fft=1024 >/dev/null 2>err.txt || code=$?
  [ $code -eq 2 ] || fail "other settings: exit code $code"
  grep -q "/features/n_fft: 2048 there, 1024 here" err.txt || fail "other settings: not said"
  cp "$(find music -name '*.wav' | sort | tail -1)" music/added.wav
  mv music/added.wav "$(find music -name '*.wav' | head -1 | xargs dirname)/added.wav"
  code=0
  "$fugato" -q run --resume out >/dev/null 2>err.txt || code=$?
  [ $code -eq 2 ] || fail "another corpus: exit code $code"
  grep -q "must be of the same corpus" err.txt || fail "another corpus: not said"
  find music -name added.wav -delete
  touch -d '2001-01-01' $(find music -name '*.wav')
}
kept_what_was_touched() {
  ! grep "have changed since they were measured" err.txt || fail "touched files: their bytes are the same"
  grep -q '"resumed": [1-9]' out/report.json || fail "touched files: measured again"
}

for signal in INT:130 TERM:143 HUP:129; do
  rm -rf out out.*
  # env: a shell's background jobs begin with SIGINT ignored
  FUGATO_FAULT=slow:wav env --default-signal=INT "$fugato" -q run run.json --out out >/dev/null 2>err.txt &
  leader=$!
  wait_for_rows
  code=0
  "$fugato" -q run --resume out >/dev/null 2>second.txt || code=$?
  [ $code -eq 2 ] || fail "a second leader: exit code $code"
  grep -q "another process writes to it" second.txt || fail "the second leader was told: $(cat second.txt)"
  kill -"${signal%:*}" $leader
  code=0
  wait $leader || code=$?
  [ $code -eq "${signal#*:}" ] || fail "SIG$signal: exit code $code"
  grep -q "stopped; to go on: fugato run --resume out" err.txt || fail "SIG$signal: no word of resuming"
  grep -q '"rows": [1-9]' out.interrupted.json || fail "SIG$signal: the partial report does not tell what was measured"
  code=0
  "$fugato" -q run run.json --out out >/dev/null 2>second.txt || code=$?
  [ $code -eq 2 ] && grep -q "an interrupted run left it" second.txt || fail "begun anew where an interrupted run lies: $code"
  changed_is_told
  take_up "SIG$signal"
  kept_what_was_touched
  touch $(find music -name '*.wav')
done
echo "signals: stopped in good order, resumed to the same bytes"

# Other bytes under the size and the time of before are another file.
rm -rf out out.*
first=$(find music -name '*.wav' | LC_ALL=C sort | grep -v bad | head -1)
FUGATO_FAULT=slow:wav "$fugato" -q run run.json --out out >/dev/null 2>err.txt &
leader=$!
wait_for_rows
kill -TERM $leader
wait $leader || true
cp -p "$first" original
size=$(stat -c %s "$first")
head -c $((size / 2)) original >forged
tail -c +45 original | head -c $((size - size / 2)) >>forged
cat forged >"$first"
touch -r original "$first"
[ "$(stat -c '%s %Y' "$first")" = "$(stat -c '%s %Y' original)" ] || fail "another file: size or time differ"
"$fugato" -q run run.json --out other >/dev/null 2>&1 || [ $? -eq 3 ] || fail "the undisturbed run over another file"
"$fugato" -q run --resume out >/dev/null 2>err.txt || [ $? -eq 3 ] || fail "going on over another file"
grep -q "1 tracks have changed since they were measured" err.txt || fail "another file: not said"
cmp -s expected/features.csv other/features.csv && fail "another file has the rows of the first"
cmp other/features.csv out/features.csv || fail "another file: the old rows were kept"
cp -p original "$first"
echo "other bytes of the same size and time are measured again, the same bytes of another time are not"

rm -rf out out.*
FUGATO_FAULT=slow:wav "$fugato" -q run run.json --out out >/dev/null 2>err.txt &
leader=$!
wait_for_rows
kill -TERM $leader
wait $leader || true
size=$(stat -c %s out.journal)
cp out.journal whole
printf 'broken' | dd of=out.journal bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null
code=0
"$fugato" -q run --resume out >/dev/null 2>err.txt || code=$?
[ $code -eq 74 ] || fail "a damaged journal: exit code $code"
grep -q "out.journal: .*the record at byte [0-9]* is not" err.txt || fail "a damaged journal: the place is not named"
cp whole out.journal
truncate -s -5 out.journal
"$fugato" -q run --resume out >/dev/null 2>err.txt || true
grep -q "bytes of the journal had not reached the medium, and are dropped" err.txt || fail "a torn record: not said"
same "a torn record"
echo "a damaged journal is named with the place, a torn record dropped"

rm -rf out out.*
FUGATO_FAULT=hang:wav env --default-signal=INT "$fugato" run run.json --out out >/dev/null 2>err.txt &
leader=$!
until [ -e out.journal ] && [ -n "$(ls -d out.partial-* 2>/dev/null)" ]; do sleep 0.05; done
sleep 0.3
kill -INT $leader
until grep -q stopping err.txt; do sleep 0.05; done
kill -INT $leader
code=0
wait $leader || code=$?
[ $code -eq 130 ] || fail "the second signal: exit code $code"
[ -z "$(ls -d out.partial-* 2>/dev/null)" ] || fail "the second signal: the folder in the making is left"
grep -q "ended at once; to go on: fugato run --resume" err.txt || fail "the second signal: no word of resuming"
take_up "two signals"
echo "a second signal ends at once, in spite of a track that hangs"

# The first signal ends it too, when the ten seconds are over, though the thread of the track cannot be ended.
victim=$(find music -name '*.wav' | sort | tail -1)
hanging() { # NAME POLICY WORKERS
  mkdir "$1"
  FUGATO_FAULT=hang:$(basename "$victim") env --default-signal=INT "$fugato" run run.json --out "$1/out" \
    --set dispatch.policy="$2" --set dispatch.workers="$3" >/dev/null 2>"$1/err.txt" &
}
hanging alone synchronous 1; alone=$!
hanging among threads 2; among=$!
for folder in alone among; do
  size=0
  until [ $size -gt 20000 ] && [ "$size" = "$before" ]; do # all but that track are done
    before=$size
    sleep 2
    size=$(stat -c %s $folder/out.journal 2>/dev/null || echo 0)
  done
done
kill -INT $alone $among
for folder in alone among; do
  code=0
  eval "leader=\$$folder"
  timeout 60 tail --pid="$leader" -f /dev/null || fail "a track that hangs: the first signal does not end the run ($folder)"
  wait "$leader" || code=$?
  cp $folder/err.txt err.txt
  [ $code -eq 130 ] || fail "a track that hangs, $folder: exit code $code"
  grep -q "must end within 10 s, but goes on" err.txt || fail "a track that hangs, $folder: not said"
  grep -q "to go on: fugato run --resume" err.txt || fail "a track that hangs, $folder: no word of resuming"
  [ -e $folder/out.interrupted.json ] || fail "a track that hangs, $folder: no partial report"
  [ -z "$(ls -d $folder/out.partial-* 2>/dev/null)" ] || fail "a track that hangs, $folder: the folder in the making is left"
  "$fugato" -q run --resume $folder/out >/dev/null 2>err.txt || [ $? -eq 3 ] || fail "a track that hangs, $folder: going on"
  grep -q '"resumed": [1-9]' $folder/out/report.json || fail "a track that hangs, $folder: all was done again"
  cmp expected/features.csv $folder/out/features.csv || fail "a track that hangs, $folder: other bytes"
done
echo "the first signal ends a run within ten seconds, in spite of a track that hangs"

# Whoever is impatient blames no track: it is not given up, though it was in hand three times.
rm -rf out out.*
for begin in "run.json --out out" "--resume out" "--resume out"; do
  FUGATO_FAULT=hang:$(basename "$victim") env --default-signal=INT "$fugato" run $begin >/dev/null 2>err.txt &
  leader=$!
  sleep 1 # most often the track is in hand by then
  kill -INT $leader
  until grep -q stopping err.txt || ! kill -0 $leader 2>/dev/null; do sleep 0.05; done
  kill -INT $leader 2>/dev/null || true
  wait $leader || true
done
take_up "stopped three times in the midst of a track"

# A program that is stopped for longer than a track may take goes on as if nothing had been.
for policy in synchronous threads processes; do
  rm -rf out out.*
  FUGATO_FAULT=slow:wav "$fugato" -q run run.json --out out --set dispatch.policy=$policy --set dispatch.workers=2 \
    --set dispatch.deadline_seconds=2 >/dev/null 2>err.txt &
  leader=$!
  wait_for_rows
  kill -STOP $leader
  sleep 5
  kill -CONT $leader
  code=0
  wait $leader || code=$?
  [ $code -eq 3 ] || fail "stopped for a while, $policy: exit code $code"
  grep -q '"overdue": 0' out/report.json || fail "stopped for a while, $policy: a track is blamed"
  same "stopped for a while, $policy"
done
echo "impatience and a pause blame no track"

# What is on the medium follows by time and size, not by the track.
mkdir -p many/a many/b
for i in $(seq 1 60); do
  cp "$(find music -name '*.wav' | grep -v bad | head -1)" many/$([ $((i % 2)) -eq 0 ] && echo a || echo b)/$i.wav
done
began=$(date +%s)
strace -qq -f -o calls.txt -e trace=fdatasync "$fugato" -q run run.json --set corpus=many --out many.out >/dev/null \
  2>err.txt || fail "60 tracks"
seconds=$(($(date +%s) - began + 1))
calls=$(grep -c 'fdatasync(' calls.txt)
[ "$calls" -ge 1 ] && [ "$calls" -le $((10 * seconds + 5)) ] || fail "$calls calls of fdatasync in $seconds s over 60 tracks"
echo "60 tracks in $seconds s: $calls calls of fdatasync"

rm -rf out out.*
trap '' HUP # as nohup does, but before there is anything that could be hit
FUGATO_FAULT=slow:wav "$fugato" -q run run.json --out out >/dev/null 2>err.txt &
leader=$!
trap - HUP
wait_for_rows
kill -HUP $leader
code=0
wait $leader || code=$?
[ $code -eq 3 ] || fail "nohup: exit code $code"
echo "nohup is heeded"

"$fugato" -q extract music --allow-failures 9 2>err.txt | head -1 >first.txt
[ "$(head -c 9 first.txt)" = file_name ] || fail "extract | head: no header"
{ "$fugato" -q extract music --allow-failures 9 2>err.txt && echo 0 >code.txt || echo $? >code.txt; } | head -0
[ "$(cat code.txt)" -eq 141 ] || fail "extract into a closed pipe: exit code $(cat code.txt)"
! grep -v "bad.wav" err.txt || fail "extract into a closed pipe said something"
rm -rf out out.*
{ "$fugato" run run.json --out out 2>&1 >/dev/null || true; } | head -0
same "a run whose stderr was closed"
echo "closed pipes: no noise, no harm"
