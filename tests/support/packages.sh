# packages.sh - Debian packages that the scripts need, listed once.
#
# packages_install NAME...  installs those that are missing; says which, and
#                           uses sudo only when not root.

PACKAGES_BUILD="gcc libc6-dev cmake ninja-build pkg-config help2man
 libelf-dev zlib1g-dev libdwarf-dev libzydis-dev libzycore-dev libzstd-dev
 libxxhash-dev libcjson-dev libutf8proc-dev libncurses-dev libiberty-dev
 libsodium-dev libmicrohttpd-dev"

PACKAGES_CHECK="g++ clang llvm libclang-rt-14-dev libcmocka-dev binutils valgrind gdb
 curl jq tmux strace ncurses-bin ncurses-term procps locales"

packages_missing() {
    for name in "$@"; do
        dpkg-query -W -f='${Status}' "$name" 2>/dev/null |
            grep -q 'ok installed' || printf '%s ' "$name"
    done
}

packages_install() {
    missing=$(packages_missing "$@")
    [ -n "$missing" ] || return 0
    if ! command -v apt-get >/dev/null; then
        echo "these Debian packages are missing: $missing" >&2
        return 1
    fi
    root=
    if [ "$(id -u)" != 0 ]; then
        root=sudo
        if ! command -v sudo >/dev/null; then
            echo "run this as root once: apt-get install $missing" >&2
            return 1
        fi
    fi
    echo "installing from Debian: $missing" >&2
    $root apt-get update -qq >/dev/null || true
    # shellcheck disable=SC2086
    $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
        --no-install-recommends $missing >/dev/null
}
