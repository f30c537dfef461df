import NIOCore
import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

@Suite("The vitals of a database file")
struct SQLiteVitalsTests {
    private func probe(_ path: String, _ network: TestNetwork) throws -> SQLiteProbe {
        try SQLiteProbe(parsing: path, loops: network.loops, threads: BlockingThreads(1))
    }

    private static func numbers(_ count: Int) -> String {
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count))"
    }

    /// Everything that is measured, by a run that measures all.
    private func measure(_ path: String) async throws -> ProbeResult {
        let network = try TestNetwork()
        let probe = try probe(path, network)
        return await withCheckedContinuation { continuation in
            network.loops.eventLoops[0].execute {
                let job = ProbeJob.manual(.seconds(30)).measuring(.all, within: .seconds(30))
                _ = probe.start(job) { continuation.resume(returning: $0) }
            }
        }
    }

    @Test("are measured without a trace, each with a value", arguments: ["delete", "wal"])
    func measured(mode: String) async throws {
        let folder = try SQLiteFolder()
        let path = try folder.make("app.db", "PRAGMA journal_mode=\(mode); CREATE TABLE t(x)")
        let before = folder.bytes("app.db")
        let result = try await measure(path)
        #expect(result.verdict == "pass")
        let names = Set(SQLiteVitals.rules.filter { $0.source == .measured }.map(\.name))
        #expect(Set(result.vitals.map(\.name)) == names)
        for vital in result.vitals { #expect(vital.value != nil, "\(vital)") }
        #expect(result.phases.map(\.phase) == [.connect, .read, .vitals])
        #expect(folder.names == ["app.db"])
        #expect(folder.bytes("app.db") == before)
        #expect(result.judged(by: SQLiteVitals.rules).findings.allSatisfy { $0.message.contains("disk") })
    }

    @Test("tell of pages that hold nothing, and of how near the file is to its largest size")
    func pages() async throws {
        let folder = try SQLiteFolder()
        let path = try folder.make(
            "app.db",
            """
            CREATE TABLE t(x); CREATE TABLE u(x);
            \(Self.numbers(200)) INSERT INTO t SELECT randomblob(3000) FROM n;
            \(Self.numbers(200)) INSERT INTO u SELECT randomblob(3000) FROM n; DROP TABLE t;
            """)
        let judged = try await measure(path).judged(by: SQLiteVitals.rules)
        let free = try #require(judged.vitals.first { $0.name == "freelist_percent" })
        #expect(free.state == .degraded, "\(free)")
        #expect(judged.fault?.cause == .vital)
    }

    @Test("tell of what a quick check finds wrong, although the file can be read")
    func corrupt() async throws {
        let folder = try SQLiteFolder()
        let path = try folder.make(
            "app.db",
            """
            CREATE TABLE t(x); CREATE INDEX i ON t(x);
            \(Self.numbers(800)) INSERT INTO t SELECT randomblob(300) FROM n;
            """)
        var bytes = folder.bytes("app.db")
        for page in 40..<60 { for place in 0..<64 { bytes[page * 4_096 + place] = 0xA5 } }
        try folder.write("app.db", bytes)
        let result = try await measure(path)
        #expect(result.verdict == "pass", "the schema is whole")
        let errors = try #require(result.vitals.first { $0.name == "integrity_errors" })
        #expect(errors.value ?? 0 > 0 || errors.reason?.contains("malformed") == true, "\(errors)")
    }

    @Test("are none of a file that cannot be read, and of a run that measures none")
    func none() async throws {
        let folder = try SQLiteFolder()
        #expect(try await measure(folder.file("no.db")).vitals.isEmpty)
        let path = try folder.make("app.db", "CREATE TABLE t(x)")
        #expect(try await folder.probe(path).vitals.isEmpty)
    }
}
