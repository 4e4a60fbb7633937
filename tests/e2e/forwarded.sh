#!/bin/sh
# An allocator preloaded over the C library's, which forwards to it: a call
# counts once, as what the program called, and so does a free.
#
# usage: forwarded.sh STACKWARD TARGET FORWARDER...
set -eu
stackward=$1 target=$2
shift 2
here=$(dirname "$0")
. "$here/lib.sh"
need jq
need_tracing "$stackward"

# env(1), which the recording begins with, allocates too: only what the target
# says of its own sites, and of the whole ledger, can be compared.
for forwarder; do
    LD_PRELOAD=$forwarder "$target" | grep -E '^(site|ledger)' |
        LC_ALL=C sort >"$work/expected"
    "$stackward" record --force -o "$work/t.swt" --propagate -- \
        env LD_PRELOAD="$forwarder" "$target" >"$work/out" 2>"$work/err" ||
        fail "$(cat "$work/err")"
    "$stackward" report --json "$work/t.swt" >"$work/report.json"
    jq -r -f "$here/report_lines.jq" "$work/report.json" | LC_ALL=C sort \
        >"$work/actual"
    missing=$(LC_ALL=C comm -23 "$work/expected" "$work/actual")
    [ -z "$missing" ] || {
        cat "$work/actual" >&2
        fail "$forwarder: not reported: $missing"
    }
done
echo "agrees for $# allocators"
