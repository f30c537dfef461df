import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

/// One server for the suite, whose archive fails.
private final class ServerWithTroubles: SuiteTrait, TestScoping {
    @TaskLocal static var server: PostgresServer?

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        let server = try await PostgresServer(settings: [
            "archive_mode": "on", "archive_command": "false", "max_prepared_transactions": "5",
            "autovacuum": "off", "deadlock_timeout": "100ms",
        ])
        try await server.start()
        try await server.sql("CREATE ROLE plain LOGIN; CREATE ROLE monitor LOGIN")
        try await server.sql("GRANT pg_monitor TO monitor")
        try await Self.$server.withValue(server) { try await function() }
        try await server.stop()
    }
}

@Suite("Of a PostgreSQL server is measured", ServerWithTroubles(), .serialized)
struct PostgresVitalTests {
    private func server() throws -> PostgresServer { try #require(ServerWithTroubles.server) }

    private func measured(_ user: String = "monitor") async throws -> ProbeResult {
        let result = try await PostgresHarness.measure(try server().target(user))
        #expect(result.fault == nil || result.fault?.phase == .vitals, "\(result)")
        return result
    }

    /// A session that begins a transaction, does this in it, and then idles.
    private func idler(_ statement: String) throws -> ChildProcess {
        let server = try server()
        let words = ["-h", "127.0.0.1", "-p", "\(server.port)", "-U", "postgres", "-d", "postgres", "-Xq"]
        return try ChildProcess(
            ["psql"] + words + ["-c", "BEGIN", "-c", statement, "-c", "\\! sleep 120"],
            in: server.directory.path)
    }

    @Test("everything that there is, after the verdict, by a role that may see it")
    func everything() async throws {
        let result = try await measured()
        let absent: Set = [
            "certificate_days_left", "checksum_failures", "replication_lag_bytes", "slot_retained_bytes",
        ]
        let onStandbys = Set(PostgresVitals.standby.rules.map(\.name))
        for rule in PostgresVitals.rules where rule.source == .measured {
            let vital = result.vital(rule.name)
            let isExpected = !absent.contains(rule.name) && !onStandbys.contains(rule.name)
            #expect((vital?.value != nil) == isExpected, "\(rule.name): \(vital?.reason ?? "")")
        }
        #expect(result.vital("connections_limit")?.value == 17)
        #expect(result.phases.map(\.phase) == [.connect, .authenticate, .session, .read, .vitals])
        #expect(result.vitals.count <= 64)
        #expect((result.vital("clock_skew_seconds")?.value ?? 60) < 2)
        #expect((result.vital("size_bytes")?.value ?? 0) > 1_000_000)
        #expect(result.vital("capability_pg_monitor")?.value == 1)
        #expect(result.vital("capability_pg_read_all_stats")?.value == 1)
    }

    @Test("only what it may see by another, with the GRANT that mends the rest, and no error in its log")
    func unprivileged() async throws {
        let result = try await measured("plain")
        #expect(result.vital("capability_pg_monitor")?.value == 0)
        #expect(result.vital("capability_pg_monitor")?.detail == "GRANT pg_monitor TO plain")
        for name in [
            "idle_in_transaction_seconds", "longest_query_seconds", "oldest_transaction_seconds", "xmin_age",
            "wal_bytes", "wal_archive_backlog",
        ] {
            let vital = try #require(result.vital(name))
            #expect(vital.value == nil)
            #expect(vital.reason?.hasSuffix("run: GRANT pg_monitor TO plain") == true)
        }
        for name in ["connections_used_percent", "lock_waiters", "deadlocks_total", "xid_age", "size_bytes"] {
            #expect(result.vital(name)?.value != nil, "\(name)")
        }
        #expect(try !server().log.contains("permission denied for function"))
    }

    @Test("a session idle in a transaction, whoever waits for its lock, and for whom it waits")
    func locks() async throws {
        let holder = try idler("SELECT pg_advisory_lock(7)")
        try await eventually(that: "the holder idles") {
            try await measured().vital("idle_in_transaction")?.value == 1
        }
        let waiter = try server().session("SELECT pg_advisory_lock(7)")
        let result = try await eventually("a waiter is seen") {
            let result = try await measured()
            return result.vital("lock_waiters")?.value == 1 ? result : nil
        }
        let wait = try #require(result.vital("lock_wait_seconds"))
        #expect((wait.value ?? -1) >= 0)
        #expect(wait.detail?.contains(" waits for ") == true, "\(wait)")
        #expect(wait.detail?.contains("postgres, psql, idle in transaction") == true, "\(wait)")
        #expect((result.vital("oldest_transaction_seconds")?.value ?? 0) > 0)
        await waiter.stop()
        await holder.stop()
    }

    @Test("saturation: it degrades, and says who holds the connections")
    func saturation() async throws {
        var holders: [ChildProcess] = []
        for _ in 0..<14 { holders.append(try server().session("SELECT pg_sleep(600)")) }
        let result = try await eventually("all hold one") {
            let result = try await measured()
            return result.vital("connections_active")?.value == 15 ? result : nil
        }
        #expect(result.vital("connections_used_percent")?.state == .degraded)
        #expect(result.fault?.cause == .vital)
        #expect(result.findings.contains { $0.message.hasPrefix("connections_used_percent ") })
        let detail = try #require(result.vital("connections_used_percent")?.detail)
        #expect(detail.hasPrefix("held: 14 by postgres, psql, active"), "\(detail)")
        for holder in holders { await holder.stop() }
    }

    @Test("deadlocks")
    func deadlocks() async throws {
        let before = try #require(try await measured().vital("deadlocks_total")?.value)
        try await eventually(that: "a deadlock is counted", within: .seconds(60)) {
            let cross = { (one: Int, other: Int) in
                "SELECT pg_advisory_lock(\(one)); SELECT pg_sleep(0.5); SELECT pg_advisory_lock(\(other))"
            }
            let sessions = [try server().session(cross(1, 2)), try server().session(cross(2, 1))]
            for session in sessions { _ = try await session.waitForExit() }
            return (try await measured().vital("deadlocks_total")?.value ?? 0) > before
        }
    }

    @Test("an archive that fails, and what waits for it")
    func archiver() async throws {
        try await server().sql("SELECT pg_switch_wal()")
        let result = try await eventually("the archiver failed") {
            let result = try await measured()
            return result.vital("wal_archive_failing")?.value == 1 ? result : nil
        }
        #expect(result.vital("wal_archive_failing")?.state == .unhealthy)
        #expect((result.vital("wal_archive_backlog")?.value ?? 0) >= 1)
    }

    @Test("a prepared transaction, a forgotten slot, an index that is not valid, a sequence near its end")
    func leftBehind() async throws {
        let server = try server()
        try await server.sql("BEGIN; CREATE TABLE made (); PREPARE TRANSACTION 'forgotten'")
        try await server.sql("SELECT pg_create_physical_replication_slot('unused', true)")
        try await server.sql("CREATE TABLE twice AS SELECT 1 AS id FROM generate_series(1, 2)")
        await #expect(throws: (any Error).self) {
            try await server.sql("CREATE UNIQUE INDEX CONCURRENTLY broken ON twice (id)")
        }
        try await server.sql("CREATE SEQUENCE nearly MAXVALUE 10")
        try await server.sql("SELECT setval('nearly', 9)")
        let result = try await measured("postgres")
        #expect(result.vital("prepared_transactions")?.value == 1)
        #expect((result.vital("prepared_transaction_seconds")?.value ?? -1) > 0)
        #expect(result.vital("slots_inactive")?.value == 1)
        #expect(result.vital("slots_inactive")?.detail?.contains("unused: inactive") == true)
        #expect(result.vital("slot_retained_bytes")?.value != nil)
        #expect(result.vital("invalid_indexes")?.value == 1)
        #expect(result.vital("invalid_indexes")?.detail == "public.broken")
        #expect(result.vital("sequence_used_percent")?.value == 90)
        #expect(result.vital("sequence_used_percent")?.state == .degraded)
        #expect(result.fault?.cause == .vital)
        let hidden = try #require(try await measured("plain").vital("sequence_used_percent"))
        #expect(hidden.value == nil)
        #expect(hidden.reason?.hasSuffix("GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO plain") == true)
        try await server.sql("ROLLBACK PREPARED 'forgotten'")
        try await server.sql("SELECT pg_drop_replication_slot('unused')")
        try await server.sql("DROP TABLE twice; DROP SEQUENCE nearly")
    }

    @Test("dead rows that nobody removes")
    func deadRows() async throws {
        let server = try server()
        try await server.sql("CREATE TABLE dying AS SELECT g FROM generate_series(1, 40000) AS g")
        try await server.sql("DELETE FROM dying WHERE g > 20000")
        let vital = try await eventually("the dead are counted") {
            let vital = try await measured().vital("dead_tuples_percent")
            return (vital?.value ?? 0) > 10 ? vital : nil
        }
        #expect(vital.detail?.hasPrefix("public.dying: ") == true)
        #expect(vital.state == .degraded)
        try await server.sql("DROP TABLE dying")
    }
}
