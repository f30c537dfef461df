import Testing
import VitalsCore
import VitalsTesting

extension MySQLFaults {
    @Test("an account that has as many sessions as it may have")
    func accountAtItsLimit() async throws {
        let place = try await Self.place()
        try await place.sql("ALTER USER \(place.name) WITH MAX_USER_CONNECTIONS 1")
        let holder = Box<ChildProcess>()
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "account_state in authenticate (1226)", causeClass: .config, state: "unhealthy",
                says: "'max_user_connections' resource (current value: 1)"),
            breaking: { holder.value = try await place.takeOnlySession() },
            mending: { try await place.patiently("KILL USER \(place.name)") })
        try await page.turn()
    }
}
