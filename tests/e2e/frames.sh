#!/bin/sh
# --frames observed watches nothing, and says "at most" of what it cannot know.
#
# usage: frames.sh STACKWARD VERDICTS_TARGET
set -eu
stackward=$1 target=$2
. "$(dirname "$0")/lib.sh"
need jq
need_tracing "$stackward"

"$stackward" record -o "$work/o.swt" --op op --frames observed -- "$target" \
    >/dev/null 2>&1
"$stackward" report --json "$work/o.swt" >"$work/o.json"
jq -e '.allocs_per_op == 15 and .exact' "$work/o.json" >/dev/null ||
    fail "counts differ without the watch"
jq -e '[.sites[].at_most] | add > 0' "$work/o.json" >/dev/null ||
    fail "nothing is called \"at most\""
"$stackward" report "$work/o.swt" | grep -q "at most" ||
    fail "the text does not say \"at most\""
# Only the op's own frame is watched then.
jq -e '.ledger.activations == .ops' "$work/o.json" >/dev/null ||
    fail "$(jq -c '[.ledger.activations, .ops]' "$work/o.json") watched"

"$stackward" record -o "$work/e.swt" --op op -- "$target" >/dev/null 2>&1
"$stackward" report --json "$work/e.swt" |
    jq -e '[.sites[].at_most] | add == 0' >/dev/null ||
    fail "exact verdicts are called \"at most\""
echo "observed frames are called so"
