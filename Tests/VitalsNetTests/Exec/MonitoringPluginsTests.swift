import Glibc
import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

/// The plugins of Debian, as they are installed.
enum Plugins {
    static let folder = "/usr/lib/nagios/plugins"

    static let all: [String] = {
        guard let folder = opendir(folder) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            // The others are read by the plugins, and are none.
            if name.hasPrefix("check_") || name == "negate" || name == "urlize" { names.append(name) }
        }
        return names.sorted()
    }()
}

@Suite("Every plugin of Debian's monitoring-plugins")
struct MonitoringPluginsTests {
    private let harness: ExecHarness

    init() throws {
        harness = try ExecHarness()
    }

    private func run(_ plugin: String, _ arguments: String...) async throws -> ProbeResult {
        let words = ["\(Plugins.folder)/\(plugin)"] + arguments
        return try await harness.run(words.map { TargetText($0) })
    }

    @Test("is there")
    func installed() {
        #expect(Plugins.all.count > 40)
        #expect(Plugins.all.contains("check_pgsql"))
    }

    @Test("runs as an exec check", arguments: Plugins.all)
    func runs(plugin: String) async throws {
        for flag in ["--help", "-V"] {
            let result = try await run(plugin, flag)
            // By their guidelines help is UNKNOWN; older ones say OK.
            #expect(["pass", "internal in request (UNKNOWN)"].contains(result.verdict), "\(flag): \(result)")
            guard case .text(let output) = result.facts[.output] else {
                Issue.record("\(plugin) \(flag) says nothing: \(result)")
                continue
            }
            #expect(!output.isEmpty)
        }
    }

    @Test(
        "tells its state",
        arguments: [
            ("0", "pass", "OK: said"), ("1", "condition_warn in request (WARNING)", "WARNING: said"),
            ("2", "condition in request (CRITICAL)", "CRITICAL: said"),
            ("3", "internal in request (UNKNOWN)", "the plugin could not tell: UNKNOWN: said"),
        ])
    func dummy(state: String, verdict: String, message: String) async throws {
        let result = try await run("check_dummy", state, "said")
        #expect(result.verdict == verdict)
        #expect(result.fault?.message ?? "OK: said" == message)
    }

    @Test("measures this machine")
    func machine() async throws {
        let load = try await run("check_load", "-w", "1000,1000,1000", "-c", "2000,2000,2000")
        #expect(load.verdict == "pass", "\(load)")
        #expect(load.vitals.map(\.name) == ["load1", "load5", "load15"])
        #expect(load.vitals.allSatisfy { $0.state == .healthy && $0.critical == "2000" })
        let full = try await run("check_disk", "-w", "100%", "-c", "100%", "-p", "/")
        #expect(full.verdict == "condition in request (CRITICAL)", "\(full)")
        let disk = try await run("check_disk", "-w", "0%", "-c", "0%", "-p", "/")
        #expect(disk.vitals.first?.name == "/", "\(disk)")
        let processes = try await run("check_procs", "-w", "1:")
        #expect(processes.verdict == "pass", "\(processes)")
        #expect(processes.vitals.first?.name == "procs")
        let none = try await run("check_procs", "-c", "@0:1000000")
        #expect(none.verdict == "condition in request (CRITICAL)", "\(none)")
    }

    @Test("asks servers")
    func servers() async throws {
        let peer = try await ScriptedPeer(.replyAndClose("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"))
        let tcp = try await run("check_tcp", "-H", "127.0.0.1", "-p", "\(peer.port)")
        #expect(tcp.verdict == "pass", "\(tcp)")
        #expect(tcp.vitals.first?.unit == "s")
        let http = try await run("check_http", "-I", "127.0.0.1", "-p", "\(peer.port)")
        #expect(http.verdict == "pass", "\(http)")
        #expect(http.vitals.map(\.name).contains("size"))
        let refusing = try RefusingPort()
        let refused = try await run("check_tcp", "-H", "127.0.0.1", "-p", "\(refusing.number)")
        #expect(refused.verdict == "condition in request (CRITICAL)", "\(refused)")
    }

    @Test("asks PostgreSQL")
    func postgres() async throws {
        let server = try await PostgresServer(access: "host all all 127.0.0.1/32 trust")
        try await server.start()
        let result = try await run(
            "check_pgsql", "-H", "127.0.0.1", "-P", "\(server.port)", "-d", "postgres", "-l", "postgres")
        #expect(result.verdict == "pass", "\(result)")
        #expect(result.vitals.first?.name == "time")
        let missing = try await run(
            "check_pgsql", "-H", "127.0.0.1", "-P", "\(server.port)", "-d", "nowhere", "-l", "postgres")
        #expect(missing.verdict == "condition in request (CRITICAL)", "\(missing)")
        try await server.stop()
    }
}
