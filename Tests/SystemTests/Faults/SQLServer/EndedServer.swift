import Testing
import VitalsCore
import VitalsTesting

extension SQLServerFaults {
    @Test("a server that was stopped")
    func endedServer() async throws {
        let peer = try await SQLServerPeer()
        let again = Box<SQLServerPeer>()
        let page = FaultPage(
            check: Self.reading(peer),
            expected: ExpectedFault(
                verdict: "refused in connect (ECONNREFUSED)", causeClass: .target, state: "unhealthy",
                says: "refused"),
            breaking: { await peer.stop() },
            mending: { again.value = try await SQLServerPeer(port: peer.port) })
        try await page.turn()
        await again.value?.stop()
    }
}
