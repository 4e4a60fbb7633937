#!/bin/sh
# A tracer killed at any moment: the program ends as it would have, and what
# was written can be read.
#
# usage: killed_tracer.sh STACKWARD BUSY_TARGET ROUNDS
set -eu
stackward=$1 target=$2 rounds=$3
. "$(dirname "$0")/lib.sh"
need_tracing "$stackward"

# The program opens its status file first and fills it last.
readable=0
for round in $(seq "$rounds"); do
    threads=$((round % 3))
    rm -f "$work/status"
    "$stackward" record --force -o "$work/t.swt" -- \
        "$target" "$threads" "$work/status" 2>/dev/null &
    recorder=$!
    # Now and then before the program has begun; else up to 280 ms into it.
    tries=0
    while [ $((round % 5)) != 0 ] && [ ! -e "$work/status" ] &&
        [ $tries -lt 200 ]; do
        sleep 0.05
        tries=$((tries + 1))
    done
    sleep "0.$(printf %03d $((round * 37 % 280)))"
    kill -9 $recorder 2>/dev/null || true
    wait $recorder 2>/dev/null || true
    tries=0
    while [ ! -s "$work/status" ]; do
        # Killed before the program began: then nothing of it has run.
        [ -e "$work/status" ] || [ $tries -lt 15 ] || break
        tries=$((tries + 1))
        [ $tries -lt 100 ] || fail "round $round: the program hangs or died"
        sleep 0.1
    done
    [ ! -e "$work/status" ] || {
        grep -q '^done' "$work/status" ||
            fail "round $round: $(cat "$work/status")"
        readable=$((readable + 1))
    }
    [ ! -e "$work/t.swt.partial" ] ||
        "$stackward" report "$work/t.swt.partial" >/dev/null 2>"$work/err" ||
        grep -q "cut" "$work/err" ||
        fail "round $round: unreadable: $(cat "$work/err")"
done
[ $readable -gt $((rounds / 2)) ] || fail "only $readable programs had begun"
echo "$readable of $rounds programs were under way, and all of these ended well"
