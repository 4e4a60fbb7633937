#!/bin/sh
# Stops are what the design allows: three per malloc and free, and one more
# where a frame of its own has to be watched.
#
# usage: stops.sh STACKWARD PAIRS
set -eu
stackward=$1 pairs=$2
. "$(dirname "$0")/lib.sh"
need jq
need_tracing "$stackward"

# stops COUNT [local]
stops() {
    "$stackward" record --force -o "$work/t.swt" -- "$pairs" "$@" 2>/dev/null
    "$stackward" report --json "$work/t.swt" | jq .ledger.stops
}

check() { # NAME PER_PAIR SMALL LARGE
    per_pair=$(echo "$3 $4" | awk '{ print ($2 - $1) / 1000 }')
    [ "$per_pair" = "$2" ] || fail "$1: $per_pair stops per pair, not $2"
    echo "$1: $per_pair stops per pair"
}

check "in one frame" 3 "$(stops 100)" "$(stops 1100)"
check "a frame each" 4 "$(stops 100 local)" "$(stops 1100 local)"
