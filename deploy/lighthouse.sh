#!/bin/sh
# Install Lighthouse for the test that asks it, and Node.js where there is none (Debian and Ubuntu).
set -eu

from=tests/crawl/lighthouse
into=.make/lighthouse
fits() { command -v npm >/dev/null 2>&1 && node -e 'process.exit(process.versions.node.split(".")[0] >= 18 ? 0 : 1)' 2>/dev/null; }

if cmp -s "$from/package-lock.json" "$into/made-from" && fits; then
    exit 0
fi
if ! fits; then
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "Install Node.js 18 or newer with npm, and run this again." >&2
        exit 1
    fi
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        as_root=sudo
    else
        echo "Node.js is missing, and only root may install it: sudo apt-get install nodejs npm" >&2
        exit 1
    fi
    echo "Installing Node.js."
    $as_root apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends nodejs npm >/dev/null
    if ! fits; then
        echo "The Node.js of this system is older than 18: install a newer one, and run this again." >&2
        exit 1
    fi
fi
echo "Installing Lighthouse."
mkdir -p "$into"
cp "$from/package.json" "$from/package-lock.json" "$into/"
npm ci --prefix "$into" --silent --no-audit --no-fund --ignore-scripts
cp "$from/package-lock.json" "$into/made-from"
