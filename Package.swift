// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "vitals",
    products: [
        .executable(name: "vitals", targets: ["vitals"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .target(name: "VitalsCore"),
        .target(name: "VitalsEngine", dependencies: ["VitalsCore", .logging, .lifecycle, .yams]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .target(name: "CProcess"),
        .target(
            name: "VitalsNet",
            dependencies: [
                "VitalsCore", "VitalsEngine", "CProcess", "CSQLite", "CZlib", .nioCore, .nioPosix, .nioTLS,
                .nioSSL, .nioHPACK,
                .crypto, .cryptoExtras, .asn1,
            ]
        ),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "VitalsStore", dependencies: ["VitalsCore", "VitalsEngine", .grdb]),
        .target(
            name: "VitalsServer",
            dependencies: [
                "VitalsCore", "VitalsEngine", .hummingbird, .hummingbirdCore, .nioCore, .nioSSL, .logging,
                .lifecycle,
            ]
        ),
        .executableTarget(
            name: "vitals",
            dependencies: [
                "VitalsCore", "VitalsEngine", "VitalsNet", "VitalsStore", "VitalsServer",
                .arguments, .logging, .lifecycle, .unixSignals,
            ]
        ),
        .target(name: "VitalsTesting", dependencies: ["VitalsCore", "VitalsEngine"]),
        .testTarget(name: "VitalsCoreTests", dependencies: ["VitalsCore", "VitalsTesting"]),
        .testTarget(
            name: "VitalsEngineTests",
            dependencies: ["VitalsEngine", "VitalsCore", "VitalsTesting", .logging]
        ),
        .testTarget(
            name: "VitalsNetTests",
            dependencies: [
                "VitalsNet", "VitalsEngine", "VitalsCore", "VitalsTesting", "CSQLite", .nioCore, .nioPosix,
                .nioSSL,
                .crypto, .cryptoExtras,
            ]
        ),
        .testTarget(
            name: "VitalsStoreTests",
            dependencies: ["VitalsStore", "VitalsEngine", "VitalsCore", "VitalsTesting", .grdb]
        ),
        .testTarget(
            name: "VitalsServerTests",
            dependencies: [
                "VitalsServer", "VitalsEngine", "VitalsCore", "VitalsTesting", .nioCore, .nioPosix, .nioSSL,
                .logging, .lifecycle,
            ]
        ),
        .testTarget(
            name: "SystemTests",
            dependencies: ["vitals", "VitalsTesting", "VitalsEngine", "VitalsCore", .crypto]
        ),
        .testTarget(
            name: "SimulationTests", dependencies: ["VitalsEngine", "VitalsCore", "VitalsTesting"],
            exclude: ["Faults"]
        ),
        .testTarget(
            name: "FuzzTests",
            dependencies: ["VitalsNet", "VitalsStore", "VitalsEngine", "VitalsCore", .nioCore],
            path: "Fuzz/Sources", exclude: ["Runner"]
        ),
        .testTarget(name: "TidyTests"),
    ]
)

// A build that needs only some targets names them, so that nothing is built for the others. The fuzzer is
// there only when it is named: it shares its sources with FuzzTests.
let parts = Context.environment["VITALS_PARTS"]?.split(separator: ",").map(String.init)
let isFuzzing = parts?.contains("fuzz") ?? false
if isFuzzing {
    package.targets += [
        .target(name: "CFuzzer", path: "Fuzz/CFuzzer"),
        .executableTarget(
            name: "fuzz",
            dependencies: ["VitalsNet", "VitalsStore", "VitalsEngine", "VitalsCore", "CFuzzer", .nioCore],
            path: "Fuzz/Sources", exclude: ["Replay"],
            linkerSettings: [.unsafeFlags(["-use-ld=lld"])]
        ),
    ]
}
if let parts {
    package.targets.removeAll { !parts.contains($0.name) && $0.type != .system }
    package.products.removeAll { !parts.contains($0.name) }
}

for target in package.targets
where !["CFuzzer", "CProcess"].contains(target.name) && target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .treatAllWarnings(as: .error),
    ]
    if isFuzzing { target.swiftSettings?.append(.unsafeFlags(["-sanitize=fuzzer", "-O"])) }
}

extension Target.Dependency {
    static let arguments = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let asn1 = product(name: "SwiftASN1", package: "swift-asn1")
    static let crypto = product(name: "Crypto", package: "swift-crypto")
    static let cryptoExtras = product(name: "CryptoExtras", package: "swift-crypto")
    static let grdb = product(name: "GRDB", package: "GRDB.swift")
    static let hummingbird = product(name: "Hummingbird", package: "hummingbird")
    static let hummingbirdCore = product(name: "HummingbirdCore", package: "hummingbird")
    static let lifecycle = product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let logging = product(name: "Logging", package: "swift-log")
    static let nioCore = product(name: "NIOCore", package: "swift-nio")
    static let nioHPACK = product(name: "NIOHPACK", package: "swift-nio-http2")
    static let nioPosix = product(name: "NIOPosix", package: "swift-nio")
    static let nioSSL = product(name: "NIOSSL", package: "swift-nio-ssl")
    static let nioTLS = product(name: "NIOTLS", package: "swift-nio")
    static let unixSignals = product(name: "UnixSignals", package: "swift-service-lifecycle")
    static let yams = product(name: "Yams", package: "Yams")
}
