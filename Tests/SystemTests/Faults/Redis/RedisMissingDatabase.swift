import Testing
import VitalsCore
import VitalsTesting

extension RedisFaults {
    @Test("a database that there is not")
    func redisMissingDatabase() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: "redis: \"\(place.dsn("/99"))\"", isWellBefore: false,
            expected: ExpectedFault(
                verdict: "db_missing in session", causeClass: .config, state: "unknown",
                says: "there is no database 99"))
        try await page.turn()
    }
}
