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
        #expect(try await verdict("app:wrong", "orders") == "auth_failed in authenticate (08P01)")
        #expect(try await verdict("stranger:pw", "orders") == "auth_failed in authenticate (08P01)")
        #expect(try await verdict("app:pw", "nowhere") == "db_missing in authenticate (08P01)")
        #expect(try await verdict("app:pw", "pgbouncer") == "bad_configuration in session (08P01)")

        try await server.stop(SIGQUIT)
        try await eventually(that: "the pooler says that nobody is behind it") {
            try await verdict("app:pw", "orders").hasPrefix("backend_unavailable in ")
        }
        await pooler.stop(SIGINT)
    }

    /// Session pooling, the way of logging in that PgBouncer shares with the server.
    private func pooler(to server: PostgresServer) async throws -> (RunningServer, port: Int) {
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
            query_wait_timeout = 2
            """)
        return (
            try await RunningServer(["pgbouncer", "pgbouncer.ini"], in: directory, listeningOn: port), port
        )
    }
}
