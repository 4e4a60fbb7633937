#!/bin/sh
# The Learn view in a real terminal (tmux): the editor opens on a copy and
# gives the terminal back, a saved file is run at once, passing opens the
# solution, and x asks before it puts the file back.
#
# usage: learn.sh STACKWARD EXERCISES_FOLDER
set -eu
stackward=$1 folder=$2
. "$(dirname "$0")/lib.sh"
need tmux
need cc
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

# The editor says that it is there, waits for a key, and solves the exercise.
cat >"$work/editor" <<END
#!/bin/sh
echo "EDITING \$1"
read -r answer
cp "$folder/boxes/solution.c" "\$1"
END
chmod +x "$work/editor"
copy="$work/state/stackward/boxes/boxes.c"
tm new-session -d -s explorer -x 100 -y 30 \
    "LC_ALL=C.UTF-8 TERM=screen-256color XDG_STATE_HOME=$work/state \
     VISUAL=$work/editor sh"
press "stty -a >$work/before; $stackward learn; echo gave \$?; stty -a >$work/after" \
    Enter
await "exercise 1 of 3, 0 passed"
[ ! -e "$copy" ] || fail "looking made a copy"
press r
await "16, and the goal is 0"
press e
await "EDITING $copy"
press Enter
await "PASSED"
await "exercise 1 of 3, 1 passed"
press d
await "our solution"
await "it is returned in a register"
press Escape
await "last run"
press x
await "x again puts the file back"
press x
await "the file is as it was shipped"
cmp -s "$folder/boxes/boxes.c" "$copy" || fail "the file was not put back"
echo 'int main(void) { return 0; }' >"$copy"
press r
await "line 1: expected"
press q
await "gave 0"
sleep 0.3
cmp -s "$work/before" "$work/after" || fail "the terminal was left changed"
echo "edited, re-traced, passed and reset in a terminal"
