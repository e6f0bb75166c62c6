#!/bin/sh
# install.sh PURPOSE...: installs the Debian packages of deps/packages.txt for these purposes, those that are missing.
set -eu
list=$(dirname "$0")/packages.txt
wanted=$(for purpose in "$@"; do sed -n "s/^$purpose //p" "$list"; done)

if ! command -v dpkg-query >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
    echo "tolka: this is no Debian system; install by hand what these Debian 12 packages hold:" $wanted >&2
    [ -n "${TOLKA_SKIP_DEPS:-}" ] && exit 0
    exit 1
fi
missing=
for package in $wanted; do
    state=$(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null || true)
    case $state in ii*) ;; *) missing="$missing $package" ;; esac
done
[ -z "$missing" ] && exit 0

run=
if [ "$(id -u)" -ne 0 ]; then
    run=sudo
    command -v sudo >/dev/null 2>&1 || { echo "tolka: not root and no sudo; install as root:$missing" >&2; exit 1; }
fi
echo "Installing:$missing"
export DEBIAN_FRONTEND=noninteractive
$run apt-get update -qq
$run env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
