#!/bin/sh
# deb.sh BASE: installs the packages of build/deb (`make deb`) in a copy of the bare Debian 12 at BASE (tests/fresh.sh --base BASE makes
# one), converts a report, builds and runs the C example, and takes them away again. Needs root.
set -eu
[ $# -eq 1 ] && [ -d "$1/usr" ] || { sed -n '2,3s/^# //p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/tolka-deb.XXXXXX")
root=$work/root

finish() {
    status=$?
    trap - EXIT INT TERM
    if mountpoint -q "$root/proc"; then umount -l "$root/proc"; fi
    if grep -q " $work/" /proc/mounts; then echo "deb.sh: still mounted below $work" >&2; else rm -rf "$work"; fi
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

inside() {
    chroot "$root" /usr/bin/env -i HOME=/root TERM=dumb LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive \
        ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} sh -ec "$1"
}

mkdir -p "$work"
cp -a "$1" "$root"
mount -t proc proc "$root/proc"
mkdir "$root/root/in"
cp "$here"/build/deb/*.deb "$here"/corpus/forbund-arsredovisning.pdf "$here"/corpus/stiftelse-protokoll-office.pdf "$root/root/in"

inside "apt-get update -qq; cd /root/in; apt-get install -y -qq --no-install-recommends ./tolka_*.deb ./tolka-data_*.deb >/dev/null"
inside "cd /root/in; tolka convert -q -f csv forbund-arsredovisning.pdf | grep total_assets >/dev/null"
inside "cd /root/in; tolka convert -q -f txt --pages 2 stiftelse-protokoll-office.pdf | grep nsökningar >/dev/null"
echo "deb.sh: the program runs"
inside "cd /root/in; apt-get install -y -qq --no-install-recommends ./libtolka*_*.deb gcc libc6-dev pkg-config >/dev/null
    cc -o figures /usr/share/doc/libtolka-dev/examples/figures.c \$(pkg-config --cflags --libs tolka)
    ./figures forbund-arsredovisning.pdf | grep 'total_assets  *2013479 SEK' >/dev/null"
echo "deb.sh: a program with the library is built and runs"
inside "apt-get purge -y -qq \$(dpkg-query -W -f '\${Package} ' '*tolka*') >/dev/null 2>&1
    ! find / -xdev -name '*tolka*' -not -path '/root/*' -not -path '/proc/*' -not -path '/var/*' | grep ."
echo "deb.sh: nothing is left of them"
