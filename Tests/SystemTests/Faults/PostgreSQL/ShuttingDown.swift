import Glibc
import Testing
import VitalsCore
import VitalsTesting

extension PostgresFaults {
    @Test("a server that waits for its sessions to end")
    func shuttingDown() async throws {
        let server = try await PostgresServer(access: PostgresServer.passwords)
        try await server.start()
        let place = try await FaultPlace(on: server)
        let holder = try await place.hold("SELECT 1")
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "shutting_down in authenticate (57P03)", causeClass: .target, state: "unhealthy",
                says: "the database system is shutting down"),
            breaking: { server.signal(SIGTERM) },
            mending: {
                try await server.stop()
                await holder.stop(SIGKILL)
                try await server.start()
            })
        try await page.turn()
    }
}
