import Testing
import VitalsCore
import VitalsTesting

extension MySQLFaults {
    @Test("a program that has forgotten its transaction")
    func idleTransaction() async throws {
        let server = try await MariaDBServer()
        try await server.start()
        let place = try await MySQLPlace(on: server)
        let holder = Box<ChildProcess>()
        let page = FaultPage(
            check: place.measuring("{ name: idle_in_transaction_seconds, every: 1s, warn: 2 }"),
            expected: ExpectedFault(
                verdict: "vital in vitals (idle_in_transaction_seconds)", causeClass: .partial,
                state: "degraded", says: "idle_in_transaction_seconds (the longest idling in a transaction)"),
            breaking: {
                holder.value = try place.session("BEGIN; UPDATE t SET v = 1 WHERE id = 1; \\! sleep 600")
            },
            mending: { try await place.release() })
        try await page.turn()
    }
}
