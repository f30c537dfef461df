import Glibc
import Testing
import VitalsCore
import VitalsTesting

extension PostgresFaults {
    @Test("a synchronous standby that is not there: found although our own commit waits for nobody")
    func deadSynchronousStandby() async throws {
        let primary = try await PostgresServer(
            access: PostgresServer.passwords + "\nlocal replication all trust")
        try await primary.start()
        let place = try await FaultPlace(on: primary)
        let page = FaultPage(
            check: place.writing,
            expected: ExpectedFault(
                verdict: "commit_stalled in write", causeClass: .partial, state: "degraded",
                says: "synchronous_standby_names is 'gone', which needs 1, and 0 confirm"),
            breaking: {
                try await primary.sql("ALTER SYSTEM SET synchronous_standby_names = 'gone'")
                try await primary.reload()
            },
            mending: {
                try await primary.sql("ALTER SYSTEM RESET synchronous_standby_names")
                try await primary.reload()
            })
        try await page.turn()
    }
}
