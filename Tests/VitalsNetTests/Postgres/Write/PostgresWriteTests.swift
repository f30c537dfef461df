import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

@Suite("The write probe of PostgreSQL", .serialized)
struct PostgresWriteTests {
    private static let provision: [String: Settings.Value] = ["provision": .flag(true)]

    @Test("after a thousand runs there is one row on one page, no session, and no login that failed (S37)")
    func thousand() async throws {
        let server = try await PostgresServer(settings: ["autovacuum": "off"])
        try await server.start()
        let settings = PostgresHarness.writing(Self.provision)
        for number in 1...1_000 {
            let result = try await PostgresHarness.probe(server.target("postgres"), settings)
            try #require(result.verdict == "pass", "run \(number): \(result)")
            #expect(result.facts[.write] == .text("done"))
            #expect(result.facts[.read] == .text(number == 1 ? "shallow" : "heartbeat"))
            #expect(result.phases.map(\.phase) == [.connect, .authenticate, .session, .read, .write])
        }
        #expect(try await server.sql("SELECT count(*), max(seq) FROM vitals.heartbeat") == "1|1000")
        #expect(try await server.sql("SELECT pg_relation_size('vitals.heartbeat')") == "8192")
        try await eventually(that: "the last session has told of its updates") {
            let updates = "FROM pg_stat_user_tables WHERE relname = 'heartbeat'"
            return try await server.sql("SELECT n_tup_upd, n_tup_hot_upd \(updates)") == "999|999"
        }
        let sessions = "FROM pg_stat_activity WHERE application_name = 'vitals'"
        try await eventually(that: "no session is left") {
            try await server.sql("SELECT count(*) \(sessions)") == "0"
        }
        #expect(!server.log.contains("FATAL"))
        #expect(!server.log.contains("unexpected EOF"))
        try await server.stop()
    }

    @Test("makes nothing unless it is told to, and never anything else than its table")
    func provisions() async throws {
        let server = try await PostgresServer(settings: ["log_statement": "ddl"])
        try await server.start()
        let missing = try await PostgresHarness.probe(
            server.target("postgres"), PostgresHarness.writing())
        #expect(missing.verdict == "not_provisioned in write")
        #expect(missing.fault?.message.contains("vitals provision") == true)
        #expect(!server.log.contains("CREATE SCHEMA"))

        let table: [String: Settings.Value] = [
            "table": .text(TargetText("Own_1.Row")), "provision": .flag(true),
        ]
        for _ in 1...2 {
            let made = try await PostgresHarness.probe(
                server.target("postgres"), PostgresHarness.writing(table))
            #expect(made.verdict == "pass", "\(made)")
        }
        #expect(try await server.sql("SELECT seq FROM \"Own_1\".\"Row\"") == "2")
        #expect(server.log.ranges(of: "CREATE TABLE").count == 1)
        try await server.sql("CREATE ROLE plain LOGIN")
        let barred = try await PostgresHarness.probe(
            server.target("plain"), PostgresHarness.writing(Self.provision))
        #expect(barred.verdict == "privilege in write (42501)")
        try await server.stop()
    }

    @Test("is left out on a replica and on a server that is read-only, which says so (S42)")
    func skipped() async throws {
        let primary = try await PostgresServer()
        try await primary.start()
        let settings = PostgresHarness.writing(Self.provision)
        #expect(try await PostgresHarness.probe(primary.target("postgres"), settings).verdict == "pass")
        let standby = try await primary.standby(settings: ["log_statement": "all"])
        try await standby.start()
        for role in ["any", "replica"] {
            let replica = try await PostgresHarness.probe(
                standby.target("postgres"), PostgresHarness.writing(Self.provision, role: role))
            #expect(replica.verdict == "pass")
            #expect(replica.facts[.write] == .text("skipped: the server is a replica"))
            #expect(replica.facts[.read] == .text("heartbeat"))
            #expect(replica.findings == [])
        }
        #expect(!standby.log.contains("UPDATE"))
        #expect(!standby.log.contains("INSERT"))

        try await primary.sql("ALTER ROLE postgres SET default_transaction_read_only = on")
        let readOnly = try await PostgresHarness.probe(primary.target("postgres"), settings)
        #expect(readOnly.verdict == "read_only in write")
        #expect(readOnly.facts[.write] == .text("skipped: the server is read-only"))
        #expect(readOnly.facts[.readOnly] == .text("on"))
        let wanted = try await PostgresHarness.probe(
            primary.target("postgres"), PostgresHarness.writing(role: "primary"))
        #expect(wanted.verdict == "role_mismatch in session")
        try await standby.stop()
        try await primary.stop()
    }

    @Test("a row that was removed or changed by others is healthy again at the next run (S37)")
    func changedRow() async throws {
        let server = try await PostgresServer()
        try await server.start()
        let settings = PostgresHarness.writing(Self.provision)
        for change in ["UPDATE vitals.heartbeat SET token = 'x', seq = 7", "TRUNCATE vitals.heartbeat"] {
            #expect(try await PostgresHarness.probe(server.target("postgres"), settings).verdict == "pass")
            try await server.sql(change)
            #expect(try await PostgresHarness.probe(server.target("postgres"), settings).verdict == "pass")
        }
        try await server.stop()
    }
}
