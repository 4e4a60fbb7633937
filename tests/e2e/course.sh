#!/bin/sh
# The course, recorded now: each stage costs exactly what course.json says, on
# every op; every stack reaches main; the recorded traces say the same.
#
# usage: course.sh STACKWARD COURSE_JSON SAMPLEAPP
set -eu
stackward=$1 course=$2 sampleapp=$3
. "$(dirname "$0")/lib.sh"
need jq
need_tracing "$stackward"

wanted=$(jq -c '[.stages[].expect.allocs_per_op]' "$course")
"$stackward" stages --json >"$work/now.json"
"$stackward" stages --json --replay >"$work/then.json"
for file in now then; do
    [ "$(jq -c '[.[].allocs_per_op]' "$work/$file.json")" = "$wanted" ] ||
        fail "$file: $(jq -c '[.[].allocs_per_op]' "$work/$file.json")"
    [ "$(jq 'all(.[]; .exact and .allocs_min == .allocs_max)' \
        "$work/$file.json")" = true ] || fail "$file: not exact on every op"
done
echo "$wanted" | jq -e '. as $a | [range(1; length)] |
    all(.[]; $a[.] < $a[. - 1])' >/dev/null || fail "does not fall: $wanted"
echo "$wanted" | jq -e '.[0] == 127 and .[3] == 18 and .[6] == 3' >/dev/null ||
    fail "not 127, 18, 3: $wanted"
jq -e '.[0].bytes_per_op | . >= 1750 and . <= 1850' "$work/now.json" \
    >/dev/null || fail "stage 0 asks for $(jq '.[0].bytes_per_op' "$work/now.json")"
jq -e 'all(.[]; .ns_per_op > 0 and .recorded)' "$work/now.json" >/dev/null ||
    fail "a stage was not timed, or not recorded"

for stage in 0 1 2 3 4 5 6; do
    "$stackward" record --force -o "$work/t.swt" --op auth_middleware_serve -- \
        "$sampleapp" --stage $stage --ops 20 --mix >/dev/null 2>&1
    "$stackward" report --json "$work/t.swt" >"$work/mix.json"
    jq -e '.ledger | .stacks_cut == 0 and .frees_unknown == 0 and
           .events_dropped == 0 and .calls_abandoned == 0 and
           .probes_refused == 0' "$work/mix.json" >/dev/null ||
        fail "stage $stage: $(jq -c .ledger "$work/mix.json")"
    [ $stage != 0 ] || jq -e '.exact | not' "$work/mix.json" >/dev/null ||
        fail "the mix costs the same for every request"
done
echo "the course costs $wanted"
