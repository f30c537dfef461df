#!/usr/bin/env bash
# Runs the tests that were built. What failed is said once more at the end, where thousands of lines of what
# passed do not hide it. Up to three that failed are run again, alone: what passes then failed for want of a
# quiet machine, is named for somebody to mend, and does not hold everything else up. A crash does.
set -uo pipefail
cd "$(dirname "$0")/.."
log=.build/test.log
results=.build/test.xml
rm -f "$results"
swift test --skip-build --disable-xctest --xunit-output "$results" "$@" 2>&1 | tee "$log"
status=$?
[ "$status" -ne 0 ] || exit 0

echo
echo "== what failed, once more; all of it is in $log"
grep -aE '^ *(✘|↳)|[Ff]atal error|^error:|unexpected signal' "$log" | tail -n 100
# A test without a failure is one closed element: <testcase classname="Target.Suite" name="test(_:)" ... />
mapfile -t failed < <(sed -nE 's|.*<testcase classname="([^"]+)" name="([^"(]+).*[^/]>.*|\1/\2|p' "$results" 2>/dev/null)
((${#failed[@]} > 0 && ${#failed[@]} <= 3)) || exit "$status"
for name in "${failed[@]}"; do
    echo
    echo "== again, alone: $name"
    again=$(swift test --skip-build --disable-xctest --filter "^${name//./\\.}\\(" 2>&1)
    passed=$?
    tail -n 40 <<<"$again"
    ((passed == 0)) && grep -q 'Test run with [1-9]' <<<"$again" || exit "$status"
done
echo
echo "== passed, but only when run again: ${failed[*]}"
