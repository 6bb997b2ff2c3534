#!/bin/sh
# Install pinned packages into .venv; where the first file has no package for this platform, the second serves.
# usage: install.sh REQUIREMENTS [SMALLER_REQUIREMENTS]
set -eu

log=.venv/install.log

install() {
    .venv/bin/python -m pip install --disable-pip-version-check --no-input --quiet --require-hashes -r "$1" >"$log" 2>&1
}

echo "Installing $1 into .venv; the first time this takes a minute or two."
if install "$1"; then
    exit 0
fi
if grep -q "No space left" "$log"; then
    echo "The disk is full: the packages need 500 MB. Free some space and start again." >&2
    exit 1
fi
if [ -n "${2:-}" ] && grep -qiE "no matching distribution|could not find a version" "$log" && install "$2"; then
    echo "There is no PostgreSQL or Valkey package for this platform: those installed here are used."
    exit 0
fi
grep -iE "^ *error" "$log" | tail -n 3 >&2 || tail -n 3 "$log" >&2
echo "The packages could not be installed. Is the network there? The whole log is $log." >&2
exit 1
