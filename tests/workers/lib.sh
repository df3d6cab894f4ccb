# SPDX-License-Identifier: GPL-3.0-or-later
# What tests of disturbed runs have in common; to be sourced with `fugato` set. Every scenario has a folder of its own
# beneath $work, and every run is judged by an undisturbed synchronous one in $work/expected.
. "$(dirname "$0")/../inputs.sh"
work=$(mktemp -d)
cd "$work"

fail() {
  echo "FAILED: $(basename "$PWD"): $*"
  for log in *.txt; do [ -s "$log" ] && { echo "--- $log"; tail -n 15 "$log"; }; done
  exit 1
}
skip() { echo "skipped: $1"; exit 77; }

# corpus COPIES: ten genres of so many tracks, and the undisturbed run over them
corpus() {
  "$fugato" -q demo-corpus music --tracks 1
  for track in music/*/*.wav; do
    for copy in $(seq 2 "$1"); do cp "$track" "${track%.wav}-$copy.wav"; done
  done
  cat > run.json <<END
{"corpus": "$work/music", "train": {"model": "knn", "split": {"kind": "random-chunk"}}}
END
  "$fugato" -q run run.json --out expected --set dispatch.policy=synchronous >/dev/null
  each_once "$(find music -name '*.wav' | wc -l)" expected
}

# await SECONDS WHAT COMMAND...: until the command succeeds
await() {
  tries=$(($1 * 20))
  what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || fail "waited in vain: $what"
    sleep 0.05
  done
}
gone() { ! kill -0 "$1" 2>/dev/null; }
size_of() { stat -c %s "$1" 2>/dev/null || echo 0; }
longer() { [ "$(size_of "$1")" -gt "$2" ]; }
# under_way: some tracks are done
under_way() { await 60 "the first tracks" longer out.journal 30000; }

# handed_out: the first tracks are, to the worker that is there
handed_out() { await 60 "the first lease" longer out.journal $begun; }

# lead [OPTION...]: a leader in the background, as $leader, and its ticket
lead() {
  rm -f ticket.json
  "$fugato" run ../run.json --out out --set dispatch.policy=distributed --set dispatch.listen=127.0.0.1:0 \
    --set dispatch.join_file="$PWD/ticket.json" --set dispatch.batch=2 "$@" >printed.txt 2>leader.txt &
  leader=$!
  await 60 "the ticket" test -s ticket.json
  begun=$(size_of out.journal)
}
# resume [OPTION...]: the same, going on
resume() {
  rm -f ticket.json
  "$fugato" run --resume out "$@" >printed.txt 2>leader.txt &
  leader=$!
  await 60 "the ticket" test -s ticket.json
}
# join NAME FAULTS [OPTION...]: a worker in the background, as $worker
join() {
  name=$1
  faults=$2
  shift 2
  FUGATO_FAULT="$faults" "$fugato" worker --join ticket.json --root ../music "$@" >/dev/null 2>"$name.txt" &
  worker=$!
}

# ends PROCESS CODES WHO: within three minutes, with one of these exit codes
ends() {
  code=0
  timeout 180 tail --pid="$1" -f /dev/null || fail "$3 does not end"
  wait "$1" || code=$?
  case " $2 " in
    *" $code "*) ;;
    *) fail "$3 ended with exit code $code, not $2" ;;
  esac
}
# counts FIELD TEST NUMBER: of the report's part about dispatching
counts() {
  found=$(grep -o "\"$1\": *[0-9.]*" "${report:-out/report.json}" | head -1 | grep -o '[0-9.]*$')
  [ "${found%.*}" "$2" "$3" ] || fail "$1 is $found, which is not $2 $3"
}
# nothing_runs: whatever the scenario started has ended, within five seconds
runs() {
  for each in /proc/[0-9]*; do
    ! grep -qzx "FUGATO_SCENE=$PWD" "$each/environ" 2>/dev/null || ! readlink "$each/exe" | grep -q fugato || return 0
  done
  return 1
}
nothing_runs() {
  tries=100
  while runs; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || fail "still runs: $(tr '\0' ' ' <"$each/cmdline")"
    sleep 0.05
  done
}
# same: the table is that of the undisturbed run, each track is there once, and nothing else was left, no process either
same() {
  nothing_runs
  for file in features.csv failures.csv split.csv predictions.csv; do
    cmp "../expected/$file" "out/$file" || fail "$file differs"
  done
  [ -z "$(ls -d out.* ticket.json 2>/dev/null)" ] || fail "left behind: $(ls -d out.* ticket.json 2>/dev/null)"
}

# sanitized: the program is slow to start and wants much memory
sanitized() { grep -qaE '__(asan|tsan)_init' "$fugato"; }

# all SCENARIO...: side by side, for most of the time is spent waiting; a few at a time where starting takes long
all() {
  started=0
  for scenario in "$@"; do
    if sanitized && [ $((started % 4)) -eq 0 ]; then wait; fi
    started=$((started + 1))
    mkdir "$scenario"
    (cd "$scenario" && export FUGATO_SCENE="$PWD" && $scenario && echo "$scenario: good") >"$scenario/verdict" 2>&1 &
  done
  wait
  bad=0
  for scenario in "$@"; do
    cat "$scenario/verdict"
    grep -qx "$scenario: good" "$scenario/verdict" || bad=1
  done
  [ $bad -eq 0 ] || exit 1
}
