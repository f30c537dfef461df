import Foundation
import Testing
import VitalsTesting

@Suite("Switching a channel off and on", .oneOfAFew)
struct ChannelSwitchTests {
    private func patch(
        _ server: VitalsServer, _ body: String, of channel: String = "ops"
    ) async throws -> HTTPMessage {
        try await server.api.send(
            "PATCH", "/api/v1/channels/\(channel)", headers: [("content-type", "application/json")],
            body: body)
    }

    private func deliveries(_ server: VitalsServer) async throws -> [JSONValue] {
        try await server.api.all("deliveries").filter { $0["channel"].string == "ops" }
    }

    @Test("while it is off nothing is sent by it, what it was told is closed unsent, whoever wrote it (S53)")
    func switching() async throws {
        try await Stage.run { stage in
            let target = try stage.tcpTarget(isOpen: false)
            let (ops, other) = (try stage.receiver(), try stage.receiver())
            let server = try VitalsServer(
                """
                defaults: { interval: 1s, confirm_every: off, thresholds: { failure: 1 } }
                channels:
                  - { id: ops, default: true, webhook: { url: "\(ops.url)" } }
                  - { id: other, default: true, webhook: { url: "\(other.url)" } }
                systems: [{ id: db, checks: [{ id: port, tcp: "\(target.address)" }] }]
                """, on: stage)
            try await server.start()
            try await eventually(that: "both are told") {
                ops.messages.map(\.type) == ["down"] && other.messages.map(\.type) == ["down"]
            }
            let off = try await patch(server, #"{"enabled":false}"#)
            #expect(off.status == 200, "\(off.text)")
            #expect(try JSONValue(parsing: off.text)["enabled"].bool == false)
            try target.open()
            try await eventually(that: "the other one is told the end") {
                other.messages.map(\.type) == ["down", "recovered"]
            }
            target.close()
            try await eventually(that: "the other one is told again") {
                other.messages.map(\.type) == ["down", "recovered", "down"]
            }
            #expect(ops.messages.map(\.type) == ["down"])
            let test = try await server.api.send("POST", "/api/v1/channels/ops/test")
            #expect(test.status == 409)
            #expect(try JSONValue(parsing: test.text)["code"].string == "channel_disabled")

            // It is no part of the file, and outlives a kill.
            try await server.stop(SIGKILL)
            try await server.start()
            #expect(try await server.api.json("channels/ops")["enabled"].bool == false)
            let on = try await patch(server, #"{"enabled":true}"#)
            #expect(try JSONValue(parsing: on.text)["enabled"].bool == true)
            try target.open()
            try await eventually(that: "the other one is told the end again") {
                other.messages.last?.type == "recovered"
            }
            target.close()
            try await eventually(that: "it is told what happens from now on") {
                ops.messages.map(\.type) == ["down", "down"]
            }
        }
    }

    @Test("what waits for it is withdrawn; only a flag switches")
    func withdrawn() async throws {
        try await Stage.run { stage in
            let target = try stage.tcpTarget(isOpen: false)
            let ops = try stage.receiver(.answer(503))
            let server = try VitalsServer(
                """
                defaults: { interval: 1s, confirm_every: off, thresholds: { failure: 1 } }
                channels: [{ id: ops, default: true, enabled: false, webhook: { url: "\(ops.url)" } }]
                systems: [{ id: db, checks: [{ id: port, tcp: "\(target.address)" }] }]
                """, on: stage)
            try await server.start()
            try await server.healthCheck("db.port", becomes: "unhealthy")
            #expect(try await deliveries(server).isEmpty)
            #expect(try await patch(server, #"{"enabled":true}"#).status == 200)
            try target.open()
            try await server.healthCheck("db.port", becomes: "healthy")
            target.close()
            try await eventually(that: "it is tried") { ops.messages.count > 0 }
            #expect(try await patch(server, #"{"enabled":false}"#).status == 200)
            try await eventually(that: "it is withdrawn") {
                try await deliveries(server).last?["status"].string == "cancelled"
            }
            for body in [#"{"enabled":"no"}"#, #"{"enabled":null}"#, #"{"default":false}"#, "[]", "{"] {
                #expect(try await patch(server, body).status == 400, "\(body)")
            }
            #expect(try await patch(server, "{}").status == 200)
            #expect(try await patch(server, "{}", of: "none").status == 404)
        }
    }
}
