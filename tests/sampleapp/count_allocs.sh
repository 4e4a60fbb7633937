#!/bin/sh
# Allocations and bytes of one good request in each stage, counted by Valgrind
# as the difference between 1001 requests and 1, against what the course and
# the sources say; and nothing lost.
# Usage: count_allocs.sh SAMPLEAPP
set -eu

app=$1
source=$(cd "$(dirname "$0")/../../sampleapp" && pwd)
fail() {
    echo "FAILED: $*" >&2
    exit 1
}

command -v valgrind >/dev/null || {
    echo "skipped: valgrind, which counts here, is not installed"
    exit 77
}
# A sanitizer brings its own malloc, which Valgrind can't count.
if grep -q __asan_init "$app"; then
    echo "skipped: $app is built with AddressSanitizer"
    exit 77
fi
# Valgrind 3.19 gives up on the debug info that clang 14 writes; counting does
# not need it.
if valgrind "$app" --list 2>&1 | grep -q 'debuginfo reader'; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    strip --strip-debug -o "$work/sampleapp" "$app" || {
        echo "skipped: this valgrind can't read the debug info of $app"
        exit 77
    }
    app=$work/sampleapp
fi

# Prints "allocations bytes" of a whole run; fails if it lost anything.
heap_usage() {
    report=$(valgrind --leak-check=full --error-exitcode=99 \
        --errors-for-leak-kinds=definite,possible "$app" "$@" 2>&1) || {
        echo "$report" >&2
        fail "sampleapp $*: error or leak"
    }
    echo "$report" | tr -d , |
        sed -n 's/.*total heap usage: \([0-9]*\) allocs .* frees \([0-9]*\) bytes.*/\1 \2/p'
}

previous=1000
for stage in 0 1 2 3 4 5 6; do
    one=$(heap_usage --stage "$stage" --ops 1)
    many=$(heap_usage --stage "$stage" --ops 1001)
    heap_usage --stage "$stage" --ops 70 --mix >/dev/null
    # Exact means that the remainders are 0 too.
    allocs=$(((${many% *} - ${one% *}) / 1000))
    bytes=$(((${many#* } - ${one#* }) / 1000))
    left=$(((${many% *} - ${one% *}) % 1000 + (${many#* } - ${one#* }) % 1000))
    # Stages 5 and 6 fill their pools in the first request of either run.
    [ "$left" -eq 0 ] || fail "stage $stage: not every request costs the same"
    echo "stage $stage: $allocs allocations, $bytes bytes per request"
    [ "$allocs" -lt "$previous" ] ||
        fail "stage $stage does not allocate less than the one before"
    previous=$allocs
    # The course and the head of the stage's file say what it costs.
    want=$(sed -n 's/.*"allocs_per_op": \([0-9]*\).*/\1/p' \
        "$source/course.json" | sed -n "$((stage + 1))p")
    [ "$allocs" -eq "$want" ] || {
        [ "$stage" -ne 0 ] || [ "$allocs" -ne 126 ] ||
            echo "A cJSON without the fix for CVE-2023-26819 makes 126." >&2
        fail "stage $stage: $allocs allocations, course.json says $want"
    }
    for said in "allocations/op:$allocs" "bytes/op:$bytes"; do
        grep -q "^ \* *${said%:*} .* ${said#*:}\$" \
            "$source/stages/stage${stage}_"*.c ||
            fail "stage $stage: its file does not say ${said#*:} ${said%:*}"
    done
    case $stage/$allocs in
    0/127 | 3/18 | 6/3 | [1245]/*) ;;
    *) fail "stage $stage: $allocs is not the number of the course" ;;
    esac
    if [ "$stage" -eq 0 ]; then
        [ "$bytes" -ge 1750 ] && [ "$bytes" -le 1850 ] ||
            fail "stage 0: $bytes bytes, not 1750 to 1850"
    fi
done
