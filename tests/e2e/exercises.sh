#!/bin/sh
# Each exercise of the course fails as it is shipped, at the figure that the
# course states, passes with its solution, and rejects a cheat that leaks:
# blocks taken before the operation and never freed cost the operation
# nothing. Also: files that do not build, print something else, never end, or
# never call the operation; and the copy in the work folder.
#
# usage: exercises.sh STACKWARD EXERCISES_FOLDER
set -eu
stackward=$1 folder=$2
. "$(dirname "$0")/lib.sh"
need jq
need cc
need_tracing "$stackward"
course=$folder/../course.json
export XDG_STATE_HOME="$work/state"

# check NAME FILE STATUS TEXT: how it ends, and what it says.
check() {
    status=0
    "$stackward" learn --course "$course" --check "$1" --file "$2" \
        >"$work/out" 2>"$work/err" || status=$?
    [ $status = "$3" ] ||
        fail "$1 $2: status $status: $(cat "$work/out" "$work/err")"
    grep -qE "$4" "$work/out" || fail "$1 $2: no \"$4\": $(cat "$work/out")"
}

jq -r '.stages[].exercises[]? | [.name, .start, .goal] | @tsv' "$course" \
    >"$work/list"
[ "$(wc -l <"$work/list")" -ge 3 ] || fail "fewer than three exercises"
while read -r name start goal; do
    shipped=$folder/$name/$name.c
    solution=$folder/$name/solution.c
    check "$name" "$shipped" 1 "^allocs/op +NO +$start, and the goal is $goal"
    check "$name" "$solution" 0 "^allocs/op +ok +$goal$"

    # The cheat: the solution, and a block that is left behind.
    sed 's/^int main(void)$/int main(void);\n#include <stdlib.h>\nstatic void *kept;\n&/
         s/^    setvbuf(stdout.*/&\n    kept = malloc(100);/' \
        "$solution" >"$work/cheat.c"
    grep -q 'kept = malloc' "$work/cheat.c" || fail "$name: no cheat was made"
    check "$name" "$work/cheat.c" 1 \
        "^leaks +NO +1 blocks never freed \(100 B\)"

    # It is the output that counts, byte for byte.
    sed 's/\\n"/ \\n"/' "$solution" >"$work/other.c"
    check "$name" "$work/other.c" 1 "^output +NO +line 1: expected"
done <"$work/list"

echo 'int main(void) { return nothing; }' >"$work/broken.c"
check boxes "$work/broken.c" 1 "^build +NO +.*broken.c:1.*error"
echo 'int main(void) { for (;;); }' >"$work/endless.c"
check boxes "$work/endless.c" 1 "^output +NO +not over after 10 s"
echo '#include <stdlib.h>
int main(void) { abort(); }' >"$work/aborts.c"
check boxes "$work/aborts.c" 1 "^output +NO +ended by signal 6"
sed 's/basket_total/total_of/' "$folder/boxes/solution.c" >"$work/renamed.c"
check boxes "$work/renamed.c" 1 "^record +NO +"

[ ! -e "$XDG_STATE_HOME" ] || fail "--file wrote to the work folder"
status=0
"$stackward" learn --course "$course" --check keep >"$work/out" || status=$?
[ $status = 1 ] || fail "the copy as shipped passes"
cmp -s "$folder/keep/keep.c" "$XDG_STATE_HOME/stackward/keep/keep.c" ||
    fail "no copy to edit was made"
cp "$folder/keep/solution.c" "$XDG_STATE_HOME/stackward/keep/keep.c"
"$stackward" learn --course "$course" --check keep >"$work/out" ||
    fail "the copy with the solution: $(cat "$work/out")"
"$stackward" learn --course "$course" --list | grep -qE "^keep .* yes" ||
    fail "that it was passed is not remembered"
"$stackward" learn --course "$course" --list | grep -qE "^spans .* no" ||
    fail "passed without having been done"

status=0
"$stackward" learn --check nothing 2>"$work/err" || status=$?
[ $status = 2 ] || fail "an unknown exercise gave $status"
echo "fails as shipped, passes when solved, rejects what cheats"
