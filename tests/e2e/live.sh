#!/bin/sh
# record --live in a real terminal (tmux): figures and names come while the
# program runs, the view freezes while the recording goes on, the op that
# differed opens, a second explorer follows the same trace, and quitting
# seals it. Without a terminal the last screen can be dumped, and says what
# report says.
#
# usage: live.sh STACKWARD SAMPLEAPP
set -eu
stackward=$1 sampleapp=$2
. "$(dirname "$0")/lib.sh"
need jq
need tmux
need_tracing "$stackward"
socket="$work/tmux"
tm() { tmux -S "$socket" -f /dev/null "$@"; }
trap 'tm kill-server 2>/dev/null || true; rm -rf "$work"' EXIT

screen() { tm capture-pane -p -t "$1"; }

# await WINDOW TEXT: until its screen shows it, 60 seconds at most
await() {
    tries=0
    until screen "$1" | grep -qE -- "$2"; do
        tries=$((tries + 1))
        [ $tries -lt 600 ] || {
            screen "$1" >&2
            fail "the screen of $1 never showed: $2"
        }
        sleep 0.1
    done
}

"$stackward" record --live --dump --size 100x30 --lang en -o "$work/short.swt" \
    --op auth_middleware_serve --warmup 10 -- \
    "$sampleapp" --stage 3 --ops 100 --mix >"$work/dump"
"$stackward" report --json "$work/short.swt" >"$work/report"
median=$(jq .allocs_per_op "$work/report")
grep -q "ENDED" "$work/dump" || fail "no end: $(cat "$work/dump")"
grep -q "^ allocs/op $median   last ops" "$work/dump" ||
    fail "not $median allocations per op: $(cat "$work/dump")"
grep -q "^Benchmark" "$work/dump" || fail "what the program printed is lost"
status=0
"$stackward" record --live -o "$work/none.swt" -- true </dev/null \
    >"$work/out" 2>"$work/err" || status=$?
[ $status = 2 ] || fail "--live without a terminal gave $status"
[ ! -e "$work/none.swt" ] || fail "it recorded all the same"

trace=$work/t.swt
tm new-session -d -s first -x 100 -y 30 "LC_ALL=C.UTF-8 TERM=screen-256color sh"
tm send-keys -t first "stty -a >$work/before; $stackward record --live \
-o $trace --op auth_middleware_serve --warmup 10 -- $sampleapp --stage 3 \
--ops 10000000 --mix; echo gave \$?; stty -a >$work/after" Enter
await first "^ RECORDING +[0-9,]+ events +[0-9,]+ events/s"
await first "log_add  stage3_fields.c:[0-9]+"
[ -e "$trace.partial" ] || fail "it is not being recorded"

tm send-keys -t first Space
await first "FROZEN"
screen first >"$work/frozen1"
size1=$(stat -c %s "$trace.partial")
sleep 1
screen first >"$work/frozen2"
cmp -s "$work/frozen1" "$work/frozen2" || fail "what is frozen moved"
[ "$(stat -c %s "$trace.partial")" -gt "$size1" ] || fail "recording stood still"
tm send-keys -t first Space
await first "^ RECORDING"

tm new-session -d -s second -x 80 -y 24 \
    "LC_ALL=C.UTF-8 TERM=screen-256color $stackward view $trace"
await second "recording|ev, "
tm send-keys -t second 9
await second "^ RECORDING +[0-9,]+ events +[0-9,]+ events/s"

await first "op [0-9,]+ was different"
tm send-keys -t first o
await first "Ribbons"
tm send-keys -t first 9
await first "^ RECORDING"
tm send-keys -t first q
await first "gave 0"
sleep 0.3
cmp -s "$work/before" "$work/after" || fail "the terminal was left changed"
pid=$(screen first | sed -n 's/.*process \([0-9]*\) was let go.*/\1/p')
[ -n "$pid" ] || fail "it does not say what became of the program"
kill "$pid"
await second "^ ENDED"
[ -e "$trace" ] && [ ! -e "$trace.partial" ] || fail "it was not sealed"
"$stackward" report --json "$trace" | jq -e '.ops > 10 and .allocs > 0' \
    >/dev/null || fail "what was recorded cannot be read"
echo "live: named, frozen, followed, opened and sealed"
