#!/bin/sh
# A program that becomes a 32-bit one: the recording ends and says why, and the
# program goes on as if nothing had been.
#
# usage: exec32.sh STACKWARD TARGET
set -eu
stackward=$1 target=$2
. "$(dirname "$0")/lib.sh"
need jq
need_tracing "$stackward"

status=0
"$target" || status=$?
[ $status != 77 ] || skip "this kernel runs no 32-bit programs"
[ $status = 42 ] || fail "the program itself fails: status $status"

status=0
timeout -s KILL 60 "$stackward" record -o "$work/t.swt" -- "$target" \
    2>"$work/err" || status=$?
[ $status != 0 ] && [ $status -lt 128 ] || fail "status $status"
grep -q "32-bit" "$work/err" || fail "$(cat "$work/err")"
"$stackward" report --json "$work/t.swt" >"$work/report.json"
[ "$(jq -c '[.complete, .allocs]' "$work/report.json")" = "[true,1]" ] ||
    fail "$(cat "$work/report.json")"
grep -q "exited with status 42" "$work/err" || fail "$(cat "$work/err")"
echo "refused, sealed, and the program exited with 42"
