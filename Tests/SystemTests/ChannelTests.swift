import Testing
import VitalsCore
import VitalsTesting

@Suite("Channels", .oneOfAFew)
struct ChannelTests {
    /// Two channels, a health check that fails at once and one that is well.
    private func server(
        _ first: WebhookReceiver, _ second: WebhookReceiver, down: TCPTarget, well: TCPTarget, on stage: Stage
    ) throws -> VitalsServer {
        try VitalsServer(
            """
            channels:
              - { id: first, default: true, webhook: { url: "\(first.url)", secret: "\(first.secret)" } }
              - { id: second, default: true, webhook: { url: "\(second.url)", secret: "\(second.secret)" } }
            systems:
              - id: db
                checks:
                  - { id: down, tcp: "\(down.address)", interval: 1s, thresholds: { failure: 1, success: 1 } }
                  - { id: well, tcp: "\(well.address)", interval: 1s }
            """, on: stage)
    }

    /// The deliveries to one channel, oldest first.
    private func deliveries(to channel: String, of server: VitalsServer) async throws -> [JSONValue] {
        try await server.api.all("deliveries").filter { $0["channel"].string == channel }
    }

    @Test("one that never answers is given up after 8 s, delays nobody, and is tried again (S68)")
    func hanging() async throws {
        try await Stage.run { stage in
            let (stuck, fine) = (try stage.receiver(.hang), try stage.receiver())
            let (down, well) = (try stage.tcpTarget(isOpen: false), try stage.tcpTarget())
            let server = try server(stuck, fine, down: down, well: well, on: stage)
            try await server.start()
            try await eventually(that: "the other channel is told", within: .seconds(6)) {
                fine.messages.map(\.type) == ["down"]
            }
            try await eventually(that: "the stuck one is tried") { stuck.target.connections >= 1 }
            let failed = try await eventually("it is given up") {
                try await deliveries(to: "first", of: server).first { $0["status"].string == "failed" }
            }
            // Both attempts begin together; by the server's own account one of them took no time at all.
            let told = try #require(try await deliveries(to: "second", of: server).first?["at"].instant)
            let lasted = Duration.microseconds(try #require(failed["at"].instant) - told)
            #expect(lasted > .seconds(7) && lasted < .seconds(11), "\(lasted)")
            #expect(failed["attempt"].number == 1)
            #expect(failed["next_attempt_at"].instant != nil)

            stuck.target.behave(.answer(204, body: ""))
            let delivered = try await eventually("it is told after all", within: .seconds(40)) {
                try await deliveries(to: "first", of: server).first { $0["status"].string == "delivered" }
            }
            #expect(try #require(delivered["attempt"].number) >= 2)
            #expect(stuck.messages.last?.id == failed["notification"].string)
            #expect(stuck.messages.last?.isSigned == true)
            #expect(fine.messages.count == 1)

            for id in ["db.down", "db.well"] {
                let account = try await SlotAccount.complete(of: id, every: .seconds(1), at: server)
                #expect(account.misses == [:], "\(id)")
            }
        }
    }

    @Test("one that is gone (410) is not tried again, and the server says so of itself elsewhere")
    func gone() async throws {
        try await Stage.run { stage in
            let (gone, fine) = (try stage.receiver(.answer(410)), try stage.receiver())
            let (down, well) = (try stage.tcpTarget(isOpen: false), try stage.tcpTarget())
            let server = try server(gone, fine, down: down, well: well, on: stage)
            try await server.start()
            let failed = try await eventually("it is given up") {
                try await deliveries(to: "first", of: server).first {
                    $0["type"].string == "down" && $0["status"].string == "failed"
                }
            }
            #expect(failed["http_status"].number == 410)
            #expect(failed["next_attempt_at"] == .null)
            let own = try await eventually("the server speaks of itself") {
                fine.messages.first { $0.type == "self" }
            }
            #expect(own.body["health_check"] == .null)
            #expect(own.body["reason"].string?.isEmpty == false)
            #expect(own.isSigned)
            #expect(gone.messages(of: "down").count == 1)
        }
    }

    @Test("one that asks for patience (429) is tried again later under the same id")
    func patience() async throws {
        try await Stage.run { stage in
            let busy = try stage.receiver(.answer(429, headers: [("retry-after", "2")]))
            let fine = try stage.receiver()
            let (down, well) = (try stage.tcpTarget(isOpen: false), try stage.tcpTarget())
            let server = try server(busy, fine, down: down, well: well, on: stage)
            try await server.start()
            try await eventually(that: "it is tried") { !busy.messages.isEmpty }
            busy.target.behave(.answer(200))
            try await eventually(that: "it is delivered", within: .seconds(40)) {
                try await deliveries(to: "first", of: server).contains { $0["status"].string == "delivered" }
            }
            let messages = busy.messages
            #expect(Set(messages.map(\.id)).count == 1)
            #expect(messages.allSatisfy { $0.isSigned })
            let first = try #require(messages.first)
            let last = try #require(messages.last)
            let pause = last.arrivedAt - first.arrivedAt
            #expect(pause >= .milliseconds(1_900), "\(pause)")
        }
    }

    @Test("a redirect is not followed")
    func redirect() async throws {
        try await Stage.run { stage in
            let elsewhere = try stage.httpTarget()
            let moved = try stage.receiver(.answer(302, headers: [("location", "\(elsewhere.url)/")]))
            let fine = try stage.receiver()
            let (down, well) = (try stage.tcpTarget(isOpen: false), try stage.tcpTarget())
            let server = try server(moved, fine, down: down, well: well, on: stage)
            try await server.start()
            let failed = try await eventually("it fails") {
                try await deliveries(to: "first", of: server).first { $0["status"].string == "failed" }
            }
            #expect(failed["http_status"].number == 302)
            #expect(elsewhere.connections == 0)
        }
    }
}
