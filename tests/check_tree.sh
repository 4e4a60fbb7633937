#!/bin/sh
# The rules of the tree that a program can check: who includes whom, how long
# a file and a function may be, where foreign headers are allowed.
#
# usage: check_tree.sh SOURCE_DIR RULES_FILE
# RULES_FILE has a line `folder: module used-module...` per folder.
set -eu
cd "$1"
rules=$2
status=0

complain() {
    echo "$*" >&2
    status=1
}

# Our own includes are "folder/file.h"; the folder must be in the rules.
while IFS=': ' read -r folder allowed; do
    for file in "$folder"/*.c "$folder"/*.h "$folder"/*.S; do
        [ -f "$file" ] || continue
        [ "$file" != tui/main.c ] || continue # the table of commands
        sed -n 's/^ *# *include "\([a-z]*\)\/.*/\1/p' "$file" | sort -u |
            while read -r used; do
                case " $allowed " in
                *" $used "*) ;;
                *) echo "$file may not include $used/" ;;
                esac
            done
    done
done <"$rules" >"${TMPDIR:-/tmp}/check_tree.$$"
if [ -s "${TMPDIR:-/tmp}/check_tree.$$" ]; then
    complain "$(cat "${TMPDIR:-/tmp}/check_tree.$$")"
fi
rm -f "${TMPDIR:-/tmp}/check_tree.$$"

# Foreign headers have one home each.
only_in() { # HEADER PATTERN: files that may include it
    grep -rlE "# *include <$1>" tracer tui sampleapp |
        grep -vE "$2" | while read -r file; do
        echo "$file may not include <$1>"
    done
}
homes=$(
    only_in '(libdwarf/)?libdwarf.h' '^tracer/symbols/debug_'
    only_in '(ncursesw/)?(n?curses).h' '^tui/screen_curses.c$'
    only_in 'sys/ptrace.h' '^tracer/engine/ptrace_(calls|stop).c$'
    only_in 'microhttpd.h' '^sampleapp/serve.c$'
)
[ -z "$homes" ] || complain "$homes"

# Files under 500 lines, functions under 60 (tables are exempt).
long=$(find tracer tui sampleapp tests -name '*.[chS]' -exec wc -l {} + |
    awk '$2 != "total" && $1 >= 500 { print $2 " has " $1 " lines" }')
[ -z "$long" ] || complain "$long"
functions=$(find tracer tui sampleapp tests -name '*.c' | xargs awk '
    FNR == 1 { start = 0 }
    /^\{/ { start = FNR; next }
    /^\}/ && start {
        if (FNR - start - 1 > 60)
            print FILENAME ":" start " is a function of " FNR - start - 1 " lines"
        start = 0
    }')
[ -z "$functions" ] || complain "$functions"

# What must not be in a repository that speaks of itself alone.
marks=$(grep -rnE 'TODO|FIXME|XXX' tracer tui sampleapp tests \
    --include='*.[chS]' --include='*.sh' --include='*.txt' |
    grep -v check_tree.sh | grep -v 'XXXXXX' || true)
[ -z "$marks" ] || complain "$marks"

exit $status
