#!/bin/sh
# Records the seven stages anew, for machines that cannot trace. Run after a
# change to the sample or to the trace format, from a checkout whose path may
# stand in the traces: /usr/src/stackward says nothing about anybody's machine.
#
# usage: sampleapp/traces/record.sh    from the top of the checkout
set -eu
[ -f sampleapp/course.json ] || {
    echo "run it from the top of the checkout" >&2
    exit 2
}
here=$PWD
neutral=/usr/src/stackward
[ ! -e $neutral ] || {
    echo "$neutral exists: remove it first" >&2
    exit 1
}
trap 'rm -rf $neutral' EXIT
mkdir -p $neutral
git ls-files -z --cached --others --exclude-standard |
    tar --null -T - -c | tar -x -C $neutral
cd $neutral
cmake --preset release -DBUILD_TESTING=OFF >/dev/null
cmake --build --preset release --target stackward sampleapp >/dev/null
cd build/release/bin
for stage in 0 1 2 3 4 5 6; do
    env -i PATH="$PATH" LANG=C.UTF-8 ./stackward record --force \
        -o "$here/sampleapp/traces/stage$stage.swt" \
        --op auth_middleware_serve --warmup 10 --with-sources -- \
        ./sampleapp --stage $stage --ops 60 >/dev/null
done
chmod 644 "$here"/sampleapp/traces/*.swt
