import Foundation
import Testing
import VitalsTesting

@Suite("Mails about the whole service", .oneOfAFew)
struct WholeServiceTests {
    private func server(
        _ first: TCPTarget, _ second: TCPTarget, _ mails: MailServer, _ more: [String: String] = [:],
        on stage: Stage
    ) throws -> VitalsServer {
        let password = try stage.makeFolder().appending(path: "password")
        try Data("\(MailServer.password)\n".utf8).write(to: password)
        let variables = [
            "ALERT_EMAIL": "ops@example.com, dev@example.com", "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": "\(mails.port)", "SMTP_SECURITY": "none", "SMTP_FROM": "vitals@example.com",
            "SMTP_USERNAME": MailServer.user, "SMTP_PASSWORD_FILE": password.path,
            "HEALTH_CHECK_INTERVAL_SECS": "1", "ALERT_COOLDOWN_SECS": "0",
        ]
        return try VitalsServer(
            """
            defaults: { interval: 1s, confirm_every: off, thresholds: { failure: 1 } }
            health: { components: { db: db, shop: shop }, critical: [db] }
            systems:
              - { id: db, checks: [{ id: port, tcp: "\(first.address)" }] }
              - { id: shop, checks: [{ id: port, tcp: "\(second.address)" }] }
            """,
            environment: variables.merging(more) { $1 }, on: stage)
    }

    private func subjects(_ mails: MailServer) throws -> [String] {
        try mails.mails.map { try JSONValue(parsing: $0)["subject"].string ?? "" }
    }

    private func send(
        _ server: VitalsServer, _ method: String, _ path: String, _ body: String
    ) async throws -> HTTPMessage {
        try await server.api.send(
            method, "/api/v1/\(path)", headers: [("content-type", "application/json")], body: body)
    }

    @Test("say degraded, down and recovered, with the status before (S20, S21, S22)")
    func mails() async throws {
        try await Stage.run { stage in
            let (db, shop) = (try stage.tcpTarget(), try stage.tcpTarget(isOpen: false))
            let mails = try await MailServer(MailServer.Settings(wantsLogin: true))
            let server = try server(db, shop, mails, on: stage)
            try await server.start()
            try await eventually(that: "the first look is told") {
                try subjects(mails) == ["[Vitals] DEGRADED - The whole service is degraded"]
            }
            let first = try JSONValue(parsing: mails.mails[0])
            // The one that answers may have been looked at before the one that does not.
            let words = first["text"].string ?? ""
            #expect(["unknown", "operational"].contains { words.contains(" degraded (was: \($0))\n") })
            #expect(first["text"].string?.contains("shop: FAIL, 1 OK\n") == true)
            #expect(first["recipients"].items.map(\.string) == ["ops@example.com", "dev@example.com"])
            db.close()
            try await eventually(that: "it is down") {
                try subjects(mails).last == "[Vitals] DOWN - The whole service is down"
            }
            try db.open()
            try shop.open()
            try await eventually(that: "it has recovered") {
                try subjects(mails).last == "[Vitals] RECOVERED - The whole service has recovered"
            }
            let last = try JSONValue(parsing: try #require(mails.mails.last))["text"].string ?? ""
            #expect(last.contains(" operational (was: "), "\(last)")
            #expect(last.contains(" ms"), "\(last)")
        }
    }

    @Test("come of a system that nobody counts and that only the environment changes")
    func managed() async throws {
        try await Stage.run { stage in
            let (db, shop) = (try stage.tcpTarget(), try stage.tcpTarget())
            let mails = try await MailServer(MailServer.Settings(wantsLogin: true))
            let server = try server(db, shop, mails, on: stage)
            try await server.start()
            for id in ["db.port", "shop.port", "whole-service.status"] {
                try await server.healthCheck(id, becomes: "healthy")
            }
            let health = try JSONValue(parsing: try await server.api.get("/health").text)
            #expect(health["details"]["whole-service"] == .null)
            let status = try await VitalsProgram.run(
                ["status", "--url", "http://127.0.0.1:\(server.port)"], on: stage)
            #expect(status.output == "2 healthy\n", "\(status)")
            let system = try await server.api.json("systems/whole-service")
            #expect(system["managed_by"]["environment"].string == "ALERT_EMAIL")
            for (method, path, body) in [
                ("PUT", "systems/whole-service", "{}"), ("DELETE", "systems/whole-service", ""),
                ("PUT", "channels/alert-email", "{}"), ("DELETE", "channels/alert-email", ""),
                ("PATCH", "health-checks/whole-service.status", #"{"interval_seconds":5}"#),
                ("PUT", "health-checks/whole-service.status/notifications", #"{"notifications":[]}"#),
                ("POST", "checks", #"{"id":"mine","tcp":"h:1","systems":["whole-service"]}"#),
            ] {
                let answer = try await send(server, method, path, body)
                #expect(answer.status == 409, "\(method) \(path) \(answer.text)")
                #expect(answer.text.contains("ALERT_EMAIL manages it"), "\(method) \(path) \(answer.text)")
            }
            let off = try await send(
                server, "PATCH", "health-checks/whole-service.status", #"{"enabled":false}"#)
            #expect(off.status == 200, "\(off.text)")
            let test = try await send(server, "POST", "channels/alert-email/test", "")
            #expect(test.status == 200, "\(test.text)")
        }
    }

    @Test("are sent by nobody without a server for them, and a start says so")
    func refusals() async throws {
        try await Stage.run { stage in
            let (db, shop) = (try stage.tcpTarget(), try stage.tcpTarget())
            let mails = try await MailServer()
            let without = try server(db, shop, mails, ["SMTP_HOST": ""], on: stage)
            try without.launch()
            #expect(try await without.waitForExit() == 78)
            #expect(without.output.contains("ALERT_EMAIL: needs SMTP_HOST as well"))
            let off = try server(
                db, shop, mails, ["ALERT_EMAIL": "", "HEALTH_CHECK_INTERVAL_SECS": "abc"], on: stage)
            try await off.start()
            #expect(off.output.contains("ALERT_EMAIL is not set: nobody is mailed"), "\(off.output)")
            #expect(off.output.contains("HEALTH_CHECK_INTERVAL_SECS"), "\(off.output)")
            #expect(try await off.api.all("systems").count == 2)
        }
    }
}
