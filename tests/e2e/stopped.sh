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
    while [ ! -e "$work/status" ] && [ $tries -lt 200 ]; do
        sleep 0.05
        tries=$((tries + 1))
    done
    program=$(cat "$work/pid")
}

# A traced thread that is stopped shows as traced (proc(5)).
is_still() {
    ! grep -h '^State:' "/proc/$program"/task/*/status | grep -qv '[tT] ('
}

for threads in 0 2; do
    start $threads
    for round in 1 2 3; do
        kill -STOP "$program"
        tries=0
        until is_still && sleep 0.05 && is_still; do
            tries=$((tries + 1))
            [ $tries -lt 100 ] || fail "$threads threads: it does not stop"
        done
        before=$(cat "/proc/$program/stat")
        sleep 0.1
        [ "$before" = "$(cat "/proc/$program/stat")" ] ||
            fail "$threads threads, round $round: it runs while stopped"
        kill -CONT "$program"
    done
    wait $recorder || fail "$threads threads: $(cat "$work/err")"
    grep -q '^done' "$work/status" || fail "$threads threads: it died"

    start $threads
    kill -KILL "$program"
    wait $recorder || fail "killed: $(cat "$work/err")"
    "$stackward" report --json "$work/t.swt" >"$work/report.json"
    [ "$(jq -c '[.complete, .ledger.exit_status]' "$work/report.json")" = \
        "[true,137]" ] || fail "killed: $(cat "$work/err")"
done
echo "stopped and continued 6 times, killed twice"
