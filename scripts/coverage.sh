#!/bin/sh
# The share of lines that the tests reach, of the core and of what reads bytes and texts from outside, with the
# files where some are missed. Fails below 98 % of the core and 95 % of the codecs.
set -eu
cd "$(dirname "$0")/.."
export VITALS_PARTS=VitalsCore,VitalsEngine,CProcess,CSQLite,VitalsNet,VitalsStore,VitalsTesting,\
VitalsCoreTests,VitalsEngineTests,VitalsNetTests,VitalsStoreTests,FuzzTests
build="--scratch-path .build/coverage"
# shellcheck disable=SC2086 # two words
swift build $build --build-tests --enable-code-coverage
# shellcheck disable=SC2086
swift test $build --skip-build --disable-xctest --enable-code-coverage

net=Sources/VitalsNet
postgres=$net/Probes/Postgres
core=$(find Sources/VitalsCore -name '*.swift')
codecs=$(
    ls $postgres/PostgresMessage*.swift $postgres/PostgresFrontend.swift $postgres/PostgresDialogue*.swift \
        $postgres/PostgresDSN*.swift $postgres/PostgresCause.swift $postgres/PostgresServerIdentity.swift \
        $postgres/ScramExchange.swift $postgres/ScramKeys.swift $postgres/SASLprep.swift \
        $net/Probes/MySQL/MySQLPacketDecoder.swift $net/Probes/MySQL/MySQL[GLRS]*.swift \
        $net/Probes/MySQL/MySQLDSN*.swift $net/Probes/MySQL/MySQLDialogue*.swift $net/Probes/MySQL/MySQLCause.swift \
        $net/Probes/MySQL/MySQLFrontend.swift $net/Probes/MySQL/ByteBuffer+LengthEncoded.swift \
        $net/Probes/SQLServer/TDS/TDS[CFPT]*.swift $net/Probes/SQLServer/DSN/*.swift $net/Probes/SQLServer/SQLServerCause.swift \
        $net/Probes/SQLServer/Questions/SQLServerReadingStatement.swift \
        $net/Connection/ForeignPeer.swift $net/Probes/HostAndPort.swift $net/Probes/SQLite/SQLiteDSN.swift $net/Probes/Exec/CommandText.swift $net/DSN/*.swift \
        $net/HTTP/HTTPResponse*.swift $net/HTTP/HTTPDialogue.swift $net/HTTP/HTTPRequest.swift \
        $net/HTTP/HTTPURL.swift $net/HTTP/RetryAfter.swift $net/Resolver/DNSReader*.swift \
        $net/Resolver/DNSQuestion.swift $net/Resolver/DNSReply.swift $net/Resolver/DNSAnswer.swift \
        $net/Resolver/DNSKind.swift $net/Resolver/DNSText.swift $net/Resolver/HostName.swift \
        $net/Resolver/*File.swift $net/Probes/DNS/DNS[A-OQ-Z]*.swift $net/Probes/DNS/DNSProbeSettings.swift \
        $net/Probes/ICMP/EchoMessage.swift $net/Probes/ICMP/EchoDialogue.swift \
        Sources/VitalsStore/Packing/*.swift Sources/VitalsStore/Spool/PackedResult.swift
)

# Debian's llvm-cov, which may come first in PATH, does not read what this compiler writes.
tools=$(swiftc -print-target-info | sed -n 's|.*"runtimeResourcePath": "\(.*\)/lib/swift".*|\1/bin|p')

# check NAME PERCENT FILE...
check() {
    name=$1
    wanted=$2
    shift 2
    "$tools/llvm-cov" report .build/coverage/debug/vitalsPackageTests.xctest "$@" \
        -instr-profile .build/coverage/debug/codecov/default.profdata |
        awk -v name="$name" -v wanted="$wanted" '
            # Name, then total, missed and share of regions, functions and lines.
            /\.swift / && $9 > 0 { printf "  %7s of %4d lines, %3d missed  %s\n", $10, $8, $9, $1 }
            $1 == "TOTAL" {
                share = 100 * (1 - $9 / $8)
                printf "%s: %.2f %% of %d lines; wanted are %d %%\n", name, share, $8, wanted
                low = share < wanted
            }
            END { exit low }'
}

failed=0
# shellcheck disable=SC2086 # one file a word
check VitalsCore 98 $core || failed=1
# shellcheck disable=SC2086
check "the codecs" 95 $codecs || failed=1
exit $failed
