import Glibc
import Testing
import VitalsCore
import VitalsTesting

@Suite("Stopped for a while (SIGSTOP), it blames nobody", .oneOfAFew)
struct StopStormTests {
    private static let interval: Duration = .seconds(1)

    @Test("with runs in flight: what it slept through are misses, and nobody is down for it")
    func stopped() async throws {
        try await Stage.run { stage in
            let receiver = try stage.receiver()
            // At each moment a third of these runs is in flight.
            let slow = try (0..<8).map { _ in try stage.httpTarget(.answerAfter(.milliseconds(300), 200)) }
            let port = try stage.tcpTarget()
            let server = try server(slow, port, receiver, on: stage)
            try await server.start()
            let ids = slow.indices.map { "web\($0).check" } + ["port.check"]
            for id in ids { try await server.healthCheck(id, becomes: "healthy") }
            try await eventually(that: "a run is in flight") { slow.contains { $0.waiting > 0 } }

            server.signal(SIGSTOP)
            let stopped = ContinuousClock.now
            // What really breaks meanwhile is found afterwards.
            port.close()
            try await eventually(that: "the stop is over", within: StormScale.stop * 2) {
                ContinuousClock.now - stopped > StormScale.stop
            }
            server.signal(SIGCONT)
            try await server.healthCheck("port.check", becomes: "unhealthy")
            let before = slow.map(\.requests.count)
            try await eventually(that: "all run again") {
                zip(slow, before).allSatisfy { $0.requests.count > $1 + 3 }
            }
            try port.open()
            try await eventually(that: "the recovery is told") {
                receiver.messages.map(\.type) == ["down", "recovered"]
            }
            #expect(ToldAccount(receiver.messages, kills: []).complaints == [])
            try await expectOnlyMisses(ids, slow, at: server)
        }
    }

    private func server(
        _ slow: [HTTPTarget], _ port: TCPTarget, _ receiver: WebhookReceiver, on stage: Stage
    ) throws -> VitalsServer {
        let targets =
            slow.enumerated().map { ("web\($0)", "http: \"\($1.url)/\"") }
            + [("port", "tcp: \"\(port.address)\"")]
        return try VitalsServer(
            """
            defaults: { interval: 1s, timeout: 900ms, thresholds: { failure: 1, success: 1 } }
            channels:
              - { id: ops, default: true, webhook: { url: "\(receiver.url)", secret: "\(receiver.secret)" } }
            systems:
            \(targets.map { "  - { id: \($0), checks: [{ id: check, \($1) }] }" }.joined(separator: "\n"))
            """, on: stage)
    }

    /// Each slot of the stop is a miss, each run is one request, and only the port ever left health.
    private func expectOnlyMisses(
        _ ids: [String], _ slow: [HTTPTarget], at server: VitalsServer
    ) async throws {
        let slept = Int(StormScale.stop / Self.interval)
        for (number, id) in ids.enumerated() {
            let account = try await SlotAccount.complete(of: id, every: Self.interval, at: server)
            #expect(account.misses.values.reduce(0, +) >= slept - 2, "\(id): \(account.misses)")
            guard number < slow.count else { continue }
            #expect(account.runs.allSatisfy { $0["outcome"].string != "fail" }, "\(id)")
            #expect(try await server.api.healthCheck(id)["state"].string == "healthy", "\(id)")
            #expect(account.runs.count <= slow[number].connections, "\(id)")
        }
        let transitions = try await StoredTables(of: server).rows(
            """
            SELECT h.id, t.to_state FROM transition t JOIN health_check h ON h.key = t.health_check
            WHERE from_state <> 'unknown'
            """)
        #expect(transitions.map { $0["id"].string } == ["port.check", "port.check"], "\(transitions)")
    }
}
