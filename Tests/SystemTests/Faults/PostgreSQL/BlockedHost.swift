import Glibc
import Testing
import VitalsCore
import VitalsTesting

extension PostgresFaults {
    @Test("a host that pg_hba.conf refuses")
    func blockedHost() async throws {
        let server = try await PostgresServer(access: PostgresServer.passwords)
        try await server.start()
        let place = try await FaultPlace(on: server)
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "host_blocked in authenticate (28000)", causeClass: .config, state: "unhealthy",
                says: "pg_hba.conf rejects connection"),
            breaking: {
                try server.allow("local all all trust\nhost all all all reject")
                try await server.reload()
            },
            mending: {
                try server.allow(PostgresServer.passwords)
                try await server.reload()
            })
        try await page.turn()
    }
}
