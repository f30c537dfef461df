#!/bin/bash
# Breaks the engine on purpose, one fault of Tests/SimulationTests/Faults after the other, and runs the
# simulator, which must notice each of them. A copy is broken, never the sources themselves.
#
# usage: scripts/sim-faults.sh [fault...]
set -euo pipefail
cd "$(dirname "$0")/.."

home=$PWD/.build/sim-faults
tree=$home/tree
# Most are noticed by the first few; what is not has to get past many more.
few=${FEW:-8}
seeds=${SEEDS:-100}
export VITALS_PARTS=VitalsCore,VitalsEngine,VitalsTesting,SimulationTests

# Copies what differs, so that whatever was built for it before is built no more.
mkdir -p "$tree/Sources" "$tree/Tests"
copy() {
    mkdir -p "$tree/$1"
    (cd "$1" && find . -type f -print0) | while IFS= read -r -d '' file; do
        cmp --silent "$1/$file" "$tree/$1/$file" || install -D -m 644 "$1/$file" "$tree/$1/$file"
    done
    (cd "$tree/$1" && find . -type f -print0) | while IFS= read -r -d '' file; do
        [ -e "$1/$file" ] || rm "$tree/$1/$file"
    done
}
for part in Sources/{CSQLite,CZlib,VitalsCore,VitalsEngine,VitalsTesting} Tests/SimulationTests; do copy "$part"; done
cmp --silent Package.swift "$tree/Package.swift" || cp Package.swift "$tree/"
if [ -e Package.resolved ]; then cp Package.resolved "$tree/"; fi

build() {
    swift build --build-tests --package-path "$tree" --scratch-path "$home/build" >"$home/build.log" 2>&1
}

simulate() {
    SIM_SEEDS=$1 timeout --kill-after=5 "${LIMIT:-120}" \
        swift test --skip-build --disable-xctest --package-path "$tree" --scratch-path "$home/build" \
        --filter SimulationTests.SimulationTests >"$home/run.log" 2>&1
}

build || { tail -20 "$home/build.log"; exit 1; }
simulate "$few" || { tail -20 "$home/run.log"; echo "the simulator fails without any fault"; exit 1; }

survivors=0
faults=("$@")
[ ${#faults[@]} -gt 0 ] || faults=(Tests/SimulationTests/Faults/*.fault)
for fault in "${faults[@]}"; do
    name=$(basename "$fault" .fault)
    path=$(sed -n 2p "$fault")
    # The dot keeps the last line's end, which the shell would cut off.
    text=$(cat "$tree/$path" && echo .)
    old=$(sed '1,/^--- old$/d; /^--- new$/,$d' "$fault")
    new=$(sed '1,/^--- new$/d' "$fault")
    broken=${text/"$old"/"$new"}
    [ "$broken" != "$text" ] || { echo "$name: its old text is not in $path"; exit 1; }
    printf '%s' "${broken%.}" >"$tree/$path"
    if ! build; then
        echo "$name: does not compile"
        grep -m 3 'error:' "$home/build.log" || true
        survivors=$((survivors + 1))
    elif simulate "$few" && simulate "$seeds"; then
        echo "$name: SURVIVED"
        survivors=$((survivors + 1))
    else
        caught=$(grep -o -m 1 'not so: .*' "$home/run.log" || echo "it stopped or ran away")
        echo "$name: caught ($caught)"
    fi
    cp "$path" "$tree/$path"
done
[ "$survivors" = 0 ] || { echo "$survivors of ${#faults[@]} faults were not noticed"; exit 1; }
echo "all ${#faults[@]} faults were noticed"
