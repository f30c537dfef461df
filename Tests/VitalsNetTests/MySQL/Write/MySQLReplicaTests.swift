import Glibc
import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

@Suite("The write probe of MySQL, of servers that replicate,", .serialized)
struct MySQLReplicaTests {
    private static let binaryLog = ["log-bin": "log", "server-id": "1"]

    private static func primary(_ settings: [String: String] = [:]) async throws -> MariaDBServer {
        let server = try await MariaDBServer(settings: binaryLog.merging(settings) { $1 })
        try await server.start()
        let table = MySQLHeartbeat.definition(of: MySQLHeartbeat.usualTable).joined(separator: "; ")
        try await server.sql("\(table); CREATE USER owner; GRANT ALL ON *.* TO owner")
        return server
    }

    @Test("is left out on a replica, also on one that takes writes, and reads what was replicated")
    func replica() async throws {
        let primary = try await Self.primary()
        let replica = try await Self.primary(["server-id": "2"])
        try await replica.sql(
            """
            CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = \(primary.port), MASTER_USER = 'owner',
            MASTER_LOG_FILE = 'log.000001', MASTER_LOG_POS = \(try await primary.position()); START SLAVE
            """)
        let settings = MySQLHarness.writing()
        #expect(try await MySQLHarness.probe(primary.target("owner"), settings).verdict == "pass")
        try await eventually(that: "the row is replicated") {
            try await replica.sql("SELECT COUNT(*) FROM vitals.heartbeat") == "1"
        }
        for (isReadOnly, role) in [("1", "any"), ("0", "any"), ("1", "replica"), ("0", "replica")] {
            try await replica.sql("SET GLOBAL read_only = \(isReadOnly)")
            let result = try await MySQLHarness.probe(
                replica.target("owner"), MySQLHarness.writing(role: role))
            #expect(result.verdict == "pass", "\(result)")
            #expect(result.facts[.role] == .text("replica"))
            #expect(result.facts[.read] == .text("heartbeat"))
            #expect(result.facts[.write] == .text("skipped: the server is a replica"))
        }
        #expect(try await replica.sql("SELECT COUNT(*) FROM vitals.heartbeat") == "1")
        try await replica.sql("SET GLOBAL read_only = 1")
        let wanted = try await MySQLHarness.probe(
            replica.target("owner"), MySQLHarness.writing(role: "primary"))
        #expect(wanted.verdict == "role_mismatch in session")
        // Promoted, though the way back was left in place.
        try await replica.sql("STOP SLAVE; SET GLOBAL read_only = 0")
        let promoted = try await MySQLHarness.probe(
            replica.target("owner"), MySQLHarness.writing(role: "primary"))
        #expect(promoted.verdict == "pass")
        #expect(promoted.facts[.systemIdentifier] == .text("2"))
        try await replica.stop()
        try await primary.stop()
    }

    @Test(
        "says that commits wait for a replica that is not there, leaves nothing behind, and piles up nothing")
    func stalledCommit() async throws {
        // Made before commits wait for anybody.
        let server = try await Self.primary()
        let target = server.target("owner")
        let settings = MySQLHarness.writing(within: .seconds(3))
        let patient = MySQLHarness.writing()
        #expect(try await MySQLHarness.probe(target, patient, as: "own").verdict == "pass")
        try await server.sql(
            "SET GLOBAL rpl_semi_sync_master_timeout = 59000, GLOBAL rpl_semi_sync_master_enabled = 1")
        let stalled = try await MySQLHarness.probe(target, settings, as: "own")
        #expect(stalled.verdict == "commit_stalled in write", "\(stalled)")
        #expect(stalled.fault?.message.hasPrefix("the commit did not end in time") == true)
        try await eventually(that: "the session is ended") {
            try await server.sql("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = 'owner'")
                == "0"
        }

        try await server.sql("SET GLOBAL rpl_semi_sync_master_timeout = 3600000")
        let foreseen = try await MySQLHarness.probe(target, settings, as: "own")
        #expect(foreseen.verdict == "commit_stalled in write")
        #expect(foreseen.facts[.write] == .text("skipped: its commit would not end"))
        #expect(foreseen.fault?.message.hasSuffix("for 3600 s at most, and 0 are connected") == true)

        let heartbeat = MySQLHeartbeat(
            settings: WriteSettings(making: MySQLHeartbeat.usualTable), prober: "own", token: "t",
            limit: .seconds(3))
        let session = try server.session("\(heartbeat.lock); \(heartbeat.update)", as: "owner")
        try await eventually(that: "it waits") {
            try await server.status("Rpl_semi_sync_master_wait_sessions") == 1
        }
        await session.stop(SIGKILL)
        let left = try await eventually("the session that nobody waits for is seen") {
            let result = try await MySQLHarness.probe(target, settings, as: "own")
            return result.fault?.message.hasPrefix("the write of an earlier run") == true ? result : nil
        }
        #expect(left.verdict == "commit_stalled in write")
        #expect(left.fault?.message.contains("Waiting for semi-sync ACK") == true)
        let other = try await MySQLHarness.probe(target, settings, as: "other")
        #expect(other.fault?.message.hasSuffix("1 session waits") == true, "\(other)")

        try await server.sql("SET GLOBAL rpl_semi_sync_master_enabled = 0")
        try await eventually("it is well again", within: .seconds(60)) {
            try await MySQLHarness.probe(target, patient, as: "own").verdict == "pass" ? () : nil
        }
        try await server.stop()
    }
}

extension MariaDBServer {
    /// How far its binary log is.
    fileprivate func position() async throws -> String {
        let parts = try await sql("SHOW MASTER STATUS").split(separator: "\t")
        return try #require(parts.dropFirst().first.map(String.init))
    }
}
