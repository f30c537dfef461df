#!/usr/bin/env bash
# Builds what is handed to others, into .build/dist: one stripped binary with the Swift runtime, SQLite and zlib in
# it, and of it a tarball and a .deb. `dist.sh --packages` leaves the binary there as it is.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

dist=.build/dist
machine=$(uname -m)
epoch=$(git log -1 --format=%ct 2>/dev/null || date +%s)
export SOURCE_DATE_EPOCH=$epoch

# The linker takes what it finds first: a folder where there are archives alone. SwiftPM says where it looks, and
# that as pkg-config has it.
archives() {
    local library path folder=$PWD/$dist/archives
    rm -rf "$folder"
    mkdir -p "$folder"
    for library in sqlite3 z; do
        path=$(gcc -print-file-name="lib$library.a")
        [[ $path == /* ]] || { echo "dist.sh: there is no lib$library.a" >&2; exit 1; }
        ln -s "$path" "$folder/"
    done
    for library in sqlite3 zlib; do
        pkg-config --print-errors --exists "$library"
        sed "s|^libdir=.*|libdir=$folder|" "$(pkg-config --variable=pcfiledir "$library")/$library.pc" \
            >"$folder/$library.pc"
    done
    export PKG_CONFIG_PATH=$folder
}

binary() {
    mkdir -p "$dist"
    archives
    swift build --configuration release --static-swift-stdlib --product vitals \
        -Xlinker "-L$PWD/$dist/archives"
    strip --strip-all -o "$dist/vitals" .build/release/vitals
}

# Whatever it wants beyond these a system may not have. The C++ library stays outside: Debian's archive of it asks
# for a newer glibc than all the rest.
check_libraries() {
    local others
    others=$(objdump --private-headers "$dist/vitals" | awk '$1 == "NEEDED" { print $2 }' |
        grep -vxE 'libc\.so\.6|libm\.so\.6|libgcc_s\.so\.1|libstdc\+\+\.so\.6|ld-linux-.*' || true)
    [[ -z $others ]] || { echo "dist.sh: the binary wants more than libc: $others" >&2; exit 1; }
}

# The newest version of glibc that it asks for.
glibc() {
    objdump --dynamic-syms "$dist/vitals" | grep -oE 'GLIBC_[0-9.]+' | sort -uV | tail -1 | cut -d_ -f2
}

# What both packages hold, under a folder.
tree() {
    local root=$1 binary=$PWD/$dist/vitals
    rm -rf "$root"
    install -D --mode=755 "$binary" "$root/usr/bin/vitals"
    install -d "$root/usr/share/man/man1" "$root/usr/share/doc/vitals"
    "$binary" man | gzip -9 --no-name >"$root/usr/share/man/man1/vitals.1.gz"
    completion bash "$root/usr/share/bash-completion/completions/vitals"
    completion zsh "$root/usr/share/zsh/vendor-completions/_vitals"
    completion fish "$root/usr/share/fish/vendor_completions.d/vitals.fish"
    install -D --mode=644 deploy/systemd/vitals.service "$root/lib/systemd/system/vitals.service"
    install -D --mode=644 deploy/vitals.yaml "$root/etc/vitals/vitals.yaml"
    install --mode=644 README.md deploy/prometheus/rules.yml deploy/grafana/databases.json \
        "$root/usr/share/doc/vitals"
}

completion() {
    install -d "$(dirname "$2")"
    "$PWD/$dist/vitals" --generate-completion-script "$1" >"$2"
}

tarball() {
    local name=vitals-$version-linux-$machine
    tree "$dist/$name"
    tar --create --sort=name --mtime="@$epoch" --owner=0 --group=0 --numeric-owner --directory "$dist" "$name" |
        gzip --no-name >"$dist/$name.tar.gz"
    rm -rf "${dist:?}/$name"
    echo "$dist/$name.tar.gz"
}

deb() {
    local architecture root=$dist/deb
    architecture=$(dpkg --print-architecture)
    tree "$root"
    install -d "$root/DEBIAN"
    echo /etc/vitals/vitals.yaml >"$root/DEBIAN/conffiles"
    cat >"$root/DEBIAN/control" <<CONTROL
Package: vitals
Version: $version
Architecture: $architecture
Maintainer: $(git log -1 --format='%an <%ae>' 2>/dev/null || echo 'Vitals <root@localhost>')
Section: net
Priority: optional
Installed-Size: $(du --summarize --block-size=1024 --exclude=DEBIAN "$root" | cut -f1)
Depends: libc6 (>= $(glibc)), libgcc-s1, libstdc++6 (>= 12), ca-certificates, tzdata
Description: watches databases and the services around them
 Probes databases, web services, certificates, names and programs exactly on time, keeps every run, says what
 failed and in which phase, and tells people once when something goes down and once when it is back.
CONTROL
    find "$root" -exec touch --no-dereference --date="@$epoch" {} +
    dpkg-deb --root-owner-group -Zxz -z2 --build "$root" "$dist/vitals_${version}_$architecture.deb" >/dev/null
    rm -rf "${root:?}"
    echo "$dist/vitals_${version}_$architecture.deb"
}

[[ ${1:-} == --packages ]] || binary
check_libraries
version=$("$dist/vitals" --version)
tarball
if command -v dpkg-deb >/dev/null; then deb; fi
echo "wants glibc $(glibc) or newer"
