import Testing
import VitalsCore
import VitalsTesting

extension MySQLFaults {
    @Test("a server whose init_connect waits for a row that somebody keeps locked")
    func hungInitConnect() async throws {
        let server = try await MariaDBServer()
        try await server.start()
        let place = try await MySQLPlace(on: server)
        try await server.sql(
            """
            CREATE DATABASE audit; CREATE TABLE audit.logins (n INT); INSERT INTO audit.logins VALUES (0);
            GRANT ALL ON audit.* TO \(place.name); GRANT ALL ON audit.* TO \(place.app);
            SET GLOBAL init_connect = 'UPDATE audit.logins SET n = n + 1'
            """)
        let holder = Box<ChildProcess>()
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "timeout in session", causeClass: .target, state: "unhealthy",
                says: "no complete answer from 127.0.0.1"),
            breaking: { holder.value = try await place.hold("BEGIN; UPDATE audit.logins SET n = n + 1") },
            mending: { try await place.release() })
        try await page.turn()
        try await eventually(that: "no session of ours is left waiting", within: .seconds(60)) {
            try await server.sql(
                "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = '\(place.name)'") == "0"
        }
    }
}
