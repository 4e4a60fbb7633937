#!/bin/sh
# The stacks of all allocations of one op of the sample are those gdb shows at
# the same allocations, for several stages.
#
# usage: gdb_stacks.sh STACKWARD SAMPLEAPP TRACE_DUMP
set -eu
stackward=$1 sampleapp=$2 dump=$3
here=$(dirname "$0")
. "$here/lib.sh"
need gdb
need_tracing "$stackward"
gdb -batch -ex 'py print(1)' 2>/dev/null | grep -q 1 || skip "gdb has no Python"
op=auth_middleware_serve nth=15

for stage in 0 3 6; do
    "$stackward" record -o "$work/$stage.swt" --op $op -- \
        "$sampleapp" --stage $stage --ops 20 >/dev/null 2>&1
    "$dump" op $nth "$work/$stage.swt" >"$work/ours"
    gdb -batch -nx -ex "py OP='$op'; NTH=$nth" -x "$here/gdb_stacks.py" \
        --args "$sampleapp" --stage $stage --ops 20 2>"$work/gdb.err" |
        sed -n 's/^ALLOC //p' >"$work/gdb"
    [ -s "$work/gdb" ] || {
        cat "$work/gdb.err" >&2
        fail "gdb saw no allocation in stage $stage"
    }
    # A caller's line may differ within one statement that spans several lines:
    # gdb keeps to rows marked is_stmt, addr2line and we do not. Functions of
    # all frames and the line of the innermost are compared.
    for file in gdb ours; do
        sed 's/ _start:[0-9]*//' "$work/$file" |
            awk '{ for (i = 3; i <= NF; i++) sub(/:[0-9]*$/, "", $i); print }' \
                >"$work/$file.cut"
    done
    cmp -s "$work/gdb.cut" "$work/ours.cut" || {
        diff "$work/gdb.cut" "$work/ours.cut" >&2 || true
        fail "stage $stage: stacks differ from gdb's (<)"
    }
    echo "stage $stage: $(wc -l <"$work/gdb") stacks agree with gdb"
done
