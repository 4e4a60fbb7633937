#!/bin/sh
# An op that is resolved at start-up (IFUNC): its name is that of the resolver,
# which is not what is called; the function that it chose can be named.
#
# usage: ifunc.sh STACKWARD TARGET
set -eu
stackward=$1 target=$2
here=$(dirname "$0")
. "$here/lib.sh"
need_tracing "$stackward"

status=0
"$stackward" record -o "$work/t.swt" --op op -- "$target" 2>"$work/err" ||
    status=$?
[ $status = 2 ] && grep -q IFUNC "$work/err" ||
    fail "status $status: $(cat "$work/err")"
"$here/target.sh" "$stackward" op_chosen "$target"
