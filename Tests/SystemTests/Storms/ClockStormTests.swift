import Testing
import VitalsCore
import VitalsTesting

@Suite("The wall clock is stepped, and nobody is down for it", .oneOfAFew)
struct ClockStormTests {
    private static let id = "web.check"
    private static let step = 600

    private func server(
        _ target: HTTPTarget, _ receiver: WebhookReceiver, _ time: FakeTime, on stage: Stage
    ) throws -> VitalsServer {
        try VitalsServer(
            """
            channels: [{ id: ops, default: true, webhook: { url: "\(receiver.url)" } }]
            systems:
              - id: web
                checks:
                  - { id: check, http: "\(target.url)/", interval: 1s, thresholds: { failure: 1 } }
            """, environment: time.environment, on: stage)
    }

    private func runs(_ server: VitalsServer) async throws -> [JSONValue] {
        try await server.api.all("health-checks/\(Self.id)/runs?limit=1000").filter { $0["missed"] == .null }
    }

    private func runsOn(_ server: VitalsServer) async throws {
        let before = try await runs(server).count
        try await eventually(that: "it goes on") { try await runs(server).count >= before + 3 }
    }

    /// Each slot up to `offset` from the machine's time, less what may yet be in flight.
    private func account(_ server: VitalsServer, _ offset: Int) async throws -> SlotAccount {
        let account = try await SlotAccount.complete(
            of: Self.id, every: .seconds(1), at: server, until: MachineTime.wall + .seconds(offset))
        let instants = account.runs.compactMap { $0["at"].instant }
        #expect(instants == instants.sorted(by: >), "instants never go back")
        #expect(account.runs.allSatisfy { $0["outcome"].string == "pass" })
        return account
    }

    @Test("forward and back while it runs, back across a restart; more than an hour back it refuses")
    func steps() async throws {
        try await Stage.run { stage in
            let (target, receiver, time) = (
                try stage.httpTarget(), try stage.receiver(), try FakeTime(on: stage)
            )
            let server = try server(target, receiver, time, on: stage)
            try await server.start()
            try await server.healthCheck(Self.id, becomes: "healthy")
            try await runsOn(server)

            try time.step(to: Self.step)
            try await eventually(that: "the slots that never were are misses") {
                try await account(server, Self.step).misses["clock_jump", default: 0] > Self.step - 10
            }
            try await runsOn(server)

            // Twenty minutes back: the server's own time goes on.
            try time.step(to: -Self.step)
            try await runsOn(server)
            _ = try await account(server, Self.step)
            #expect(try await server.stop() == 0)

            // Ten minutes behind what is stored.
            try time.step(to: 0)
            let known = try await startAgain(server)
            try await runsOn(server)
            #expect(try await runs(server).count > known)
            _ = try await account(server, Self.step)
            #expect(try await server.api.healthCheck(Self.id)["state"].string == "healthy")
            #expect(try await server.stop() == 0)

            // More than an hour behind.
            try time.step(to: -3_600)
            try server.launch()
            #expect(try await server.waitForExit() == 75)
            #expect(server.output.contains("set the clock right"), "\(server.output)")
            try time.step(to: 0)
            #expect(try await startAgain(server) > known, "nothing was changed by the refusal")
            #expect(receiver.messages.isEmpty)
        }
    }

    /// How many runs are known then.
    private func startAgain(_ server: VitalsServer) async throws -> Int {
        try await server.start()
        return try await runs(server).count
    }
}
