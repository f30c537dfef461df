/// What each target may import at all. Imports go down only; the three adapters never see each other; each
/// outside dependency belongs to one target.
struct ImportRule: Rule {
    let name = "imports"

    /// Part of the toolchain: allowed wherever it is listed, without being anyone's own.
    static let toolchain: Set<String> = ["Foundation", "FoundationEssentials", "Glibc", "Synchronization"]

    static let allowed: [String: Set<String>] = [
        "VitalsCore": [],
        "VitalsEngine": [
            "VitalsCore", "Logging", "ServiceLifecycle", "Yams", "FoundationEssentials", "Glibc",
            "Synchronization",
        ],
        "CProcess": [],
        "CSQLite": [],
        "CZlib": [],
        "VitalsNet": [
            "VitalsCore", "VitalsEngine", "CProcess", "CSQLite", "CZlib", "NIOCore", "NIOPosix", "NIOTLS",
            "NIOSSL", "NIOHPACK",
            "Crypto",
            "CryptoExtras", "SwiftASN1", "Foundation", "FoundationEssentials", "Glibc", "Synchronization",
        ],
        "VitalsStore": [
            "VitalsCore", "VitalsEngine", "GRDB", "Foundation", "FoundationEssentials", "Glibc",
            "Synchronization",
        ],
        "VitalsServer": [
            "VitalsCore", "VitalsEngine", "Hummingbird", "HummingbirdCore", "NIOCore", "NIOSSL",
            "Logging", "ServiceLifecycle", "Glibc", "Synchronization",
        ],
        "VitalsTesting": [
            "VitalsCore", "VitalsEngine", "Foundation", "FoundationEssentials", "Glibc", "Synchronization",
        ],
        "vitals": [
            "VitalsCore", "VitalsEngine", "VitalsNet", "VitalsStore", "VitalsServer", "ArgumentParser",
            "Logging", "ServiceLifecycle", "UnixSignals", "FoundationEssentials", "Glibc",
            "Synchronization",
        ],
    ]

    /// Outside dependencies that more than one target imports, and why.
    static let shared: [String: String] = [
        "Logging": "whatever logs names the logger",
        "ServiceLifecycle": "whatever runs is a service",
        "NIOCore": "the server's bodies are byte buffers",
        "NIOSSL": "the server shows a certificate",
    ]

    /// Modules that only one folder of their target may import.
    static let confined: [String: String] = [
        "Yams": "Sources/VitalsEngine/Configuration/"
    ]

    func findings(in file: SourceFile) -> [(line: Int, message: String)] {
        imports(of: file).compactMap { line, module in
            if file.isTest {
                return module == "XCTest" ? (line, "tests are written with Swift Testing, not XCTest") : nil
            }
            guard Self.allowed[file.target, default: []].contains(module) else {
                return (line, "\(file.target) may not import \(module); the table is in ImportRule.swift")
            }
            if let folder = Self.confined[module], !file.path.hasPrefix(folder) {
                return (line, "only \(folder) may import \(module)")
            }
            return nil
        }
    }

    private func imports(of file: SourceFile) -> [(line: Int, module: String)] {
        file.code.enumerated().compactMap { index, line in
            let words = line.split(whereSeparator: { $0 == " " || $0 == "." }).map(String.init)
            guard let keyword = words.firstIndex(of: "import"), keyword + 1 < words.count,
                words[..<keyword].allSatisfy({ $0.hasPrefix("@") || Self.modifiers.contains($0) })
            else { return nil }
            let rest = words[(keyword + 1)...].filter { !Self.kinds.contains($0) }
            return rest.first.map { (index + 1, $0) }
        }
    }

    private static let modifiers: Set<String> = ["package", "internal", "private", "fileprivate", "public"]
    private static let kinds: Set<String> = ["struct", "class", "enum", "protocol", "func", "var", "let"]
}
