#!/bin/sh
# What docs/writing-a-course.md builds step by step is a course: it is the one
# in courses/tiny, its figures are those it states, and it opens.
#
# usage: writing_a_course.sh STACKWARD SOURCE_DIR
set -eu
stackward=$1 source=$2
. "$(dirname "$0")/lib.sh"
need jq
need cc
need_tracing "$stackward"

# block KIND NAME: the text between ```KIND NAME and ```
block() {
    awk -v start="\`\`\`$1 $2" '$0 == start { on = 1; next }
        /^```/ { on = 0 }
        on' "$source/docs/writing-a-course.md"
}
mkdir "$work/course"
for file in "c greet0.c" "c greet1.c" "json course.json"; do
    name=${file#* }
    block ${file% *} "$name" >"$work/course/$name"
    cmp "$work/course/$name" "$source/courses/tiny/$name" ||
        fail "$name is another one in courses/tiny"
done
block sh build >"$work/build"
[ -s "$work/build" ] || fail "the page does not say how to build it"
(cd "$work/course" && sh -e "$work/build") || fail "it does not build"

# From anywhere: paths are seen from the course's folder.
cd /
"$stackward" stages --json --course "$work/course/course.json" \
    >"$work/stages.json" || fail "stages failed"
wanted=$(jq -c '[.stages[].expect.allocs_per_op]' "$work/course/course.json")
[ "$(jq -c '[.[].allocs_per_op]' "$work/stages.json")" = "$wanted" ] ||
    fail "not $wanted: $(jq -c '[.[].allocs_per_op]' "$work/stages.json")"
[ "$(jq 'all(.[]; .exact and .recorded)' "$work/stages.json")" = true ] ||
    fail "not exact, or not recorded: $(cat "$work/stages.json")"
"$stackward" --course "$work/course/course.json" --lang en --dump \
    --script "]" --size 100x30 >"$work/screen"
grep -q "S1: The caller has a buffer" "$work/screen" || fail "no lesson"
grep -q "gone 2  -100%" "$work/screen" || fail "no figures"
"$stackward" --course "$work/course/course.json" --lang zh --dump \
    --script "P PgDn" >"$work/screen"
grep -q "还剩几次分配" "$work/screen" || fail "no question in Chinese"

# What the page says of mistakes.
sed 's/"correct": 1/"correct": 2/' "$work/course/course.json" \
    >"$work/course/wrong.json"
status=0
"$stackward" stages --course "$work/course/wrong.json" 2>"$work/err" ||
    status=$?
[ $status = 1 ] || fail "a wrong course gave $status"
grep -q "stages\[1\].question.correct: must be below 2, the number of answers" \
    "$work/err" || fail "$(cat "$work/err")"
echo "the course of the page is a course"
