#!/bin/sh
# Where tracing is forbidden: record says why and runs nothing; doctor says
# what to do; the course is shown from its recorded traces.
#
# usage: denied.sh STACKWARD NO_PTRACE BUSY_TARGET
set -eu
stackward=$1 no_ptrace=$2 busy=$3
. "$(dirname "$0")/lib.sh"
need jq
# The leak checker of a sanitized build works by ptrace itself.
export ASAN_OPTIONS=detect_leaks=0
"$no_ptrace" true || skip "seccomp filters cannot be installed here"

status=0
"$no_ptrace" "$stackward" record -o "$work/t.swt" -- "$busy" 0 "$work/ran" \
    >"$work/out" 2>"$work/err" || status=$?
[ $status = 1 ] || fail "record gave $status"
grep -q "tracing is not permitted: a seccomp filter" "$work/err" ||
    fail "no reason: $(cat "$work/err")"
[ "$(wc -l <"$work/err")" = 1 ] || fail "more than one line"
[ ! -e "$work/ran" ] || fail "the program was left half-started"
[ -z "$(ls "$work" | grep swt)" ] || fail "a trace was left"

status=0
"$no_ptrace" "$stackward" doctor >"$work/out" || status=$?
[ $status = 1 ] || fail "doctor gave $status"
grep -q "^NO *tracing.*seccomp" "$work/out" || fail "doctor: no reason"

"$no_ptrace" "$stackward" stages --json >"$work/stages.json" 2>"$work/err" ||
    fail "stages failed: $(cat "$work/err")"
[ "$(jq -c '[.[0, 3, 6].allocs_per_op]' "$work/stages.json")" = "[127,18,3]" ] ||
    fail "stages: $(cat "$work/stages.json")"
[ "$(jq 'any(.[]; .recorded)' "$work/stages.json")" = false ] ||
    fail "recorded traces are passed off as new"
"$no_ptrace" "$stackward" --dump --script "" >"$work/screen" ||
    fail "the explorer failed"
grep -q 127 "$work/screen" || fail "the explorer shows nothing"
grep -q "not permitted" "$work/screen" || fail "the explorer does not say why"
"$no_ptrace" "$stackward" </dev/null >"$work/table" || fail "no table"
grep -q "not permitted.*seccomp" "$work/table" || fail "the table has no reason"
echo "denied, and said so"
