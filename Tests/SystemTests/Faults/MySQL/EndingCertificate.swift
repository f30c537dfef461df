import Testing
import VitalsCore
import VitalsTesting

extension MySQLFaults {
    @Test("a certificate that ends in a few days")
    func endingCertificate() async throws {
        let place = try await Self.place()
        let query = "?ssl-mode=verify-full&ssl-ca=\(try Self.authority().certificate)"
        let page = FaultPage(
            check: "mysql: \"\(place.dsn(query))\"", isWellBefore: false,
            expected: ExpectedFault(
                verdict: "vital in vitals (certificate_days_left)", causeClass: .partial, state: "degraded",
                says: "ends) is 2 days, below 7 days"))
        try await page.turn()
    }
}
