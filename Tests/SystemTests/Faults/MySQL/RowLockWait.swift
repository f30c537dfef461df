import Testing
import VitalsCore
import VitalsTesting

extension MySQLFaults {
    @Test("a transaction that waits for another one's row")
    func rowLockWait() async throws {
        let server = try await MariaDBServer()
        try await server.start()
        let place = try await MySQLPlace(on: server)
        let sessions = Box<[ChildProcess]>()
        let page = FaultPage(
            check: place.measuring("{ name: lock_wait_seconds, every: 1s, warn: 1 }"),
            expected: ExpectedFault(
                verdict: "vital in vitals (lock_wait_seconds)", causeClass: .partial, state: "degraded",
                says: " waits for "),
            breaking: {
                let holder = try await place.hold("BEGIN; UPDATE t SET v = 1 WHERE id = 1")
                let waiter = try place.session(
                    "SET innodb_lock_wait_timeout = 600; UPDATE t SET v = 2 WHERE id = 1")
                sessions.value = [holder, waiter]
            },
            mending: { try await place.release() })
        try await page.turn()
    }
}
