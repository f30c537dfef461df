import Foundation
import Testing
import VitalsCore
import VitalsTesting

@Suite("Snoozing a health check, whoever wrote it down", .oneOfAFew)
struct SnoozeTests {
    private static let path = "/api/v1/health-checks/db.port"

    private static func yaml(
        _ target: TCPTarget, _ receiver: WebhookReceiver, system: String = "db"
    ) -> String {
        """
        defaults: { interval: 1s, confirm_every: off, thresholds: { failure: 1 } }
        channels: [{ id: ops, default: true, webhook: { url: "\(receiver.url)" } }]
        systems: [{ id: \(system), checks: [{ id: port, tcp: "\(target.address)" }] }]
        """
    }

    private func snooze(_ server: VitalsServer, until instant: Timestamp?) async throws -> HTTPMessage {
        try await patch(server, #"{"snoozed_until":\#(instant.map { "\"\($0.iso8601)\"" } ?? "null")}"#)
    }

    private func patch(_ server: VitalsServer, _ body: String) async throws -> HTTPMessage {
        try await server.api.send(
            "PATCH", Self.path, headers: [("content-type", "application/json")], body: body)
    }

    @Test("nothing bad is told of it until it is over or ended by hand, through a kill, and it is shown")
    func snoozing() async throws {
        try await Stage.run { stage in
            let target = try stage.tcpTarget(isOpen: false)
            let receiver = try stage.receiver()
            let yaml = Self.yaml(target, receiver).replacing("id: port", with: "id: port, enabled: false")
            let server = try VitalsServer(yaml, on: stage)
            let until = MachineTime.wall + .seconds(3_600)
            try await server.start()
            let answer = try await snooze(server, until: until)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(try JSONValue(parsing: answer.text)["snoozed_until"].string == until.iso8601)
            #expect(try await patch(server, #"{"enabled":true}"#).status == 200)
            try await server.healthCheck("db.port", becomes: "unhealthy")
            let pending = try await eventually("a message waits for the end of the snooze") {
                try await server.api.all("deliveries").first { $0["status"].string == "pending" }
            }
            #expect(pending["type"].string == "down")
            #expect(pending["next_attempt_at"].string == until.iso8601)

            try await server.stop(SIGKILL)
            try await server.start()
            try await server.healthCheck("db.port", becomes: "unhealthy")
            #expect(try await server.api.healthCheck("db.port")["snoozed_until"].string == until.iso8601)
            #expect(receiver.messages.isEmpty)
            let status = try await VitalsProgram.run(
                ["status", "--url", "http://127.0.0.1:\(server.port)"], on: stage)
            let said = "  snoozed until \(until.iso8601); refused in connect: "
            #expect(status.output.contains(said), "\(status)")

            let ended = try await snooze(server, until: nil)
            #expect(try JSONValue(parsing: ended.text)["snoozed_until"] == .null)
            try await eventually(that: "what was held back is told") {
                receiver.messages.map(\.type) == ["down"]
            }
        }
    }

    @Test("one that ended while the server was down is over at the start, and what is down is told")
    func endedMeanwhile() async throws {
        try await Stage.run { stage in
            let target = try stage.tcpTarget()
            let receiver = try stage.receiver()
            let server = try VitalsServer(Self.yaml(target, receiver), on: stage)
            try await server.start()
            try await server.healthCheck("db.port", becomes: "healthy")
            let until = MachineTime.wall + .seconds(15)
            #expect(try await snooze(server, until: until).status == 200)
            target.close()
            try await server.healthCheck("db.port", becomes: "unhealthy")
            try await server.stop(SIGKILL)
            #expect(receiver.messages.isEmpty)
            try await eventually(that: "the snooze is over") { MachineTime.wall > until }
            try await server.start()
            try await eventually(that: "it is told") { receiver.messages.map(\.type) == ["down"] }
            #expect(try await server.api.healthCheck("db.port")["snoozed_until"] == .null)
            #expect(receiver.messages.first.map { $0.arrivedAt >= until } == true)
        }
    }

    @Test("only an instant within a year is one; a new name keeps it")
    func refusals() async throws {
        try await Stage.run { stage in
            let target = try stage.tcpTarget()
            let receiver = try stage.receiver()
            let server = try VitalsServer(Self.yaml(target, receiver), on: stage)
            try await server.start()
            let (past, far) = (MachineTime.wall - .seconds(5), MachineTime.wall + .seconds(367 * 86_400))
            for value in [
                "\"\(past.iso8601)\"", "\"\(far.iso8601)\"", "\"tomorrow\"", "\"2026-13-01T00:00:00Z\"",
                "1795219200", "true", "[]", "\"\"",
            ] {
                let answer = try await patch(server, #"{"enabled":false,"snoozed_until":\#(value)}"#)
                #expect(answer.status == 400, "\(value)")
                #expect(answer.text.contains("snoozed_until"), "\(value)")
            }
            let check = try await server.api.healthCheck("db.port")
            #expect(check["enabled"].bool == true && check["snoozed_until"] == .null)
            let until = MachineTime.wall + .seconds(86_400)
            #expect(try await snooze(server, until: until).status == 200)
            let renamed = Self.yaml(target, receiver, system: "store, renamed_from: db")
            try Data(renamed.utf8).write(to: server.configuration)
            server.signal(SIGHUP)
            let kept = try await eventually("it is called otherwise") {
                let all = try await server.api.all("health-checks")
                return all.first { $0["id"].string == "store.port" }
            }
            #expect(kept["snoozed_until"].string == until.iso8601)
        }
    }
}
