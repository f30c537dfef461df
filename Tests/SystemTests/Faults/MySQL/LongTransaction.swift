import Testing
import VitalsCore
import VitalsTesting

extension MySQLFaults {
    @Test("a transaction that does not come to its end")
    func longTransaction() async throws {
        let server = try await MariaDBServer()
        try await server.start()
        let place = try await MySQLPlace(on: server)
        let holder = Box<ChildProcess>()
        let page = FaultPage(
            check: place.measuring("{ name: oldest_transaction_seconds, every: 1s, warn: 2 }"),
            expected: ExpectedFault(
                verdict: "vital in vitals (oldest_transaction_seconds)", causeClass: .partial,
                state: "degraded", says: "oldest_transaction_seconds (the oldest open transaction) is "),
            breaking: { holder.value = try await place.hold("BEGIN; UPDATE t SET v = 1 WHERE id = 1") },
            mending: { try await place.release() })
        try await page.turn()
    }
}
