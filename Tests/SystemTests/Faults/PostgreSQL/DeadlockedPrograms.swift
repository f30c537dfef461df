import Testing
import VitalsCore
import VitalsTesting

extension PostgresFaults {
    @Test("programs that lock the same rows in another order")
    func deadlockedPrograms() async throws {
        let server = try await PostgresServer(
            settings: ["deadlock_timeout": "100ms"], access: PostgresServer.passwords)
        try await server.start()
        let place = try await FaultPlace(on: server)
        try await place.sql("CREATE TABLE t (id int PRIMARY KEY, v int)")
        try await place.sql("INSERT INTO t VALUES (1, 0), (2, 0)")
        let quarrel = Quarrel { first, second in
            try server.session(
                """
                BEGIN; UPDATE t SET v = v + 1 WHERE id = \(first); SELECT pg_sleep(0.3);
                UPDATE t SET v = v + 1 WHERE id = \(second); COMMIT
                """, database: place.name)
        }
        let vitals = """
            vitals: [{ name: deadlocks_total, every: 1s }, \
            { name: deadlocks_per_minute, warn: 0 }]
            """
        let page = FaultPage(
            check: "\(place.reading), \(vitals)",
            expected: ExpectedFault(
                verdict: "vital in vitals (deadlocks_per_minute)", causeClass: .partial, state: "degraded",
                says: "deadlocks_per_minute (deadlocks a minute) is "),
            breaking: { quarrel.begin() }, mending: { try await quarrel.end() })
        try await page.turn()
    }
}
