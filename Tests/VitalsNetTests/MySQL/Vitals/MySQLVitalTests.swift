import Glibc
import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

private final class ServerToMeasure: SuiteTrait, TestScoping {
    @TaskLocal static var server: MariaDBServer?

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        let server = try await MariaDBServer()
        try await server.start()
        try await server.sql(
            """
            CREATE DATABASE orders; CREATE TABLE orders.t (a INT PRIMARY KEY, b INT);
            INSERT INTO orders.t VALUES (1, 1); CREATE USER plain IDENTIFIED BY 'pw';
            CREATE USER "it's" IDENTIFIED BY 'pw'
            """)
        try await Self.$server.withValue(server) { try await function() }
        try await server.stop()
    }
}

@Suite("Of a MariaDB server is measured", ServerToMeasure(), .serialized)
struct MySQLVitalTests {
    private func server() throws -> MariaDBServer { try #require(ServerToMeasure.server) }

    private func measured(_ user: String = "root:", database: String = "") async throws -> ProbeResult {
        let server = try server()
        // Only by the socket is the superuser let in.
        let result = try await MySQLHarness.measure("\(user)@unix(\(server.socket))/\(database)")
        #expect(result.fault == nil || result.fault?.phase == .vitals, "\(result)")
        return result
    }

    /// InnoDB shows the same transactions as long as nobody has let it be for a tenth of a second.
    private func measuredAnew() async throws -> ProbeResult {
        try await server().sql("DO SLEEP(0.2)")
        return try await measured()
    }

    /// A session that begins a transaction, holds a row in it, and then idles.
    private func idler() throws -> ChildProcess {
        try server().session("BEGIN; UPDATE orders.t SET b = b + 1; \\! sleep 120")
    }

    private static let ofGroups = ["galera_", "group_"]

    @Test("everything that there is, after the verdict")
    func everything() async throws {
        let result = try await measured(database: "orders")
        let absent: Set = [
            "certificate_days_left", "replication_threads_stopped", "replication_lag_seconds",
            "heartbeat_lag_seconds", "binary_logs", "binary_logs_bytes",
        ]
        for rule in MySQLVitals.rules where rule.source == .measured {
            let vital = result.vital(rule.name)
            let isAbsent = absent.contains(rule.name) || Self.ofGroups.contains { rule.name.hasPrefix($0) }
            #expect((vital?.value != nil) == !isAbsent, "\(rule.name): \(vital?.reason ?? "")")
        }
        #expect(result.vital("connections_limit")?.value == 20)
        #expect(
            result.phases.map(\.phase) == [.connect, .greeting, .authenticate, .session, .read, .vitals])
        #expect((result.vital("clock_skew_seconds")?.value ?? 60) < 2)
        let (size, all) = (result.vital("size_bytes")?.value, result.vital("server_size_bytes")?.value)
        #expect((size ?? 0) >= 65_536 && (size ?? 0) < (all ?? 0))
        #expect(try await measured().vital("size_bytes")?.reason == "the target names no database")
    }

    @Test("only what it may see by another, with the very GRANT that mends the rest")
    func unprivileged() async throws {
        let server = try server()
        var grants: Set<String> = []
        let before = try await measured("plain:pw")
        for name in [
            "oldest_transaction_seconds", "longest_query_seconds", "long_queries", "lock_wait_seconds",
            "server_size_bytes", "replication_channels",
        ] {
            let vital = try #require(before.vital(name))
            #expect(vital.value == nil)
            let grant = try #require(vital.reason?.split(separator: "; run: ").last.map(String.init))
            #expect(grant.hasPrefix("GRANT ") && grant.hasSuffix(" TO 'plain'@'%'"), "\(grant)")
            grants.insert(grant)
        }
        #expect(grants.count == 2)
        for name in ["connections_used_percent", "threads_running", "lock_waiters", "deadlocks_total"] {
            #expect(before.vital(name)?.value != nil, "\(name)")
        }
        for grant in grants { try await server.sql(grant) }
        let after = try await measured("plain:pw")
        for vital in after.vitals where vital.name != "size_bytes" {
            #expect(vital.value != nil || after.isDerived(vital), "\(vital)")
        }
        let other = try await measured("it's:pw").vital("oldest_transaction_seconds")
        #expect(other?.reason?.hasSuffix("TO 'it''s'@'%'") == true, "\(String(describing: other))")
    }

    @Test("a transaction left open, whoever waits for its lock, and for whom it waits")
    func locks() async throws {
        let holder = try idler()
        try await eventually(that: "the holder idles") {
            (try await measuredAnew().vital("idle_in_transaction_seconds")?.value ?? 0) >= 1
        }
        let waiter = try server().session(
            "SET innodb_lock_wait_timeout = 600; UPDATE orders.t SET b = b + 1")
        let result = try await eventually("a waiter is seen, and for how long it waits") {
            let result = try await measuredAnew()
            let isSeen = (result.vital("lock_wait_seconds")?.value ?? 0) >= 1
            return isSeen && result.vital("lock_waiters")?.value == 1 ? result : nil
        }
        let wait = try #require(result.vital("lock_wait_seconds"))
        #expect(wait.detail?.contains(" waits for ") == true, "\(wait)")
        #expect(wait.detail?.contains("(root, localhost), idle for ") == true, "\(wait)")
        #expect((result.vital("idle_blocker_seconds")?.value ?? 0) >= 1)
        #expect((result.vital("oldest_transaction_seconds")?.value ?? 0) >= 1)
        // The shell that the holder idles in keeps its connection, whatever becomes of the client.
        let others = try await server().sql(
            """
            SELECT ID FROM information_schema.PROCESSLIST
            WHERE INFO LIKE 'UPDATE orders.t%' OR COMMAND = 'Sleep'
            """)
        for id in others.split(separator: "\n") { _ = try? await server().sql("KILL \(id)") }
        await waiter.stop(SIGKILL)
        await holder.stop(SIGKILL)
        try await eventually(that: "nobody waits any more") {
            try await measuredAnew().vital("lock_wait_seconds")?.value == 0
        }
    }

    @Test("a statement that takes long, and our own is none")
    func longQuery() async throws {
        #expect(try await measured().vital("longest_query_seconds")?.value == 0)
        let session = try server().session("SELECT SLEEP(600)")
        try await eventually(that: "it is seen") {
            (try await measured().vital("longest_query_seconds")?.value ?? 0) >= 1
        }
        await session.stop(SIGKILL)
        try await eventually(that: "it is gone") {
            try await measured().vital("longest_query_seconds")?.value == 0
        }
    }

    @Test("saturation: it degrades")
    func saturation() async throws {
        var sessions: [ChildProcess] = []
        for _ in 0..<16 { sessions.append(try server().session("SELECT SLEEP(600)")) }
        let result = try await eventually("all hold a connection", within: .seconds(60)) {
            let result = try await measured()
            return (result.vital("connections")?.value ?? 0) >= 17 ? result : nil
        }
        #expect(result.vital("connections_used_percent")?.state == .degraded)
        #expect(result.fault?.cause == .vital)
        for session in sessions { await session.stop(SIGKILL) }
    }

    @Test("a replica that reaches nobody: how far it is behind is not known, and not 0")
    func brokenReplica() async throws {
        let server = try server()
        try await server.sql(
            "CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = 1, MASTER_USER = 'x'; START SLAVE")
        let result = try await eventually("it has tried") {
            let result = try await measured()
            let stopped = result.vital("replication_threads_stopped")
            return stopped?.detail?.contains("error connecting") == true ? result : nil
        }
        #expect(result.vital("replication_channels")?.value == 1)
        #expect(result.vital("replication_threads_stopped")?.value == 1)
        #expect(result.vital("replication_threads_stopped")?.state == .unhealthy)
        let lag = try #require(result.vital("replication_lag_seconds"))
        #expect(lag.value == nil)
        #expect(lag.reason?.hasPrefix("receiving: Connecting, applying: Yes; ") == true, "\(lag)")
        #expect(result.vital("heartbeat_lag_seconds") == nil)

        try await server.sql(
            """
            CREATE DATABASE vitals;
            CREATE TABLE vitals.heartbeat (prober VARCHAR(64) PRIMARY KEY, beat_at TIMESTAMP(6) NOT NULL);
            """)
        let none = try await measured().vital("heartbeat_lag_seconds")
        #expect(none?.reason == "no heartbeat was ever written")
        try await server.sql(
            """
            INSERT INTO vitals.heartbeat VALUES ('gone', NOW(6) - INTERVAL 1 DAY);
            INSERT INTO vitals.heartbeat VALUES ('own', NOW(6) - INTERVAL 1 HOUR)
            """)
        let age = try #require(try await measured().vital("heartbeat_lag_seconds"))
        #expect((3_600..<7_200).contains(age.value ?? 0), "\(age)")
        #expect(age.state == .unhealthy)
        try await server.sql("STOP SLAVE; RESET SLAVE ALL; DROP DATABASE vitals")
    }
}

extension ProbeResult {
    /// Whether a vital follows from what two runs counted.
    fileprivate func isDerived(_ vital: Vital) -> Bool {
        MySQLVitals.rules.contains { $0.name == vital.name && !$0.source.isAsked }
    }
}
