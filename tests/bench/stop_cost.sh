#!/bin/sh
# What a stop costs under us, as a ratio to the floor, in one run.
#
# usage: stop_cost.sh [STACKWARD FLOOR PAIRS [ROUNDS]]   (default: build/release)
#
# Each round measures the floor, and two recordings of different lengths,
# whose difference leaves start-up and naming out. Medians of the rounds.
set -eu
bin=$(dirname "$0")/../../build/release/bin
stackward=${1:-$bin/stackward} floor=${2:-$bin/bench_floor}
pairs=${3:-$bin/bench_pairs} rounds=${4:-7}
small=2000 large=42000
work=$(mktemp -d "${TMPDIR:-/tmp}/stackward-bench-XXXXXX")
trap 'rm -rf "$work"' EXIT

# record COUNT [local]: nanoseconds traced, and stops
record() {
    "$stackward" record --force -o "$work/t.swt" -- "$pairs" "$@" 2>/dev/null
    "$stackward" report --json "$work/t.swt" |
        jq -r '"\(.ledger.traced_ns) \(.ledger.stops)"'
}

median() {
    sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

for round in $(seq "$rounds"); do
    "$floor" 40000 >>"$work/floor"
    for kind in same local; do
        extra=
        [ "$kind" = same ] || extra=local
        a=$(record $small $extra)
        b=$(record $large $extra)
        echo "$a $b" | awk '{ print ($3 - $1) / ($4 - $2) }' >>"$work/$kind"
        echo "$a $b" | awk -v n=$((large - small)) \
            '{ print ($4 - $2) / n }' >>"$work/$kind.stops"
    done
done

base=$(median "$work/floor")
printf '%-34s %8s %7s %11s\n' "" "ns/stop" "ratio" "stops/pair"
printf '%-34s %8.0f %7.2f\n' "floor: trap, registers, one read" "$base" 1
for kind in same local; do
    name="malloc+free in one frame"
    [ "$kind" = same ] || name="malloc+free, a frame each"
    m=$(median "$work/$kind")
    printf '%-34s %8.0f %7.2f %11.2f\n' "$name" "$m" \
        "$(echo "$m $base" | awk '{ print $1 / $2 }')" \
        "$(median "$work/$kind.stops")"
done
