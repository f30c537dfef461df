#!/bin/sh
# Runs the tests of the core, the engine, the network and the store under one sanitizer: thread or address.
# What the servers and the command line depend on is left out, as it takes long to build.
set -eu
cd "$(dirname "$0")/.."
sanitizer=$1
export VITALS_PARTS=VitalsCore,VitalsEngine,VitalsNet,VitalsStore,VitalsTesting,\
VitalsCoreTests,VitalsEngineTests,VitalsNetTests,VitalsStoreTests,FuzzTests
build="--scratch-path .build/$sanitizer --sanitize $sanitizer"
# The runtime of Swift keeps a few bytes for ever.
export ASAN_OPTIONS=detect_leaks=0 TSAN_OPTIONS=halt_on_error=1 SWIFT_BACKTRACE=enable=no
echo "== the $sanitizer sanitizer"
# shellcheck disable=SC2086 # four words
swift build $build --build-tests
# shellcheck disable=SC2086
swift test $build --skip-build --disable-xctest
