import Testing
import VitalsCore
import VitalsTesting

extension MySQLFaults {
    @Test("a host that no account may come from any more")
    func hostNotAllowed() async throws {
        let server = try await MariaDBServer()
        try await server.start()
        let place = try await MySQLPlace(on: server)
        try await server.sql(
            "DROP USER root@'127.0.0.1'; RENAME USER \(place.app) TO \(place.app)@'10.9.9.9'")
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "host_blocked in greeting (1130)", causeClass: .config, state: "unhealthy",
                says: "Host '127.0.0.1' is not allowed to connect"),
            breaking: {
                try await server.sql(
                    "RENAME USER \(place.name) TO \(place.name)@'10.9.9.9'; FLUSH PRIVILEGES")
            },
            mending: {
                try await server.sql(
                    "RENAME USER \(place.name)@'10.9.9.9' TO \(place.name); FLUSH PRIVILEGES")
            })
        try await page.turn()
    }
}
