#!/bin/sh
# Runs a target program bare and recorded: it must behave the same, and the
# recording must report what the program expects of itself.
#
# usage: target.sh STACKWARD OP|- TARGET [ARGUMENT...]
set -eu
stackward=$1
op=$2
shift 2
here=$(dirname "$0")
. "$here/lib.sh"
need jq
need_tracing "$stackward"

status=0
"$@" >"$work/bare.out" 2>"$work/bare.err" || status=$?
[ "$status" = 0 ] || fail "the program itself fails: status $status"

set -- -- "$@"
[ "$op" = - ] || set -- --op "$op" "$@"
status=0
timeout 300 "$stackward" record -o "$work/t.swt" --propagate "$@" \
    >"$work/traced.out" 2>"$work/traced.err" || status=$?
[ "$status" = 0 ] || {
    cat "$work/traced.err" >&2
    fail "recorded, its status is $status"
}
cmp -s "$work/bare.out" "$work/traced.out" || {
    diff "$work/bare.out" "$work/traced.out" >&2 || true
    fail "recorded, it prints something else"
}

"$stackward" report --json "$work/t.swt" >"$work/report.json"
jq -r -f "$here/report_lines.jq" "$work/report.json" | LC_ALL=C sort \
    >"$work/actual"
LC_ALL=C sort "$work/traced.out" >"$work/expected"
missing=$(LC_ALL=C comm -23 "$work/expected" "$work/actual")
[ -z "$missing" ] || {
    echo "expected, and not reported:" >&2
    echo "$missing" >&2
    echo "reported:" >&2
    cat "$work/actual" >&2
    fail "the report differs"
}
echo "agrees: $(wc -l <"$work/expected") lines"
