#!/bin/sh
# Feeds each decoder of Fuzz/ with inputs made up by libFuzzer, beginning with its corpus, and fails when one
# crashes, hangs or breaks a promise. The input is then in Fuzz/Crashes; mended, it belongs into the corpus,
# where `make test` feeds it again.
#
#   scripts/fuzz.sh SECONDS [TARGET]...
set -eu
cd "$(dirname "$0")/.."
seconds=$1
shift
targets=${*:-$(ls Fuzz/Corpus)}

resources=$(swiftc -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')
fuzzer="$resources/clang/lib/linux/libclang_rt.fuzzer_no_main-$(uname -m).a"
export VITALS_PARTS=VitalsCore,VitalsEngine,CProcess,CSQLite,VitalsNet,VitalsStore,CFuzzer,fuzz
swift build --scratch-path .build/address --sanitize address --product fuzz -Xlinker "$fuzzer" -Xlinker -lstdc++

# The backtracer of Swift keeps a crashed fuzzer from ending.
symbolizer=${resources%/lib/swift}/bin/llvm-symbolizer
export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS="detect_leaks=0:external_symbolizer_path=$symbolizer"
mkdir -p Fuzz/Crashes
failed=0
for target in $targets; do
    found=.build/fuzz/$target
    mkdir -p "$found"
    log=.build/fuzz/$target.log
    echo "== $target"
    if FUZZ_TARGET=$target .build/address/debug/fuzz "$found" "Fuzz/Corpus/$target" \
        -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="Fuzz/Crashes/$target-" </dev/null >"$log" 2>&1
    then
        grep -E 'number_of_executed_units|average_exec_per_sec' "$log"
        grep -E 'cov: ' "$log" | tail -n 1
    else
        grep -E 'a promise is broken|Fatal error|ERROR|SUMMARY|Test unit written' "$log" || tail -n 20 "$log"
        failed=1
    fi
done
exit $failed
