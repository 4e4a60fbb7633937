#!/bin/sh
# The explorer in a real terminal (tmux): stages are recorded, keys step
# through them, sites open, the language changes, the window is resized, and
# the terminal is left as it was.
#
# usage: terminal.sh STACKWARD
set -eu
stackward=$1
. "$(dirname "$0")/lib.sh"
need tmux
need_tracing "$stackward"
socket="$work/tmux"
tm() { tmux -S "$socket" -f /dev/null "$@"; }
trap 'tm kill-server 2>/dev/null || true; rm -rf "$work"' EXIT

screen() { tm capture-pane -p -t explorer; }

# await TEXT: until the screen shows it, 60 seconds at most
await() {
    tries=0
    until screen | grep -qF -- "$1"; do
        tries=$((tries + 1))
        [ $tries -lt 600 ] || {
            screen >&2
            fail "the screen never showed: $1"
        }
        sleep 0.1
    done
}

press() { tm send-keys -t explorer "$@"; }

tm new-session -d -s explorer -x 100 -y 30 \
    "LC_ALL=C.UTF-8 TERM=screen-256color sh"
press "stty -a >$work/before; $stackward; echo gave \$?; stty -a >$work/after" \
    Enter
await "S0 of S0-S6"
await "exact: every op of S0 made 127 allocations"
await "spans                            3"
press ']'
await "every op of S1 made 100"
press ']' ']'
await "every op of S3 made 18"
press ']' ']' ']'
await "every op of S6 made 3"
for stage in 6 5 4 3 2 1 0; do
    press Enter
    await "S$stage > Sites"
    press j
    press Escape
    await "every op of S$stage made"
    press '['
done
press L
await "阶段"
press L
await "Stages"
tm resize-window -t explorer -x 60 -y 16
sleep 0.3
await "S0"
tm resize-window -t explorer -x 20 -y 3
sleep 0.3
tm resize-window -t explorer -x 100 -y 30
await "S0 of S0-S6"
press q
await "gave 0"
cmp -s "$work/before" "$work/after" || fail "the terminal was left changed"

# Suspended, resumed, and ended by a signal: still as it was.
press "clear; $stackward --replay; echo gave \$?; stty -a >$work/after" Enter
await "S0 of S0-S6"
press C-z
await "Stopped"
press "fg" Enter
await "S0 of S0-S6"
pane=$(tm display-message -p -t explorer '#{pane_pid}')
kill -TERM "$(pgrep -P "$pane" -f stackward | head -n 1)"
await "gave"
sleep 0.3
cmp -s "$work/before" "$work/after" || fail "SIGTERM left the terminal changed"
echo "stepped through all stages in a terminal"
