#!/bin/sh
# Bad command lines: status 2, one line on stderr that says what to do,
# nothing on stdout. Good ones that only print: status 0.
# Usage: usage.sh SAMPLEAPP
set -eu

app=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() {
    echo "FAILED: $*" >&2
    exit 1
}

# refused TEXT ARGUMENT...: the message must contain TEXT.
refused() {
    text=$1
    shift
    status=0
    "$app" "$@" >"$work/out" 2>"$work/err" || status=$?
    [ "$status" -eq 2 ] || fail "sampleapp $*: status $status, not 2"
    [ ! -s "$work/out" ] || fail "sampleapp $*: prints on stdout"
    [ "$(wc -l <"$work/err")" -eq 1 ] || fail "sampleapp $*: not one line"
    grep -qF -- "$text" "$work/err" || {
        cat "$work/err" >&2
        fail "sampleapp $*: the message lacks: $text"
    }
}

refused "add --stage N"
refused "add --stage N" --ops 5
refused "number from 0 to 6, not '7'" --stage 7
refused "number from 0 to 6, not '-1'" --stage -1
refused "number from 0 to 6, not ''" --stage ""
refused "number from 0 to 6, not '3x'" --stage 3x
refused "number from 1 to 1000000000, not '0'" --stage 0 --ops 0
refused "not '99999999999999999999'" --stage 0 --ops 99999999999999999999
refused "number from 0 to 65535, not '65536'" --stage 0 --listen 65536
refused "--stage needs a value" --stage
refused "no option --frobnicate" --frobnicate
refused "no option -x" -x
refused "'extra' is not an option" --stage 0 extra
refused "give one of them" --stage 0 --print-mix --listen 0
refused "leave them out" --stage 0 --listen 0 --ops 5
refused "leave them out" --stage 0 --print-mix --mix
refused "leave --stage out" --list --stage 0

"$app" --help | grep -q '^Usage:' || fail "--help prints no usage"
"$app" --help --stage 9 >/dev/null || fail "--help is not enough"
[ "$("$app" --list | wc -l)" -eq 7 ] || fail "--list does not print 7 stages"
[ "$("$app" --print-requests | wc -l)" -eq 7 ] ||
    fail "--print-requests does not print 7 kinds"

# The one line of results is what Go's tools call a benchmark line.
"$app" --stage 3 --ops 5 >"$work/out" 2>"$work/err"
grep -Eq "^BenchmarkAuthMiddleware/stage=3 $(printf '\t') +5$(printf '\t') +[0-9]+ ns/op\$" \
    "$work/out" || fail "not a benchmark line: $(cat "$work/out")"
[ "$(wc -l <"$work/out")" -eq 1 ] || fail "more than one line on stdout"
[ ! -s "$work/err" ] || fail "something on stderr"
echo "command lines are told apart"
