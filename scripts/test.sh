#!/usr/bin/env bash
# Runs the tests that were built. What failed is said once more at the end, where thousands of lines of what
# passed do not hide it.
set -uo pipefail
cd "$(dirname "$0")/.."
log=.build/test.log
swift test --skip-build --disable-xctest "$@" 2>&1 | tee "$log"
status=$?
if [ "$status" -ne 0 ]; then
    echo
    echo "== what failed, once more; all of it is in $log"
    grep -aE '^ *(✘|↳)|[Ff]atal error|^error:|unexpected signal' "$log" | tail -n 100
fi
exit "$status"
