#!/bin/sh
# Allocations per op agree with Valgrind: those of 1,001 ops minus those of 1
# op, over 1,000, for all seven stages; bytes too.
#
# usage: valgrind_counts.sh STACKWARD SAMPLEAPP
set -eu
stackward=$1 sampleapp=$2
. "$(dirname "$0")/lib.sh"
need valgrind
need jq
need_tracing "$stackward"

# heap STAGE OPS: "allocations bytes", without thousands separators
heap() {
    valgrind --run-libc-freeres=no "$sampleapp" --stage "$1" --ops "$2" 2>&1 |
        sed -n 's/.*total heap usage: \([0-9,]*\) allocs, [0-9,]* frees, \([0-9,]*\) bytes.*/\1 \2/p' |
        tr -d ,
}

"$stackward" stages --json >"$work/stages.json"
for stage in 0 1 2 3 4 5 6; do
    one=$(heap $stage 1)
    many=$(heap $stage 1001)
    theirs=$(echo "$one $many" |
        awk '{ print ($3 - $1) / 1000 " " ($4 - $2) / 1000 }')
    ours=$(jq -r ".[] | select(.stage == $stage) |
                  \"\(.allocs_per_op) \(.bytes_per_op)\"" "$work/stages.json")
    [ "$ours" = "$theirs" ] ||
        fail "stage $stage: $ours here, $theirs by Valgrind"
    echo "stage $stage: $ours allocations and bytes per op, as Valgrind counts"
done
