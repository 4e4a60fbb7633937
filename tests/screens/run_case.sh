#!/bin/sh
# run_case.sh [--update] DRIVER CASE.keys...
#
# Plays each case and compares the screen with CASE.screen; --update writes
# it instead, for a person to look at in the diff.
update=
if [ "$1" = --update ]; then
    update=yes
    shift
fi
driver=$1
shift
status=0
for keys in "$@"; do
    want=${keys%.keys}.screen
    if [ -n "$update" ]; then
        "$driver" "$keys" >"$want" || status=1
        continue
    fi
    got=$(mktemp) || exit 1
    if ! "$driver" "$keys" >"$got"; then
        status=1
    elif ! diff -u "$want" "$got"; then
        status=1
    fi
    rm -f "$got"
done
exit $status
