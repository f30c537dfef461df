import Testing
import VitalsCore
import VitalsTesting

/// The disk is full for a while and has room again: what must hold, however it came to be full.
struct FullDiskStory {
    let yaml: String
    private let well: HTTPTarget
    private let breaking: TCPTarget
    private let receiver: WebhookReceiver

    init(on stage: Stage) throws {
        well = try stage.httpTarget()
        breaking = try stage.tcpTarget()
        receiver = try stage.receiver()
        yaml = """
            defaults: { interval: 500ms, thresholds: { failure: 1, success: 1 }, confirm_every: off }
            channels:
              - { id: ops, default: true, webhook: { url: "\(receiver.url)", secret: "\(receiver.secret)" } }
            systems:
              - { id: web, checks: [{ id: check, http: "\(well.url)/" }] }
              - { id: port, checks: [{ id: check, tcp: "\(breaking.address)" }] }
            """
    }

    func tell(
        _ server: VitalsServer, fill: () async throws -> Void, free: () async throws -> Void
    ) async throws {
        try await server.start()
        for id in ["web.check", "port.check"] { try await server.healthCheck(id, becomes: "healthy") }
        try await fill()
        try await eventually(that: "it says so of itself", within: .seconds(30)) {
            let health = try JSONValue(parsing: try await server.api.get("/health").text)
            return health["details"]["database"].string == "degraded"
                && receiver.messages.map { $0.body["reason"].string } == ["store_unwritable"]
        }
        #expect(try await server.api.get("/readyz").status == 503)
        breaking.close()
        let before = well.requests.count
        try await eventually(that: "it goes on probing") { well.requests.count > before + 10 }
        // What is not written down is neither shown nor told.
        #expect(try await server.api.healthCheck("port.check")["state"].string == "healthy")
        #expect(receiver.messages(of: "down").isEmpty)

        let freed = MachineTime.wall
        try await free()
        try await eventually(that: "the outage is told", within: .seconds(40)) {
            receiver.messages(of: "down").count == 1
        }
        try await eventually(that: "it is ready") { try await server.api.get("/readyz").status == 200 }
        let down = try #require(receiver.messages(of: "down").first)
        #expect(try #require(down.body["at"].instant) < freed.microseconds, "told with its own time")
        try breaking.open()
        try await eventually(that: "its end is told") { receiver.messages(of: "recovered").count == 1 }
        #expect(receiver.messages.filter { $0.body["reason"].string == "store_unwritable" }.count == 1)
        #expect(ToldAccount(receiver.messages, kills: []).complaints == [])
        try await expectNothingLost(at: server)
    }

    /// Every request that a target has had is a run, and no slot was given up for the store's sake.
    private func expectNothingLost(at server: VitalsServer) async throws {
        let requests = well.requests.count
        for id in ["web.check", "port.check"] {
            let account = try await SlotAccount.complete(of: id, every: .milliseconds(500), at: server)
            #expect(account.misses["store"] == nil && account.misses["not_running"] == nil, "\(id)")
            if id == "web.check" { #expect(account.runs.count >= requests) }
        }
    }
}
