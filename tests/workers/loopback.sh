#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Workers that die, stop, hang, dawdle, leave, come back or do not fit: tests/workers/loopback.sh FUGATO [SCENARIO...]
set -eu
fugato=$1
shift
. "$(dirname "$0")/lib.sh"
trap 'kill -9 $(pgrep -s 0 -f "$work") $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT
corpus 4
victim=blues.00000-2.wav # among the first to be handed out
slow=slow:wav

killed() {
  lead
  join first $slow; first=$worker
  join second $slow; second=$worker
  under_way
  kill -9 $first
  ends $leader 0 "the leader"
  ends $second 0 "the other worker"
  counts lines_lost -eq 1
  counts retries -ge 1
  same
}

shipped() { # what the dead had of the bytes that may be on their way is free again; a file is more than may be
  lead --set dispatch.ship_audio=true --set dispatch.ship_megabytes=1
  join first $slow; first=$worker
  under_way
  for next in second third; do
    lost=$(grep -c "is lost" leader.txt || true)
    done_by=$(size_of out.journal)
    kill -9 $worker
    await 60 "the loss" eval '[ "$(grep -c "is lost" leader.txt)" -gt $lost ]'
    join $next $slow
    await 60 "tracks after the loss" longer out.journal $((done_by + 10000))
  done
  ends $leader 0 "the leader"
  ends $worker 0 "the last worker"
  counts lines_lost -eq 2
  counts retries -ge 2
  same
}

stopped() { # silent, then going on: what it still says is dropped, and it comes back
  lead --set dispatch.silence_seconds=2 --set dispatch.straggler_seconds=0 # its tracks must wait for the loss
  join first $slow --silence 2; first=$worker
  join second $slow --silence 2; second=$worker
  under_way
  kill -STOP $first
  await 60 "the loss" grep -q "is lost" leader.txt
  kill -CONT $first
  await 60 "the return" grep -q "is back" leader.txt
  ends $leader 0 "the leader"
  ends $first 0 "the worker that was stopped"
  ends $second 0 "the other worker"
  counts lines_lost -ge 1
  counts silent -ge 1
  counts rejoined -ge 1
  same
}

hung() { # under a healthy heartbeat
  lead --set dispatch.deadline_seconds=2 --set dispatch.crashes=20 --set dispatch.straggler_seconds=0
  join first "hang:$victim" --reconnect 5; first=$worker
  handed_out
  join second $slow; second=$worker
  ends $leader 0 "the leader"
  ends $first "0 69" "the worker that hung" # 69: it was about to come back when all was done
  ends $second 0 "the other worker"
  counts overdue -ge 1
  counts rejoined -ge 1
  same
}

straggler() { # it would hold up the end for ever, and its process after it
  lead --set dispatch.deadline_seconds=0 --set dispatch.straggler_seconds=1
  join first "hang:$victim"; first=$worker
  handed_out
  join second ""; second=$worker
  ends $leader 0 "the leader"
  ends $first 0 "the worker that hung"
  ends $second 0 "the other worker"
  counts doubled -ge 1
  counts lines_lost -eq 0
  same
}

leaving() { # SIGTERM: what is in hand is finished, where that takes less than ten seconds
  lead --set dispatch.batch=1 --set dispatch.credit=1
  join first $slow --lines 2; first=$worker
  join second $slow; second=$worker
  under_way
  kill -TERM $first
  ends $first 143 "the worker that was to leave"
  ends $leader 0 "the leader"
  ends $second 0 "the other worker"
  counts left -eq 2
  counts lines_lost -eq 0
  counts retries -eq 0
  same
}

deserted() { # the last worker is lost; later there is another
  lead --set dispatch.no_worker_seconds=10
  join first $slow
  under_way
  kill -9 $worker
  ends $leader 75 "the leader without workers"
  grep -q "waiting for workers: none is there" leader.txt || fail "it does not say that it waits"
  grep -q "run --resume out" leader.txt || fail "it does not say how to go on"
  report=out.interrupted.json
  counts no_worker_seconds -ge 10
  counts lines_lost -eq 1
  report=
  resume
  join second ""
  ends $leader 0 "the leader that went on"
  ends $worker 0 "the worker"
  counts resumed -ge 1
  same
}

orphaned() { # the leader is killed, and resumed: its worker is still there
  lead
  join first $slow; first=$worker
  join second $slow --reconnect 1; second=$worker
  under_way
  kill -9 $leader
  ends $second 69 "the worker that soon gives up"
  grep -q "must be reached within 1 s (--reconnect" second.txt || fail "it does not say why it ends"
  resume
  ends $leader 0 "the leader that went on"
  ends $first 0 "the worker that waited"
  counts resumed -ge 1
  counts rejoined -eq 1
  same
}

strangers() { # refused on both sides, with both named
  lead
  join build build:hello; build=$worker
  join settings settings:hello; settings=$worker
  ends $build 76 "the worker of another build"
  ends $settings 76 "the worker with other settings"
  for log in build.txt leader.txt; do
    grep -q "the worker is .*another (protocol .*) and the leader .*(protocol" $log || fail "$log does not name both builds"
  done
  for log in settings.txt leader.txt; do
    grep -q "the worker's have the SHA-256 another and the leader's [0-9a-f]" $log || fail "$log does not name both settings"
  done
  join good ""
  ends $leader 0 "the leader"
  ends $worker 0 "the worker that fits"
  counts unfit -eq 2
  counts lines_lost -eq 0
  same
}

poisonous() { # its keeper replaces what the track kills
  lead
  join first "crash:$victim"; first=$worker
  ends $leader 3 "the leader"
  ends $first 0 "the worker"
  counts lines_lost -eq 3
  counts rejoined -eq 0
  grep -q "$victim,worker-lost," out/failures.csv || fail "the track is not listed"
  [ "$(wc -l < out/failures.csv)" -eq 2 ] || fail "others are listed too"
  grep -v "$victim" ../expected/features.csv | cmp - out/features.csv || fail "the table differs"
}

careless() { # whoever can read the ticket can join
  lead
  cp ticket.json open.json
  chmod 644 open.json
  code=0
  "$fugato" worker --join open.json --root ../music >/dev/null 2>first.txt || code=$?
  [ $code -eq 2 ] || fail "a ticket that others can read: exit code $code"
  grep -q "open.json: holds a secret and must be accessible to its owner only, found mode 0644" first.txt || fail "not said"
  join good ""
  ends $leader 0 "the leader"
  ends $worker 0 "the worker with a ticket of its own"
  same
}

headless() { # the leader of local workers is killed: they go with it
  FUGATO_FAULT=$slow "$fugato" run ../run.json --out out --set dispatch.policy=processes --set dispatch.workers=2 \
    >printed.txt 2>leader.txt &
  leader=$!
  under_way
  [ "$(pgrep -c -P $leader)" -ge 2 ] || fail "there are no local workers"
  kill -9 $leader
  wait $leader 2>/dev/null || true
  nothing_runs
  "$fugato" run --resume out >printed.txt 2>leader.txt || fail "going on"
  counts resumed -ge 1
  same
}

confined() { # what a worker may do no more, read in the process that works
  lead
  memory=6000
  ! sanitized || memory=0 # no limit: their shadow is larger than any
  join first $slow --memory $memory; first=$worker
  under_way
  child=$(pgrep -P $first)
  ! ss -ltnp | grep -q "pid=\($first\|$child\)," || fail "the worker listens"
  grep -q '^NoNewPrivs:.*1$' /proc/$child/status || fail "the worker may gain privileges"
  grep -q '^Max core file size *0 *0 ' /proc/$child/limits || fail "the worker may write a core"
  grep -q '^Max open files *1028 ' /proc/$child/limits || fail "the worker may open as many files as it likes"
  sanitized || grep -q '^Max address space *6291456000 ' /proc/$child/limits ||
    fail "the worker may take as much memory as it likes"
  ends $leader 0 "the leader"
  ends $first 0 "the worker"
  same
}

halted() { # the process that works is stopped, and its keeper is not
  lead --set dispatch.silence_seconds=2 --set dispatch.straggler_seconds=0
  join first $slow --silence 2; first=$worker
  under_way
  child=$(pgrep -P $first)
  kill -STOP $child
  await 60 "the loss" grep -q "is lost" leader.txt
  kill -CONT $child
  ends $leader 0 "the leader"
  ends $first 0 "the worker"
  counts silent -ge 1
  counts rejoined -ge 1
  same
}

[ $# -gt 0 ] || set -- killed shipped stopped halted hung straggler leaving deserted orphaned headless confined careless strangers \
  poisonous
all "$@"
