#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A worker at the other end of a cable that is cut, one way or both, pulled out, loses packets or is reset, as two network
# namespaces with nftables: tests/workers/cables.sh FUGATO [SCENARIO...]; exits 77 where they cannot be had.
set -eu
fugato=$1
shift
. "$(dirname "$0")/lib.sh"
trap 'kill -9 $(pgrep -s 0 -f "$work") $(jobs -p) 2>/dev/null || true
  for space in $(ip netns list 2>/dev/null | grep -o "^fc$$[a-z-]*"); do ip netns del "$space"; done; rm -rf "$work"' EXIT
command -v ip >/dev/null || skip "there is no ip (package iproute2)"
command -v nft >/dev/null || skip "there is no nft (package nftables)"
ip netns add fc$$-try 2>/dev/null || skip "network namespaces cannot be made here"
ip netns exec fc$$-try true 2>/dev/null || skip "network namespaces cannot be entered here"
ip netns exec fc$$-try nft add table inet cut 2>/dev/null || skip "there is no nftables here"
ip netns exec fc$$-try nft 'add chain inet cut c { type filter hook input priority 0; }' || skip "nftables cannot filter here"
ip netns del fc$$-try
corpus 5 # so that there is work left when the cable is cut

# cable: $a and $b, with a leader in $a and a worker in $b
cable() {
  a=fc$$-a-$(basename "$PWD")
  b=fc$$-b-$(basename "$PWD")
  ip netns add "$a"
  ip netns add "$b"
  ip -n "$a" link add plug type veth peer name plug netns "$b" || fail "no virtual cable"
  ip -n "$a" addr add 10.77.0.1/24 dev plug
  ip -n "$b" addr add 10.77.0.2/24 dev plug
  for space in "$a" "$b"; do
    ip -n "$space" link set plug up
    ip -n "$space" link set lo up
    ip netns exec "$space" nft add table inet cut
    for hook in input output; do
      ip netns exec "$space" nft "add chain inet cut $hook { type filter hook $hook priority 0; }"
    done
  done
  rm -f ticket.json
  ip netns exec "$a" "$fugato" run ../run.json --out out --set dispatch.policy=distributed \
    --set dispatch.listen=10.77.0.1:7777 --set dispatch.join_file="$PWD/ticket.json" --set dispatch.batch=2 \
    --set dispatch.silence_seconds=2 >printed.txt 2>leader.txt &
  leader=$!
  await 60 "the ticket" test -s ticket.json
  FUGATO_FAULT=slow:wav ip netns exec "$b" "$fugato" worker --join ticket.json --root ../music --silence 2 \
    --lines 2 >/dev/null 2>worker.txt &
  worker=$!
  under_way
}
# rule SPACE HOOK WHAT: from now on
rule() { ip netns exec "$1" nft "add rule inet cut $2 $3" || fail "no rule"; }
# fired SPACE HOOK: its rule has met packets
fired() { ip netns exec "$1" nft list chain inet cut "$2" | grep -q 'counter packets [1-9]' || fail "no packet met the rule"; }
heal() {
  for hook in input output; do
    ip netns exec "$a" nft flush chain inet cut $hook
    ip netns exec "$b" nft flush chain inet cut $hook
  done
}
# until_lost: both sides have noticed
until_lost() {
  await 60 "the leader's word" grep -q "is lost" leader.txt
  await 60 "the worker's word" grep -q "the leader is lost" worker.txt
}
mended() {
  ends $leader 0 "the leader"
  ends $worker 0 "the worker"
  counts lines_lost -ge 2
  counts silent -ge 2
  counts rejoined -ge 1
  same
}

cut() {
  cable
  rule "$b" input 'iifname "plug" counter drop'
  rule "$b" output 'oifname "plug" counter drop'
  until_lost
  fired "$b" input
  fired "$b" output
  heal
  mended
}
mute() { # the worker hears the leader, who does not hear it
  cable
  rule "$b" output 'oifname "plug" counter drop'
  until_lost
  fired "$b" output
  heal
  mended
}
deaf() { # the leader hears the worker, who does not hear it
  cable
  rule "$b" input 'iifname "plug" counter drop'
  until_lost
  fired "$b" input
  heal
  mended
}
unplugged() {
  cable
  ip -n "$a" link set plug down
  until_lost
  ip -n "$a" link set plug up
  mended
}
reset() { # the leader's side answers each packet with a reset
  cable
  rule "$a" input 'iifname "plug" meta l4proto tcp counter reject with tcp reset'
  until_lost
  fired "$a" input
  heal
  mended
}
lossy() { # slower, and maybe lost for a while, but the same
  cable
  rule "$b" input 'iifname "plug" numgen random mod 100 < 15 counter drop'
  rule "$b" output 'oifname "plug" numgen random mod 100 < 15 counter drop'
  ends $leader 0 "the leader"
  ends $worker 0 "the worker"
  fired "$b" input
  fired "$b" output
  same
}

[ $# -gt 0 ] || set -- cut mute deaf unplugged reset lossy
all "$@"
