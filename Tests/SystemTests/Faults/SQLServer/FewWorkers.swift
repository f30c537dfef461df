import Testing
import VitalsCore
import VitalsTesting

extension SQLServerFaults {
    @Test("a server that runs out of threads")
    func fewWorkers() async throws {
        func answer(_ used: Int) -> String {
            let row = "[[\(used), 512, 0, 32767, 86400, null]]"
            let columns = #"["a", "b", "c", "d", "e", "f"]"#
            return Self.answering("max_workers_count", "{\"columns\": \(columns), \"rows\": \(row)}")
        }
        let peer = try await SQLServerPeer(behaviour: answer(40))
        let page = FaultPage(
            check: Self.reading(peer) + ", vitals: [{ name: workers_used_percent, every: 2s }]",
            expected: ExpectedFault(
                verdict: "vital in vitals (workers_used_percent)", causeClass: .partial, state: "degraded",
                says: "workers_used_percent"),
            breaking: { try peer.behave(answer(500)) }, mending: { try peer.behave(answer(40)) })
        try await page.turn()
        await peer.stop()
    }
}
