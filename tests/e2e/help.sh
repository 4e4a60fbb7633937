#!/bin/sh
# Every command has --help and a manual page, and they name the same options.
#
# usage: help.sh STACKWARD MAN_DIR
set -eu
stackward=$1 pages=$2
. "$(dirname "$0")/lib.sh"

"$stackward" --help >"$work/help"
grep -q "Exit status: 0 done" "$work/help" || fail "no help"
"$stackward" --version | grep -q '^stackward [0-9]' || fail "no version"
commands=$(sed -n 's/^  \([a-z]*\)  *[a-z].*/\1/p' "$work/help")
for wanted in explore stages record view report learn doctor; do
    echo "$commands" | grep -qx $wanted || fail "$wanted is not listed"
done
for command in $commands; do
    "$stackward" $command --help >"$work/$command" || fail "$command --help"
    [ "$command" != explore ] || continue
    page="$pages/stackward-$command.1"
    [ -d "$pages" ] || continue
    [ -f "$page" ] || fail "no manual page for $command"
    for option in $(grep -o -- '--[a-z-]*' "$work/$command" | sort -u); do
        sed 's/\\-/-/g' "$page" | grep -qF -- "$option" ||
            fail "$command: $option is not in the manual"
    done
done
[ ! -d "$pages" ] || [ -f "$pages/stackward.1" ] || fail "no stackward(1)"
echo "help and manual agree"
