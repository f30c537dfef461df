#!/usr/bin/env bash
# Installs the .deb that `make dist` made in a bare Debian 12, made for that, and tries it there: it has to start, to
# serve and to probe with nothing but what its package asks for. Needs root (debootstrap, chroot), and a mirror of
# Debian; everything that it asks is on the loopback.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
PATH="$PATH:/usr/sbin:/sbin"

package=$(find .build/dist -maxdepth 1 -name 'vitals_*.deb' -print -quit 2>/dev/null || true)
[[ -n $package ]] || { echo "try-dist.sh: there is no .deb; make dist makes it" >&2; exit 1; }
[[ $(id -u) -eq 0 ]] || { echo "try-dist.sh: needs root" >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "try-dist.sh: needs debootstrap" >&2; exit 1; }

root=$(mktemp --directory)
server=
clean_up() {
    [[ -z $server ]] || kill "$server" 2>/dev/null || true
    mountpoint --quiet "$root/proc" && umount "$root/proc"
    rm -rf --one-file-system "$root"
}
trap clean_up EXIT

echo "making a bare Debian 12 ..."
debootstrap --variant=minbase --include=ca-certificates,libstdc++6,tzdata bookworm "$root" \
    "${DEBIAN_MIRROR:-http://deb.debian.org/debian}" >"$root.log" 2>&1 || { tail -20 "$root.log"; exit 1; }
rm -f "$root.log"
# Without it a process cannot know of itself what it asks the kernel.
mount -t proc proc "$root/proc"

expect() {
    local what=$1 status=$2 found=0
    shift 2
    chroot "$root" "$@" >"$root/tmp/output" 2>&1 || found=$?
    if [[ $found -ne $status ]]; then
        cat "$root/tmp/output"
        echo "FAILED: $what ended with $found, not with $status" >&2
        exit 1
    fi
    echo "ok: $what"
}

cp "$package" "$root/tmp/vitals.deb"
expect "installing the package" 0 dpkg --install /tmp/vitals.deb
expect "vitals --version" 0 vitals --version
chroot "$root" ldd /usr/bin/vitals | tee "$root/tmp/libraries"
if grep -qE 'libsqlite3|libz|libswift|not found' "$root/tmp/libraries"; then
    echo "FAILED: it wants libraries that it should bring" >&2
    exit 1
fi
expect "the configuration that it comes with" 0 vitals config validate --config /etc/vitals/vitals.yaml
expect "a port where nobody listens: failed" 2 vitals check tcp://127.0.0.1:1
expect "a database file that is not there" 3 vitals check sqlite:////tmp/none.db
expect "wrapped around a program" 7 vitals wrap --export-prom 127.0.0.1:0 -- sh -c 'exit 7'

port=$((20000 + RANDOM % 10000))
chroot "$root" vitals serve --data /tmp/data --listen "127.0.0.1:$port" >"$root/tmp/serve.log" 2>&1 &
server=$!
for _ in $(seq 100); do
    curl --silent --fail --output /dev/null "http://127.0.0.1:$port/readyz" && break
    sleep 0.2
done
curl --silent --fail "http://127.0.0.1:$port/health" || { cat "$root/tmp/serve.log"; exit 1; }
echo
expect "the store that the server made is a database" 0 vitals check sqlite:////tmp/data/vitals.db
expect "the server, asked by its own probe" 0 vitals check "http://127.0.0.1:$port/readyz"
kill -TERM "$server"
wait "$server" || { echo "FAILED: the server did not end with 0" >&2; exit 1; }
server=
echo "ok: the server served, and stopped"
expect "removing the package" 0 dpkg --remove vitals
