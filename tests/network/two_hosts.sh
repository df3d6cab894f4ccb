#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A leader and its workers on different hosts: two network namespaces that share nothing but a cable, with the corpus
# in different places, then not on the worker at all. Both tables must equal the synchronous one byte for byte.
# tests/network/two_hosts.sh FUGATO; exits 77 where namespaces cannot be made.
set -eu
fugato=$1
work=$(mktemp -d)
a=fugato-a-$$
b=fugato-b-$$
trap 'kill $(jobs -p) 2>/dev/null || true; ip netns del $a 2>/dev/null || true; ip netns del $b 2>/dev/null || true; rm -rf "$work"' EXIT

skip() { echo "skipped: $1"; exit 77; }
command -v ip >/dev/null || skip "there is no ip (package iproute2)"
ip netns add $a 2>/dev/null || skip "network namespaces cannot be made here"
ip netns add $b
ip netns exec $a true 2>/dev/null || skip "network namespaces cannot be entered here"
ip link add name fa$$ type veth peer name fb$$ || skip "there are no virtual cables here"
ip link set fa$$ netns $a
ip link set fb$$ netns $b
ip -n $a addr add 10.77.0.1/24 dev fa$$
ip -n $b addr add 10.77.0.2/24 dev fb$$
ip -n $a link set fa$$ up
ip -n $b link set fb$$ up
ip -n $a link set lo up
ip -n $b link set lo up

"$fugato" -q demo-corpus "$work/here" --tracks 1
mkdir "$work/away" "$work/empty"
cp -r "$work/here" "$work/away/corpus"
"$fugato" -q extract "$work/here" -o "$work/expected.csv" --set dispatch.policy=synchronous

# run NAME ROOT [OPTION...]
run() {
  name=$1
  root=$2
  shift 2
  ip netns exec $a "$fugato" -q extract "$work/here" -o "$work/$name.csv" --report "$work/$name.json" \
    --set dispatch.policy=distributed --set dispatch.listen=10.77.0.1:7777 \
    --set dispatch.join_file="$work/$name-ticket.json" "$@" &
  leader=$!
  until [ -e "$work/$name-ticket.json" ] || ! kill -0 $leader 2>/dev/null; do sleep 0.1; done
  ip netns exec $b "$fugato" -q worker --join "$work/$name-ticket.json" --root "$root" --lines 2
  wait $leader
  cmp "$work/expected.csv" "$work/$name.csv"
  echo "$name: the same table"
}

run paths "$work/away/corpus"
run shipped "$work/empty" --set dispatch.ship_audio=true

# Ranks of one model on the other host: what they say to each other has no way but the gate's, for each listens to its
# own host only.
learn="train $work/expected.csv --set train.policy=distributed --set train.ranks=2 --set train.split.kind=random-chunk
  --set models.xgboost.n_estimators=5"
"$fugato" -q $learn --out "$work/alone" >/dev/null
ip netns exec $a "$fugato" -q $learn --out "$work/ranks" --set dispatch.policy=distributed \
  --set dispatch.listen=10.77.0.1:7777 --set dispatch.join_file="$work/ranks-ticket.json" >/dev/null &
leader=$!
until [ -e "$work/ranks-ticket.json" ] || ! kill -0 $leader 2>/dev/null; do sleep 0.1; done
for node in 1 2; do
  ip netns exec $b "$fugato" -q worker --join "$work/ranks-ticket.json" --root "$work/empty" &
done
while kill -0 $leader 2>/dev/null; do
  for host in $a $b; do ip netns exec $host ss -Hltn; done >>"$work/listening.txt"
done
cmp "$work/alone/model/xgboost.json" "$work/ranks/model/xgboost.json"
echo "ranks: the same model"
grep -q "127.0.0.1:" "$work/listening.txt"
if grep -v -e "127.0.0.1:" -e "10.77.0.1:7777" "$work/listening.txt"; then
  echo "FAILED: nothing but the gate may listen to others"
  exit 1
fi
