# lib.sh - for the end-to-end tests: a folder, skipping, failing.

work=$(mktemp -d "${TMPDIR:-/tmp}/stackward-e2e-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

fail() {
    echo "FAIL: $*" >&2
    exit 1
}

skip() {
    echo "SKIP: $*" >&2
    exit 77
}

need() {
    command -v "$1" >/dev/null || skip "$1 is not installed"
}

need_tracing() {
    "$1" doctor | grep -q '^ok *tracing' || skip "tracing is not permitted here"
}
