import Testing
import VitalsCore
import VitalsTesting

extension MySQLFaults {
    @Test("programs that lock the same rows in another order")
    func recurringDeadlocks() async throws {
        let server = try await MariaDBServer()
        try await server.start()
        let place = try await MySQLPlace(on: server)
        let quarrel = Quarrel { first, second in
            try place.session(
                """
                BEGIN; UPDATE t SET v = v + 1 WHERE id = \(first); DO SLEEP(0.3);
                UPDATE t SET v = v + 1 WHERE id = \(second); COMMIT
                """)
        }
        let page = FaultPage(
            check: place.measuring(
                """
                { name: deadlocks_total, every: 1s }, \
                { name: deadlocks_per_minute, warn: 0 }
                """),
            expected: ExpectedFault(
                verdict: "vital in vitals (deadlocks_per_minute)", causeClass: .partial, state: "degraded",
                says: "deadlocks_per_minute (deadlocks a minute) is "),
            breaking: { quarrel.begin() }, mending: { try await quarrel.end() })
        try await page.turn()
    }
}
