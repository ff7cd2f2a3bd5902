#!/bin/sh
# Puts a Chromium on the PATH of a Debian or Ubuntu machine; elsewhere says what to install.
set -eu
if command -v apt-get >/dev/null 2>&1; then
    as_root=""
    [ "$(id -u)" -eq 0 ] || as_root="sudo"
    $as_root apt-get update -qq
    $as_root apt-get install -y -qq chromium
else
    echo "The browser tests need Chromium or Google Chrome on the PATH. Install one and run make test again." >&2
    exit 1
fi
