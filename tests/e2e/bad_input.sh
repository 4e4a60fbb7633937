#!/bin/sh
# Bad input gets one clear line, the right exit status, and harms nothing.
#
# usage: bad_input.sh STACKWARD SAMPLEAPP BUSY_TARGET
set -eu
stackward=$1 sampleapp=$2 busy=$3
. "$(dirname "$0")/lib.sh"
need_tracing "$stackward"

# expect STATUS PATTERN COMMAND...: one line on stderr that matches
expect() {
    want=$1 pattern=$2
    shift 2
    status=0
    timeout 60 "$@" >"$work/out" 2>"$work/err" || status=$?
    [ $status = "$want" ] || {
        cat "$work/err" >&2
        fail "status $status, not $want: $*"
    }
    grep -q -- "$pattern" "$work/err" || {
        cat "$work/err" >&2
        fail "no \"$pattern\" from: $*"
    }
    if LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]')" "$work/err"; then
        fail "control characters from: $*"
    fi
}

r="$stackward record --force -o $work/t.swt"
# What cannot be run, or does not have the op, runs nothing.
expect 1 "cannot run /nonexistent: No such file" $r -- /nonexistent
expect 1 "cannot run /etc/passwd: Permission denied" $r -- /etc/passwd
expect 2 "no function named auth_middleware_serv.*did you mean auth_middleware_serve" \
    $r --op auth_middleware_serv -- "$sampleapp" --stage 0 --ops 1
[ ! -s "$work/out" ] || fail "a program without the op was run"
expect 2 "no function named no_such_thing_at_all" \
    $r --op no_such_thing_at_all -- "$busy" 0 "$work/status"
[ ! -e "$work/status" ] || fail "a program without the op was run"
[ ! -e "$work/t.swt" ] && [ ! -e "$work/t.swt.partial" ] ||
    fail "a trace of nothing was left behind"

# An op of which no code of its own is left.
cat >"$work/inlined.c" <<'C'
#include <stdlib.h>
static inline __attribute__((always_inline)) void only_inlined(void)
{
    free(malloc(10));
}
int main(void)
{
    only_inlined();
    return 0;
}
C
gcc -g -O1 -fno-builtin "$work/inlined.c" -o "$work/inlined"
expect 2 "every call of only_inlined was inlined" \
    $r --op only_inlined -- "$work/inlined"

# Usage.
expect 2 "which program" "$stackward" record
expect 2 "whole number" "$stackward" record --warmup ten -- true
expect 2 "exact or observed" "$stackward" record --frames some -- true
expect 2 "no engine named" "$stackward" record -o "$work/t.swt" --engine x -- true
expect 2 "unrecognized option" "$stackward" record --nonsense
expect 2 "no command named" "$stackward" frobnicate
expect 2 "which trace" "$stackward" report
expect 2 "no style named" "$stackward" report --style pretty x.swt

# An existing trace is not overwritten.
$r -- true 2>/dev/null
expect 2 "exists.*--force" "$stackward" record -o "$work/t.swt" -- true

# Not a trace, a cut one, a newer one, a damaged one.
good="$work/good.swt"
"$stackward" record -o "$good" -- "$sampleapp" --stage 0 --ops 3 \
    >/dev/null 2>&1
: >"$work/empty.swt"
expect 1 "the file is empty" "$stackward" report "$work/empty.swt"
expect 1 "not a Stackward trace" "$stackward" report /bin/true
expect 1 "No such file" "$stackward" report "$work/none.swt"
expect 1 "not a regular file" "$stackward" report "$work"
head -c 5000 "$good" >"$work/cut.swt"
expect 0 "cut" "$stackward" report "$work/cut.swt"
cp "$good" "$work/newer.swt"
printf '\377' | dd of="$work/newer.swt" bs=1 seek=8 conv=notrunc 2>/dev/null
expect 1 "." "$stackward" report "$work/newer.swt"
cp "$good" "$work/damaged.swt"
printf 'damage' | dd of="$work/damaged.swt" bs=1 seek=4000 conv=notrunc \
    2>/dev/null
expect 0 "." "$stackward" report "$work/damaged.swt"
expect 1 "the file is empty" "$stackward" view "$work/empty.swt"

# The program's own status is reported, and kept with --propagate only.
expect 0 "exited with status 3" $r -- sh -c 'exit 3'
expect 3 "exited with status 3" $r --propagate -- sh -c 'exit 3'
expect 0 "killed by signal 15" $r -- sh -c 'kill -TERM $$'
expect 143 "killed by signal 15" $r --propagate -- sh -c 'kill -TERM $$'

# Disk full: a file size limit here. The program runs on, what fits is sealed.
rm -f "$work/status" "$work/small.swt"
(
    ulimit -f 4 # blocks of 512 bytes in dash
    status=0
    "$stackward" record -o "$work/small.swt" -- "$busy" 2 "$work/status" \
        2>"$work/err" || status=$?
    [ $status = 1 ] || fail "disk full gave $status"
)
grep -q '^done' "$work/status" || fail "disk full hurt the program"
"$stackward" report "$work/small.swt" >/dev/null 2>"$work/err" ||
    fail "what fits on a full disk is unreadable: $(cat "$work/err")"
expect 1 "cannot" "$stackward" record -o /nonexistent/t.swt -- true
expect 1 "No space left" sh -c "$stackward report $good >/dev/full"

echo "bad input is answered"
