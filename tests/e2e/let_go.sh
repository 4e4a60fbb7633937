#!/bin/sh
# A recorder interrupted while the program makes threads and children, vfork's
# among them: it comes back at once, and everything goes on unharmed.
#
# usage: let_go.sh STACKWARD MAKERS_TARGET ROUNDS
set -eu
stackward=$1 target=$2 rounds=$3
. "$(dirname "$0")/lib.sh"
need_tracing "$stackward"

for round in $(seq "$rounds"); do
    rm -f "$work/status"
    "$stackward" record --force -o "$work/t.swt" -- "$target" "$work/status" \
        2>"$work/err" &
    recorder=$!
    tries=0
    while [ ! -e "$work/status" ] && [ $tries -lt 200 ]; do
        sleep 0.05
        tries=$((tries + 1))
    done
    sleep "0.$(printf %03d $((round * 53 % 500)))"
    kill -TERM $recorder
    tries=0
    while kill -0 $recorder 2>/dev/null; do
        tries=$((tries + 1))
        [ $tries -lt 300 ] || {
            kill -9 $recorder
            fail "round $round: the recorder hangs"
        }
        sleep 0.1
    done
    wait $recorder || fail "round $round: $(cat "$work/err")"
    tries=0
    while [ ! -s "$work/status" ]; do
        tries=$((tries + 1))
        [ $tries -lt 300 ] || fail "round $round: the program hangs or died"
        sleep 0.1
    done
    grep -q '^done' "$work/status" || fail "round $round: $(cat "$work/status")"
    "$stackward" report "$work/t.swt" >/dev/null 2>"$work/err" ||
        fail "round $round: $(cat "$work/err")"
done
echo "let go $rounds times, and nobody was hurt"
