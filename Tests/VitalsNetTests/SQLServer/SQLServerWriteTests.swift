import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

@Suite("The write probe of SQL Server")
struct SQLServerWriteTests {
    private static let writing = SQLServerHarness.writing()

    @Test("changes one row and reads it back; makes it the first time")
    func done() async throws {
        let peer = try await SQLServerPeer()
        for isFirst in [true, false] {
            let before = peer.heard.count
            let result = try await SQLServerHarness.probe(peer.target(), Self.writing)
            #expect(result.verdict == "pass")
            #expect(result.facts[.write] == .text("done"))
            #expect(result.facts[.read] == .text("heartbeat"))
            #expect(result.phases.map(\.phase).suffix(2) == [.read, .write])
            let batches = peer.heard.dropFirst(before)
            #expect(batches.contains { $0.contains("INSERT INTO [vitals].[heartbeat]") } == isFirst)
            #expect(batches.contains { $0.contains("UPDATE [vitals].[heartbeat]") })
        }
        #expect(
            !peer.heard.contains { $0.contains("DELETE") || $0.contains("CREATE") || $0.contains("MERGE") })
    }

    @Test(
        "tells apart why nothing can be written",
        arguments: [
            (#"[208, 1, 16, "Invalid object name"]"#, "not_provisioned in write (208)"),
            (#"[229, 5, 14, "UPDATE denied"]"#, "privilege in write (229)"),
            (#"[9002, 2, 17, "log is full"]"#, "write_refused_resource in write (9002)"),
            (#"[1222, 51, 16, "Lock request time out"]"#, "lock_timeout in write (1222)"),
            (#"[1205, 51, 13, "deadlocked"]"#, "deadlock in write (1205)"),
            (#"[547, 0, 16, "CHECK constraint"]"#, "condition_warn in write (547)"),
            (#"[2628, 1, 16, "would be truncated"]"#, "not_provisioned in write (2628)"),
            (#"[3906, 1, 16, "database is read-only"]"#, "read_only in write (3906)"),
            (#"[824, 2, 24, "torn page"]"#, "corruption in write (824)"),
        ])
    func refused(error: String, verdict: String) async throws {
        let peer = try await SQLServerPeer(
            behaviour: "{\"answers\": [[\"UPDATE [vitals]\", {\"errors\": [\(error)]}]]}")
        #expect(try await SQLServerHarness.probe(peer.target(), Self.writing).verdict == verdict)
    }

    @Test("writes nothing to a replica, nor to a database that is set to be read-only")
    func readOnly() async throws {
        let replica = try await SQLServerPeer(behaviour: #"{"identity": {"updateability": "READ_ONLY"}}"#)
        let skipped = try await SQLServerHarness.probe(replica.target(), Self.writing)
        #expect(skipped.verdict == "pass")
        #expect(skipped.facts[.write] == .text("skipped: the server is a replica"))
        let closed = try await SQLServerPeer(
            behaviour: #"{"identity": {"updateability": "READ_ONLY", "read_only": 1}}"#)
        #expect(
            try await SQLServerHarness.probe(closed.target(), Self.writing).verdict == "read_only in write")
        for peer in [replica, closed] {
            #expect(!peer.heard.contains { $0.contains("UPDATE [vitals]") || $0.contains("sp_getapplock") })
        }
    }

    @Test("says that a commit does not end, where secondaries have to confirm it")
    func stalled() async throws {
        for (isInGroup, verdict) in [(1, "commit_stalled in write"), (0, "timeout in write")] {
            let peer = try await SQLServerPeer(
                behaviour: """
                    {"identity": {"in_group": \(isInGroup)}, "answers": [["UPDATE [vitals]", {"hang": true}]]}
                    """)
            let limited = SQLServerHarness.writing(within: .seconds(2))
            #expect(try await SQLServerHarness.probe(peer.target(), limited).verdict == verdict)
            try await eventually(that: "the server was told") { peer.heard.last == "attention" }
            try peer.behave(
                """
                {"identity": {"in_group": \(isInGroup)},
                 "answers": [["sp_getapplock", {"columns": ["taken"], "rows": [[-1]]}]]}
                """)
            #expect(try await SQLServerHarness.probe(peer.target(), Self.writing).verdict == verdict)
        }
    }

    @Test("notices a row that does not read back")
    func altered() async throws {
        let peer = try await SQLServerPeer(
            behaviour: #"""
                {"answers": [["SELECT seq, token", {"columns": ["seq", "token"], "rows": [[1, "other"]]}]]}
                """#)
        let result = try await SQLServerHarness.probe(peer.target(), Self.writing)
        #expect(result.verdict == "condition_warn in write (token)")
    }

    @Test("makes the table only where it is told to")
    func provision() async throws {
        let missing = #"{"answers": [["SELECT OBJECT_ID", {"columns": ["found"], "rows": [[null]]}]]}"#
        let peer = try await SQLServerPeer(behaviour: missing)
        let bare = try await SQLServerHarness.probe(peer.target(), Self.writing)
        #expect(bare.facts[.read] == .text("shallow"))
        #expect(!peer.heard.contains { $0.contains("CREATE") })
        let making = SQLServerHarness.writing(["provision": .flag(true)])
        #expect(try await SQLServerHarness.probe(peer.target(), making).verdict == "pass")
        #expect(peer.heard.contains { $0.contains("CREATE SCHEMA [vitals]") })
        #expect(peer.heard.contains { $0.contains("CREATE TABLE [vitals].[heartbeat]") })
    }
}
