import Glibc
import Testing
import VitalsCore
import VitalsTesting

extension PostgresFaults {
    @Test("a server that hangs behind a pooler, which lets us in all the same")
    func frozenBehindPooler() async throws {
        let server = try await PostgresServer(access: PostgresServer.passwords)
        try await server.start()
        let place = try await FaultPlace(on: server)
        let directory = try TemporaryDirectory("vitals-pgbouncer")
        let port = try freePort()
        try directory.write("users.txt", "\"\(place.name)\" \"s3cr3t\"\n")
        try directory.write(
            "pgbouncer.ini",
            """
            [databases]
            * = host=127.0.0.1 port=\(server.port)

            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = \(port)
            unix_socket_dir =
            auth_type = scram-sha-256
            auth_file = users.txt
            server_idle_timeout = 1
            server_login_retry = 1
            """)
        let pooler = try await RunningServer(
            ["pgbouncer", "pgbouncer.ini"], in: directory, listeningOn: port)
        let page = FaultPage(
            check: "postgres: \"postgres://\(place.name):s3cr3t@127.0.0.1:\(port)/\(place.name)\"",
            expected: ExpectedFault(
                verdict: "backend_unavailable in session", causeClass: .target, state: "unhealthy",
                says: "the pooler let us in, and no server behind it answered"),
            breaking: { server.signal(SIGSTOP) }, mending: { server.signal(SIGCONT) })
        try await page.turn()
        await pooler.stop(SIGINT)
    }
}
