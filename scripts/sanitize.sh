#!/bin/sh
# Runs the tests of the core, the engine, the network and the store under one sanitizer: thread or address.
# What the servers and the command line depend on is left out, as it takes long to build.
set -eu
cd "$(dirname "$0")/.."
sanitizer=$1
export VITALS_PARTS=VitalsCore,VitalsEngine,CProcess,CSQLite,VitalsNet,VitalsStore,VitalsTesting,\
VitalsCoreTests,VitalsEngineTests,VitalsNetTests,VitalsStoreTests,FuzzTests
build="--scratch-path .build/$sanitizer --sanitize $sanitizer"
# clang and the symbolizer come with Swift; Debian's need not be there, or not fit.
tools=$(swiftc -print-target-info | sed -n 's|.*"runtimeResourcePath": "\(.*\)/lib/swift".*|\1/bin|p')
symbolizer=external_symbolizer_path=$tools/llvm-symbolizer
# The runtime of Swift keeps a few bytes for ever.
export ASAN_OPTIONS="detect_leaks=0:$symbolizer" TSAN_OPTIONS="halt_on_error=1:$symbolizer"
export SWIFT_BACKTRACE=enable=no
echo "== the $sanitizer sanitizer"
# shellcheck disable=SC2086 # four words
swift build $build --build-tests
if [ "$sanitizer" = thread ]; then
    # It shows the sanitizer what it does not see of a Mutex that is waited for.
    "$tools/clang" -O1 -Wall -shared -fPIC -o .build/thread/tsan-mutex.so scripts/tsan-mutex.c
    export LD_PRELOAD="$PWD/.build/thread/tsan-mutex.so"
fi
# shellcheck disable=SC2086
swift test $build --skip-build --disable-xctest
