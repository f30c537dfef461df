import Testing
import VitalsCore

extension MySQLFaults {
    @Test("no password, where one is asked for")
    func noPassword() async throws {
        let place = try await Self.place()
        let target = place.dsn().replacing(":s3cr3t@", with: "@")
        let page = FaultPage(
            check: "mysql: \"\(target)\"", isWellBefore: false,
            expected: ExpectedFault(
                verdict: "auth_failed in authenticate (1045)", causeClass: .config, state: "unknown",
                says: "(using password: NO)"),
            mending: { try await place.sql("ALTER USER \(place.name) IDENTIFIED BY ''") })
        try await page.turn()
    }
}
