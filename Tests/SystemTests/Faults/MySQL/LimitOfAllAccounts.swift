import Testing
import VitalsCore
import VitalsTesting

extension MySQLFaults {
    @Test("an account that has as many sessions as the server lets any have")
    func limitOfAllAccounts() async throws {
        let server = try await MariaDBServer(settings: ["max-user-connections": "1"])
        try await server.start()
        let place = try await MySQLPlace(on: server)
        let holder = Box<ChildProcess>()
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "too_many_connections in authenticate (1203)", causeClass: .target,
                state: "unhealthy", says: "already has more than 'max_user_connections'"),
            breaking: { holder.value = try await place.takeOnlySession() },
            mending: { try await place.patiently("KILL USER \(place.name)") })
        try await page.turn()
    }
}
