import Glibc
import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

@Suite("The PostgreSQL probe, through PgBouncer,")
struct PostgresPoolerTests {
    @Test("logs in and reads, and tells the pooler's faults from the server's")
    func pooler() async throws {
        let server = try await PostgresServer()
        try await server.start()
        try await server.sql("CREATE ROLE app LOGIN PASSWORD 'pw'")
        let (pooler, port) = try await pooler(to: server)
        let verdict = { (login: String, database: String) in
            try await PostgresHarness.probe("postgres://\(login)@127.0.0.1:\(port)/\(database)").verdict
        }

        let through = try await PostgresHarness.probe("postgres://app:pw@127.0.0.1:\(port)/orders")
        #expect(through.verdict == "pass")
        #expect(through.facts[.role] == .text("primary"))
        #expect(through.facts[.systemIdentifier] != nil)
        #expect(through.facts[.pooler] == .text("in_between"))
        #expect(try await verdict("app:wrong", "orders") == "auth_failed in authenticate (08P01)")
        #expect(try await verdict("stranger:pw", "orders") == "auth_failed in authenticate (08P01)")
        #expect(try await verdict("app:pw", "nowhere") == "db_missing in authenticate (08P01)")

        try await server.stop(SIGQUIT)
        try await eventually(that: "the pooler says that nobody is behind it") {
            try await verdict("app:pw", "orders").hasPrefix("backend_unavailable in ")
        }
        await pooler.stop(SIGINT)
    }

    @Test("reads the pooler's own console, and measures its pools")
    func console() async throws {
        let server = try await PostgresServer()
        try await server.start()
        try await server.sql("CREATE ROLE app LOGIN PASSWORD 'pw'")
        let (pooler, port) = try await pooler(to: server, more: "default_pool_size = 1\nmax_client_conn = 10")
        let target = { (database: String) in "postgres://app:pw@127.0.0.1:\(port)/\(database)" }
        let idle = try await PostgresHarness.measure(target("pgbouncer"))
        #expect(idle.verdict == "pass", "\(idle)")
        #expect(idle.facts[.pooler] == .text("pgbouncer"))
        #expect(idle.facts[.role] == nil)
        #expect(idle.phases.map(\.phase) == [.connect, .authenticate, .session, .read, .vitals])
        #expect(idle.vital("pooler_clients_waiting")?.value == 0)
        #expect(idle.vital("pooler_clients_limit")?.value == 10)
        #expect(idle.vital("pooler_clients_used_percent")?.state == .healthy)
        #expect(idle.vital("connections") == nil, "that is the server's")

        let words = ["psql", "host=127.0.0.1 port=\(port) user=app password=pw dbname=orders", "-Xqc"]
        let clients = try (0..<3).map { _ in try ChildProcess(words + ["SELECT pg_sleep(600)"]) }
        let waited = try await eventually("two wait for the third") {
            let result = try await PostgresHarness.measure(target("pgbouncer"))
            let isLong = result.vital("pooler_wait_seconds")?.state == .degraded
            return isLong && result.vital("pooler_clients_waiting")?.value == 2 ? result : nil
        }
        #expect(waited.fault?.cause == .vital)
        #expect(waited.vital("pooler_wait_seconds")?.detail == "waiting: 2 of orders")
        for client in clients { await client.stop() }
        await pooler.stop(SIGINT)
    }

    @Test("leaves nothing behind in a session that others get next")
    func leavesNothing() async throws {
        let server = try await PostgresServer()
        try await server.start()
        try await server.sql("CREATE ROLE app LOGIN PASSWORD 'pw'")
        let (pooler, port) = try await pooler(
            to: server, more: "pool_mode = transaction\ndefault_pool_size = 1")
        let question = OwnQuestion("own", "SELECT set_config('lock_timeout', '77ms', false)")
        let result = try await PostgresHarness.measure(
            "postgres://app:pw@127.0.0.1:\(port)/orders", asking: [question])
        #expect(result.vital("lock_waiters")?.value == 0, "\(result)")
        let names = ["statement_timeout", "lock_timeout", "transaction_read_only", "search_path"]
        let shown = names.map { "current_setting('\($0)')" }.joined(separator: " || ' ' || ")
        let settings = try await run(
            [
                "psql", "host=127.0.0.1 port=\(port) user=app password=pw dbname=orders", "-XqAtc",
                "SELECT \(shown)",
            ], in: server.directory)
        #expect(settings.hasPrefix("0 0 off \"$user\", public"), "\(settings)")
        await pooler.stop(SIGINT)
    }

    /// Session pooling unless more is said, the way of logging in that PgBouncer shares with the server.
    private func pooler(
        to server: PostgresServer, more: String = ""
    ) async throws -> (RunningServer, port: Int) {
        let directory = try TemporaryDirectory("vitals-pgbouncer")
        let port = try freePort()
        try directory.write("users.txt", "\"app\" \"pw\"\n")
        try directory.write(
            "pgbouncer.ini",
            """
            [databases]
            orders = host=127.0.0.1 port=\(server.port) dbname=postgres

            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = \(port)
            unix_socket_dir =
            auth_type = scram-sha-256
            auth_file = users.txt
            stats_users = app
            server_login_retry = 1
            query_wait_timeout = \(more.isEmpty ? 2 : 120)
            \(more)
            """)
        return (
            try await RunningServer(["pgbouncer", "pgbouncer.ini"], in: directory, listeningOn: port), port
        )
    }
}
