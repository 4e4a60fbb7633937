#!/bin/sh
# All seven stages give the same answers and log the same lines: in memory,
# where mix.expected has them, and to curl over HTTP.
# Usage: stages_agree.sh SAMPLEAPP
set -eu

app=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
server=
finish() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$work"
}
trap finish EXIT
fail() {
    echo "FAILED: $*" >&2
    exit 1
}

for stage in 0 1 2 3 4 5 6; do
    "$app" --stage "$stage" --print-mix >"$work/mix"
    diff -u "$here/mix.expected" "$work/mix" ||
        fail "stage $stage answers the mix otherwise than mix.expected"
done
echo "in memory: all stages agree"

command -v curl >/dev/null || {
    echo "skipped: curl, the client for the part over HTTP, is not installed"
    exit 77
}
tab=$(printf '\t')
"$app" --print-requests >"$work/requests"
# What curl should print for each request, and the server log.
sed -n -e 's/^HTTP\/1.1 \([0-9]*\) .*/\1/p' -e '/^{/p' \
    -e 's/^\(WWW-Authenticate: .*\)/\1/p' "$here/mix.expected" |
    sort >"$work/answers.expected"
sed -n 's/^log: //p' "$here/mix.expected" >"$work/log.expected"

# Starts the stage $1 with stop signal $2, sends the mix, stops it.
serve_stage() {
    # Emptied here: the background shell does so at its leisure, and until
    # then the line of the stage before would be taken for this one's.
    : >"$work/out"
    "$app" --stage "$1" --listen 0 >"$work/out" 2>"$work/log" &
    server=$!
    tries=0
    until grep -q '^listening on 127\.0\.0\.1:[0-9]*$' "$work/out"; do
        tries=$((tries + 1))
        [ "$tries" -lt 100 ] || fail "stage $1 is not listening after 10 s"
        kill -0 "$server" 2>/dev/null || fail "stage $1 ended at once"
        sleep 0.1
    done
    url=http://$(sed -n 's/^listening on //p' "$work/out")
    : >"$work/answers"
    while IFS=$tab read -r kind method path line; do
        curl --silent --show-error --noproxy '*' --max-time 10 \
            --request "$method" --header "$line" --dump-header "$work/head" \
            --output "$work/body" --write-out '%{http_code}\n' "$url$path" \
            >>"$work/answers" </dev/null || fail "stage $1: curl on $kind"
        cat "$work/body" >>"$work/answers"
        echo >>"$work/answers"
        tr -d '\r' <"$work/head" | grep '^WWW-Authenticate:' \
            >>"$work/answers" || true
    done <"$work/requests"
    kill -s "$2" "$server"
    status=0
    wait "$server" || status=$?
    server=
    [ "$status" -eq 0 ] || fail "stage $1: status $status after SIG$2"
    sort "$work/answers" | diff -u "$work/answers.expected" - ||
        fail "stage $1 answers otherwise over HTTP"
    diff -u "$work/log.expected" "$work/log" ||
        fail "stage $1 logs otherwise over HTTP"
}

for stage in 0 1 2 3 4 5 6; do
    serve_stage "$stage" TERM
done
serve_stage 6 INT
echo "over HTTP: all stages agree, and stop on SIGTERM and SIGINT"
