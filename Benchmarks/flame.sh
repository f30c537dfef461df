#!/usr/bin/env bash
# Draws where the release build spends its time under a load, into docs/: perf must be there (linux-perf).
# usage: flame.sh PID SECONDS TITLE FILE.svg
set -euo pipefail
if (($# != 4)); then
    echo "usage: $0 PID SECONDS TITLE FILE.svg" >&2
    exit 64
fi
data=$(mktemp)
trap 'rm -f "$data"' EXIT
perf record --quiet --freq 1999 --call-graph fp --output "$data" --pid "$1" -- sleep "$2"
perf script --input "$data" 2>/dev/null | swift demangle --simplified |
    "$(dirname "$0")/flame.py" "$3" >"$4"
