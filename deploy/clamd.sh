#!/bin/sh
# Install clamd for the tests that scan uploads, unless there is one. Its own signatures are not fetched.
set -eu

if PATH="$PATH:/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin" command -v clamd >/dev/null 2>&1; then
    exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
    echo "Install ClamAV, so that \`clamd\` is found, and run this again." >&2
    exit 1
fi
if [ "$(id -u)" = 0 ]; then
    as_root=
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root=sudo
else
    echo "clamd is missing, and only root may install it: sudo apt-get install clamav-daemon" >&2
    exit 1
fi
echo "Installing clamd."
$as_root apt-get update -qq
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends clamav-daemon >/dev/null
