#!/bin/sh
# Functions, files and lines of every distinct address in the sample's traces
# are those that addr2line gives, inlined calls included.
#
# usage: addr2line.sh STACKWARD SAMPLEAPP TRACE_DUMP
set -eu
stackward=$1 sampleapp=$2 dump=$3
. "$(dirname "$0")/lib.sh"
need addr2line
need_tracing "$stackward"
checked=0

for stage in 0 1 2 3 4 5 6; do
    "$stackward" record --force -o "$work/t.swt" -- \
        "$sampleapp" --stage $stage --ops 5 --mix >/dev/null 2>&1
    # Only modules with lines: of the stripped ones addr2line knows nothing.
    "$dump" frames "$work/t.swt" | grep -F "$sampleapp" >"$work/frames"
    cut -f2 "$work/frames" | addr2line -f -i -a -e "$sampleapp" |
        awk '/^0x/ { if (NR > 1) print line; line = ""; next }
             { sub(/ \(discriminator [0-9]+\)$/, "")
               if (!named) { function_name = $0; named = 1; next }
               named = 0
               n = split($0, part, ":"); number = part[n]
               sub(/:[^:]*$/, ""); if (number == "?") number = 0
               line = line "\t" function_name "\t" $0 "\t" number }
             END { print line }' >"$work/theirs"
    cut -f3- "$work/frames" | sed 's/^/\t/' >"$work/ours"
    paste -d'\n' "$work/ours" "$work/theirs" | awk -v stage=$stage '
        NR % 2 { ours = $0; next }
        # The entry code of the C runtime has no lines in either.
        $0 ~ /\?\?/ { next }
        { checked++; if (ours != $0) { print "ours  " ours; print "theirs" $0
                                       bad = 1 } }
        END { print checked " addresses of stage " stage " agree"
              exit bad }' || fail "stage $stage: names differ from addr2line"
    checked=1
done
[ $checked = 1 ]
