#!/bin/sh
# Stacks against a second unwinder: the frames that a program finds by itself,
# with libgcc's, are all in the trace, and no others of the program but those
# that allocate.
#
# usage: backtraces.sh STACKWARD TRACE_DUMP TARGET...
set -eu
stackward=$1 dump=$2
shift 2
. "$(dirname "$0")/lib.sh"
need_tracing "$stackward"

for target; do
    "$stackward" record --force -o "$work/t.swt" --propagate -- "$target" \
        >"$work/out" 2>"$work/err" || fail "$(cat "$work/err")"
    LC_ALL=C sort -u "$work/out" >"$work/expected"
    "$dump" frames "$work/t.swt" | awk -F'\t' -v p="$target" \
        '$1 == p { print $2 }' | LC_ALL=C sort -u >"$work/actual"
    missing=$(LC_ALL=C comm -23 "$work/expected" "$work/actual")
    [ -z "$missing" ] || fail "$target: not in the trace: $missing"
    [ "$(wc -l <"$work/expected")" -ge 8 ] || fail "$target: says too little"
    ! grep -q "stacks cut" "$work/err" || fail "$target: stacks were cut"
done
echo "agrees: $(wc -l <"$work/expected") frames each, of $# programs"
