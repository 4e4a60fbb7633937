#!/bin/sh
# A recorder told to stop leaves a sealed trace and a program that runs on.
#
# usage: interrupted.sh STACKWARD BUSY_TARGET
set -eu
stackward=$1 target=$2
. "$(dirname "$0")/lib.sh"
need jq
need_tracing "$stackward"

for signal in INT TERM HUP; do
    for threads in 0 2; do
        rm -f "$work/status" "$work/t.swt"
        # A shell's background jobs ignore SIGINT, and a recorder would too.
        env --default-signal=INT "$stackward" record -o "$work/t.swt" -- "$target" $threads \
            "$work/status" 2>"$work/err" &
        recorder=$!
        tries=0
        while [ ! -e "$work/status" ] && [ $tries -lt 100 ]; do
            sleep 0.05
            tries=$((tries + 1))
        done
        sleep 0.1
        kill -$signal $recorder
        status=0
        wait $recorder || status=$?
        [ $status = 0 ] || fail "SIG$signal: the recorder gave $status"
        grep -q "runs on" "$work/err" || fail "SIG$signal: $(cat "$work/err")"
        "$stackward" report --json "$work/t.swt" >"$work/report.json"
        [ "$(jq .complete "$work/report.json")" = true ] ||
            fail "SIG$signal: the trace is not complete"
        [ "$(jq .allocs "$work/report.json")" -gt 0 ] ||
            fail "SIG$signal: nothing was recorded"
        tries=0
        while [ ! -s "$work/status" ] && [ $tries -lt 100 ]; do
            sleep 0.1
            tries=$((tries + 1))
        done
        grep -q '^done' "$work/status" || fail "SIG$signal: the program died"
    done
done
echo "three signals, with and without threads: sealed, and the program ran on"
