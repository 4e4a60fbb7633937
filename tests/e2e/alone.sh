#!/bin/sh
# A trace is complete without the program and its sources.
#
# usage: alone.sh STACKWARD
set -eu
stackward=$1
. "$(dirname "$0")/lib.sh"
need jq
need gcc
need_tracing "$stackward"

mkdir "$work/gone"
cat >"$work/gone/prog.c" <<'C'
#include <stdlib.h>
__attribute__((noinline)) static void *make_it(void)
{
    return malloc(10); /* the line */
}
int main(void)
{
    free(make_it());
    return 0;
}
C
gcc -g -O0 -fno-builtin "$work/gone/prog.c" -o "$work/gone/prog"
"$stackward" record -o "$work/t.swt" --with-sources -- "$work/gone/prog" \
    2>/dev/null
"$stackward" record -o "$work/u.swt" -- "$work/gone/prog" 2>/dev/null
rm -r "$work/gone"
"$stackward" report --json "$work/t.swt" | jq -e --arg file "$work/gone/prog.c" \
    '.sites[0] | .function == "make_it" and .line == 4 and .file == $file and
                 .via == "malloc" and .verdicts.U1 == 1' >/dev/null ||
    fail "names did not travel: $("$stackward" report --json "$work/t.swt" |
        jq -c .sites)"
# The source's text is in the one that was asked to keep it.
big=$(wc -c <"$work/t.swt") small=$(wc -c <"$work/u.swt")
[ "$big" -gt "$small" ] || fail "sources did not travel"
[ "$(stat -c %a "$work/t.swt")" = 600 ] || fail "others can read the trace"
echo "a trace stands alone"
