import Testing
import VitalsCore
import VitalsTesting

extension MySQLFaults {
    @Test("a server whose init_connect waits for a row that somebody keeps locked")
    func hungInitConnect() async throws {
        let server = try await MariaDBServer()
        try await server.start()
        let place = try await MySQLPlace(on: server)
        try await place.countLogins()
        let holder = Box<ChildProcess>()
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "timeout in session", causeClass: .target, state: "unhealthy",
                says: "no complete answer from 127.0.0.1"),
            breaking: { holder.value = try await place.holdUpLogins() },
            mending: { try await place.release() })
        try await page.turn()
        try await eventually(that: "no session of ours is left waiting", within: .seconds(60)) {
            try await server.sql(
                "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = '\(place.name)'") == "0"
        }
    }
}

extension MySQLPlace {
    /// From now on every login changes a row before anything else; the superuser's do not.
    func countLogins() async throws {
        try await sql(
            """
            CREATE DATABASE audit; CREATE TABLE audit.logins (n INT); INSERT INTO audit.logins VALUES (0);
            GRANT ALL ON audit.* TO \(name); GRANT ALL ON audit.* TO \(app);
            SET GLOBAL init_connect = 'UPDATE audit.logins SET n = n + 1'
            """)
    }

    /// Keeps that row locked, until `release`.
    func holdUpLogins() async throws -> ChildProcess {
        try await hold("BEGIN; UPDATE audit.logins SET n = n + 1")
    }
}
