#!/bin/sh
# A program that is stopped (SIGSTOP, as by a shell) stands still while it is
# recorded, and goes on when it is continued; a program that is killed leaves a
# sealed trace which says so.
#
# usage: stopped.sh STACKWARD BUSY_TARGET
set -eu
stackward=$1 target=$2
. "$(dirname "$0")/lib.sh"
need jq
need_tracing "$stackward"

# start THREADS: records the target; $program is its pid once it has begun.
start() {
    rm -f "$work/status" "$work/pid"
    # shellcheck disable=SC2016
    "$stackward" record --force -o "$work/t.swt" -- \
        sh -c 'echo $$ >"$1"; shift; exec "$@"' sh "$work/pid" \
        "$target" "$1" "$work/status" 2>"$work/err" &
    recorder=$!
    tries=0
    while [ ! -e "$work/status" ] && [ $tries -lt 1000 ]; do
        sleep 0.01
        tries=$((tries + 1))
    done
    program=$(cat "$work/pid")
}

program=
trap '[ -z "$program" ] || kill -KILL "$program" 2>/dev/null; rm -rf "$work"' EXIT

# Waits for the recorder, whose program has ended or is about to.
over() {
    status=0
    wait $recorder || status=$?
    program=
}

# One stop and one continue; false when the program was over before.
stop_once() {
    start "$1"
    if ! kill -STOP "$program" 2>/dev/null; then
        over
        return 1
    fi
    # It works for 0.4 s: one that ran would soon have used more time, or be
    # over. A thread at a breakpoint may be slow to stop on a busy machine.
    tries=0
    until before=$(cat "/proc/$program/stat" 2>/dev/null) && sleep 0.5 &&
        [ "$before" = "$(cat "/proc/$program/stat" 2>/dev/null)" ]; do
        [ -e "/proc/$program/stat" ] || { # over before the stop came
            over
            return 1
        }
        tries=$((tries + 1))
        [ $tries -lt 40 ] || fail "$1 threads: it runs while stopped"
    done
    kill -CONT "$program"
    over
    [ $status = 0 ] || fail "$1 threads: $(cat "$work/err")"
    grep -q '^done' "$work/status" || fail "$1 threads: it died"
}

# Killed; false when the program was over before.
kill_once() {
    start "$1"
    kill -KILL "$program" 2>/dev/null || true
    over
    [ $status = 0 ] || fail "killed: $(cat "$work/err")"
    "$stackward" report --json "$work/t.swt" >"$work/report.json"
    [ "$(jq .ledger.exit_status "$work/report.json")" != 0 ] || return 1
    [ "$(jq -c '[.complete, .ledger.exit_status]' "$work/report.json")" = \
        "[true,137]" ] || fail "killed: $(cat "$work/err")"
}

# The program runs for 0.4 s: on a busy machine it may be missed.
done=0
for round in 1 2 3; do
    for threads in 0 2; do
        ! stop_once $threads || done=$((done + 1))
        ! kill_once $threads || done=$((done + 1))
    done
done
[ $done -ge 6 ] || fail "only $done of 12 came in time"
echo "stopped and continued, or killed: $done times of 12"
