#!/bin/sh
# Makes one manual page from a command's --help.
#
# usage: make_page.sh HELP2MAN STACKWARD COMMAND VERSION INCLUDE PAGE
set -eu
help2man=$1 stackward=$2 command=$3 version=$4 include=$5 page=$6
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# help2man asks one executable without arguments, and names the page for it.
name=stackward${command:+-$command}
printf '#!/bin/sh\nexec "%s" %s "$@"\n' "$stackward" "$command" \
    >"$work/$name"
chmod +x "$work/$name"
sed "/^\[NAME\]/d" "$include" >"$work/include"
mkdir -p "$(dirname "$page")"
LC_ALL=C.UTF-8 "$help2man" --no-info --section=1 --source=Stackward \
    --name="$(sed -n 's/^\[NAME\] *//p' "$include")" \
    --version-string="$version" --include="$work/include" \
    --output="$page" "$work/$name" 2>/dev/null
