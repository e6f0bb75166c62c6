#!/bin/sh
# fresh.sh [OPTIONS] [COMMAND...]: runs `make demo` and `make check` (or COMMANDs) in a bare Debian 12, with only git and make
# added, on a clean clone of HEAD. Needs root and debootstrap. Packages come from where the host's apt takes them.
#   --base FOLDER   keep the bare system there, and use it again if it is there already
#   --keep          leave the system that the commands ran in, and say where
set -eu

usage() { sed -n '2,5s/^# *//p' "$0" >&2; exit 2; }

base=
keep=
while [ $# -gt 0 ]; do
    case $1 in
    --base) [ $# -gt 1 ] || usage; base=$2; shift 2 ;;
    --keep) keep=1; shift ;;
    -*) usage ;;
    *) break ;;
    esac
done
[ $# -gt 0 ] || set -- "make demo" "make check"
[ "$(id -u)" -eq 0 ] || { echo "fresh.sh: needs root, for chroot" >&2; exit 2; }
command -v debootstrap >/dev/null || { echo "fresh.sh: debootstrap is missing" >&2; exit 2; }

here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/tolka-fresh.XXXXXX")
root=$work/root

unmount() {
    for place in dev/shm dev/pts dev proc; do
        if mountpoint -q "$1/$place"; then umount -l "$1/$place"; fi
    done
}

finish() {
    status=$?
    trap - EXIT INT TERM
    unmount "$root"
    # Never delete through a mount that would not go.
    if grep -q " $work/" /proc/mounts; then echo "fresh.sh: still mounted below $work, left as it is" >&2
    elif [ -n "$keep" ]; then echo "fresh.sh: the system is in $root"
    else rm -rf "$work"; fi
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The first archive of the host's apt for bookworm itself.
mirror() {
    cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
        sed -n 's/^deb \(\[[^]]*\] \)\{0,1\}\([^ ]*\) bookworm .*/\2/p' | head -1
    cat /etc/apt/sources.list.d/*.sources 2>/dev/null | awk '
        function tell() { if (suites ~ /(^| )bookworm( |$)/ && uri) print uri; uri = suites = "" }
        /^URIs:/ { uri = $2 } /^Suites:/ { sub(/^Suites: */, ""); suites = $0 } /^$/ { tell() } END { tell() }'
}

# What lets apt in the new system reach what the host's reaches: sources, settings, keys, certificates, name service.
take_settings() {
    target=$1
    rm -rf "$target/etc/apt/sources.list" "$target/etc/apt/sources.list.d"
    for part in /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/apt.conf /etc/apt/apt.conf.d /etc/apt/preferences.d \
        /etc/apt/trusted.gpg /etc/apt/trusted.gpg.d /etc/apt/keyrings /usr/share/keyrings /etc/ssl/certs /etc/resolv.conf /etc/hosts; do
        # The old one goes first: a link in it, followed from here, would point into the host.
        if [ -e "$part" ]; then rm -rf "${target:?}$part"; mkdir -p "$target$(dirname "$part")"; cp -aLT "$part" "$target$part"; fi
    done
    # Hooks that call programs the bare system does not have.
    grep -lE '^(DPkg|APT)::[A-Za-z-]*(Invoke|Pre-Install)' "$target"/etc/apt/apt.conf.d/* 2>/dev/null | xargs -r rm -f
}

inside() {
    chroot "$1" /usr/bin/env -i HOME=/root TERM=dumb LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} ${no_proxy:+no_proxy="$no_proxy"} \
        sh -c "$2"
}

mount_into() {
    mount -t proc proc "$1/proc"
    mount --bind /dev "$1/dev"
    mount -t devpts devpts "$1/dev/pts" 2>/dev/null || mount --bind /dev/pts "$1/dev/pts"
    mount -t tmpfs tmpfs "$1/dev/shm" 2>/dev/null || true
}

bootstrap() {
    from=$(mirror | head -1)
    [ -n "$from" ] || { echo "fresh.sh: the host's apt names no archive for bookworm" >&2; exit 2; }
    echo "fresh.sh: making a bare Debian 12"
    # debootstrap does not read apt's proxy; wget, which it uses, reads the environment.
    proxy=$(apt-config dump Acquire::http::Proxy --format '%v' 2>/dev/null || true)
    case $proxy in ''|DIRECT) ;; *) export http_proxy="${http_proxy:-$proxy}" https_proxy="${https_proxy:-$proxy}" ;; esac
    debootstrap --variant=minbase --include=ca-certificates bookworm "$1" "$from" >"$work/debootstrap.log" 2>&1 ||
        { tail -5 "$work/debootstrap.log" >&2; exit 1; }
    take_settings "$1"
    inside "$1" "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends git make >/dev/null"
    inside "$1" "apt-get clean"
}

if [ -n "$base" ] && [ -e "$base/usr/bin/make" ]; then
    cp -a "$base" "$root"
else
    bootstrap "$root"
    if [ -n "$base" ]; then mkdir -p "$(dirname "$base")"; cp -a "$root" "$base"; fi
fi
take_settings "$root"
mount_into "$root"
git clone -q --no-hardlinks "$here" "$root/root/tolka"

for command in "$@"; do
    echo "fresh.sh: $command"
    start=$(date +%s)
    inside "$root" "cd /root/tolka && $command" || { status=$?; echo "fresh.sh: $command: exit status $status" >&2; exit "$status"; }
    echo "fresh.sh: $command: done in $(($(date +%s) - start)) s"
done
