import Foundation
import Testing
import VitalsTesting

@Suite("Checks on many systems, groups, and who is told, by the API", .oneOfAFew)
struct GroupsAndChecksTests {
    private static let json = [("content-type", "application/json")]

    private func send(
        _ server: VitalsServer, _ method: String, _ path: String, _ body: String = "",
        headers: [(String, String)] = []
    ) async throws -> HTTPMessage {
        try await server.api.send(method, "/api/v1/\(path)", headers: Self.json + headers, body: body)
    }

    private func code(_ answer: HTTPMessage) throws -> String? {
        try JSONValue(parsing: answer.text)["code"].string
    }

    @Test("a check is made, put on systems, changed, paused and deleted, and outlives a restart")
    func checks() async throws {
        try await Stage.run { stage in
            let (one, two) = (try stage.tcpTarget(), try stage.tcpTarget())
            let server = try VitalsServer(nil, on: stage)
            try await server.start()
            for (id, target) in [("a", one), ("b", two)] {
                let body = #"{"id":"\#(id)","labels":{"at":"\#(target.address)"}}"#
                #expect(try await send(server, "POST", "systems", body).status == 201)
            }
            let made = try await send(
                server, "POST", "checks",
                #"{"id":"ping","tcp":"{{system.at}}","interval_seconds":1,"systems":["a"]}"#)
            #expect(made.status == 201, "\(made.text)")
            #expect(made.headers["location"] == "/api/v1/checks/ping")
            #expect(try JSONValue(parsing: made.text)["health_checks"][0].string == "a.ping")
            let ofA = try await server.healthCheck("a.ping", becomes: "healthy")
            #expect(ofA["target"].string == one.address)
            #expect(ofA["paused"].bool == false)

            let missing = try await send(server, "POST", "systems", #"{"id":"c"}"#)
            #expect(missing.status == 201)
            let unlabelled = try await send(server, "PUT", "systems/c/checks/ping", "{}")
            #expect(unlabelled.status == 400)
            #expect(unlabelled.text.contains("has no label `at`"))
            let put = try await send(
                server, "PUT", "systems/b/checks/ping", #"{"thresholds":{"failure":1},"enabled":true}"#)
            #expect(put.status == 200, "\(put.text)")
            try await server.healthCheck("b.ping", becomes: "healthy")

            #expect(try await send(server, "POST", "checks/ping/pause").status == 200)
            #expect(try await server.api.healthCheck("a.ping")["paused"].bool == true)
            #expect(try await server.stop() == 0)
            try await server.start()
            #expect(try await server.api.json("checks/ping")["paused"].bool == true)
            let count = one.connections
            #expect(try await server.api.healthCheck("a.ping")["state"].string == "unknown")
            #expect(try await send(server, "POST", "checks/ping/resume").status == 200)
            try await server.healthCheck("a.ping", becomes: "healthy")
            #expect(one.connections > count)

            let off = try await send(server, "PUT", "systems/a/checks/ping", #"{"enabled":false}"#)
            #expect(try JSONValue(parsing: off.text)["enabled"].bool == false)
            #expect(try await send(server, "DELETE", "systems/a/checks/ping").status == 204)
            #expect(try await server.api.get("/api/v1/health-checks/a.ping").status == 404)
            #expect(try await send(server, "DELETE", "systems/a/checks/ping").status == 404)
            // What was switched off is not remembered of what was taken away.
            let again = try await send(server, "PUT", "systems/a/checks/ping", "{}")
            #expect(try JSONValue(parsing: again.text)["enabled"].bool == true)
            try await server.healthCheck("a.ping", becomes: "healthy")
            let stale = try await send(
                server, "DELETE", "checks/ping", headers: [("if-match", "\"1\"")])
            #expect(stale.status == 412)
            #expect(try await send(server, "DELETE", "systems/b").status == 204)
            #expect(try await server.api.json("checks/ping")["systems"].items.count == 1)
            #expect(try await send(server, "DELETE", "checks/ping").status == 204)
            #expect(try await server.api.all("health-checks").isEmpty)
        }
    }

    @Test("what a file says is only switched, paused and read, and the file is named")
    func ofFile() async throws {
        try await Stage.run { stage in
            let target = try stage.tcpTarget()
            let server = try VitalsServer(
                """
                groups: [{ id: web, name: Web }]
                systems: [{ id: a, groups: [web, loose], labels: { at: "\(target.address)" } }]
                checks: [{ id: ping, tcp: "{{system.at}}", interval: 1s, systems: "*" }]
                """, on: stage)
            try await server.start()
            try await server.healthCheck("a.ping", becomes: "healthy")
            #expect(try await send(server, "POST", "systems", #"{"id":"s"}"#).status == 201)
            #expect(try await server.api.json("checks/ping")["systems"].items.count == 1)
            for (method, path, body) in [
                ("PUT", "checks/ping", "{}"), ("DELETE", "checks/ping", ""), ("PUT", "groups/web", "{}"),
                ("DELETE", "groups/web", ""), ("PUT", "systems/s/checks/ping", "{}"),
                ("PUT", "systems/a/checks/ping", #"{"thresholds":{"failure":1}}"#),
                ("DELETE", "systems/a/checks/ping", ""),
                ("POST", "checks", #"{"id":"mine","tcp":"h:1","systems":["a"]}"#),
            ] {
                let answer = try await send(server, method, path, body)
                #expect(answer.status == 409, "\(method) \(path) \(answer.text)")
                #expect(answer.text.contains("vitals.yaml"), "\(method) \(path)")
            }
            let off = try await send(server, "PUT", "systems/a/checks/ping", #"{"enabled":false}"#)
            #expect(off.status == 200, "\(off.text)")
            #expect(try await send(server, "POST", "checks/ping/pause").status == 200)
            #expect(try await server.api.json("systems/a")["state"].string == "unknown")
        }
    }

    @Test("groups are those that are described and those that are named, as bad as their worst system")
    func groups() async throws {
        try await Stage.run { stage in
            let (well, down) = (try stage.tcpTarget(), try stage.tcpTarget(isOpen: false))
            let server = try VitalsServer(
                """
                defaults: { interval: 1s, thresholds: { failure: 1 } }
                groups: [{ id: empty, description: nothing yet }]
                systems:
                  - { id: a, groups: [web], checks: [{ id: port, tcp: "\(well.address)" }] }
                  - { id: b, groups: [web, db], checks: [{ id: port, tcp: "\(down.address)" }] }
                  - { id: c, groups: [web] }
                """, on: stage)
            try await server.start()
            try await server.healthCheck("a.port", becomes: "healthy")
            try await server.healthCheck("b.port", becomes: "unhealthy")
            let all = try await server.api.all("groups?limit=1")
            #expect(all.map { $0["id"].string } == ["db", "empty", "web"])
            #expect(all.map { $0["state"].string } == ["unhealthy", "unknown", "unhealthy"])
            #expect(all.map { $0["systems"].items.count } == [1, 0, 3])
            #expect(try await send(server, "DELETE", "groups/web").status == 404)
            let described = try await send(server, "PUT", "groups/web", #"{"name":"The web"}"#)
            #expect(described.status == 200, "\(described.text)")
            #expect(described.headers["etag"] == "\"1\"")
            #expect(try JSONValue(parsing: described.text)["name"].string == "The web")
            let taken = try await send(server, "POST", "groups", #"{"id":"web"}"#)
            #expect(try code(taken) == "taken")
            #expect(try await send(server, "POST", "groups", #"{"name":"New One"}"#).status == 201)
            #expect(try await server.stop() == 0)
            try await server.start()
            #expect(try await server.api.json("groups/web")["name"].string == "The web")
            #expect(try await send(server, "DELETE", "groups/web").status == 204)
            #expect(try await server.api.json("groups/web")["name"].string == "web")
            #expect(try await send(server, "DELETE", "groups/new-one").status == 204)
            #expect(try await server.api.get("/api/v1/groups/new-one").status == 404)
        }
    }

    @Test("who is told is changed whole or not at all, and stays so (S52, S57)")
    func bindings() async throws {
        try await Stage.run { stage in
            let (ops, mail) = (try stage.receiver(), try stage.receiver())
            let target = try stage.tcpTarget()
            let server = try VitalsServer(
                """
                defaults: { interval: 1s, confirm_every: off, thresholds: { failure: 1 } }
                channels:
                  - { id: ops, default: true, webhook: "\(ops.url)" }
                  - { id: mail, default: true, webhook: "\(mail.url)" }
                systems:
                  - { id: a, checks: [{ id: port, tcp: "\(target.address)" }] }
                  - { id: b, notify: [ops], checks: [{ id: port, tcp: "\(target.address)" }] }
                """, on: stage)
            try await server.start()
            let path = "health-checks/a.port/notifications"
            let before = try await server.api.json(path)
            #expect(before["notifications"].items.map { $0["channel"].string } == ["ops", "mail"])
            for wrong in [
                #"[{"channel":"ops"},{"channel":"ops"}]"#, #"[{"channel":"ops"},{"channel":"nobody"}]"#,
                #"[{"channel":"ops","on_down":false,"on_degraded":false,"on_recovered":false}]"#,
            ] {
                let answer = try await send(server, "PUT", path, #"{"notifications":\#(wrong)}"#)
                #expect(answer.status == 400, "\(wrong)")
                #expect(try code(answer) == "invalid_configuration")
                #expect(try await server.api.json(path)["notifications"].items.count == 2)
            }
            let ofFile = try await send(
                server, "PUT", "health-checks/b.port/notifications", #"{"notifications":[]}"#)
            #expect(try code(ofFile) == "managed_by_file")
            let none = try await send(
                server, "PUT", "health-checks/no.port/notifications", #"{"notifications":[]}"#)
            #expect(none.status == 404)

            let one = try await send(
                server, "PUT", path,
                #"{"notifications":[{"channel":"ops","on_recovered":false},"#
                    + #"{"channel":"mail","enabled":false}]}"#
            )
            #expect(one.status == 200, "\(one.text)")
            try await server.healthCheck("a.port", becomes: "healthy")
            target.close()
            try await eventually(that: "ops is told") { ops.messages(of: "down").count >= 2 }
            try target.open()
            try await server.healthCheck("a.port", becomes: "healthy")
            try await eventually(that: "b's recovery is told") { ops.messages(of: "recovered").count == 1 }
            #expect(ops.messages(of: "recovered").map(\.healthCheck) == ["b.port"])
            #expect(mail.messages.isEmpty)

            let empty = try await send(server, "PUT", path, #"{"notifications":[]}"#)
            #expect(empty.status == 200)
            #expect(try await server.stop() == 0)
            try await server.start()
            #expect(try await server.api.json(path)["notifications"].items.isEmpty)
            try await server.healthCheck("a.port", becomes: "healthy")
            target.close()
            try await eventually(that: "b is told of") { ops.messages(of: "down").count >= 3 }
            try await server.healthCheck("a.port", becomes: "unhealthy")
            #expect(ops.messages(of: "down").filter { $0.healthCheck == "a.port" }.count == 1)
        }
    }

    @Test("a channel whose bindings cannot be written is not there, nor after a restart (S54)")
    func bindingsCannotBeWritten() async throws {
        try await Stage.run { stage in
            let target = try stage.tcpTarget()
            let server = try VitalsServer(nil, on: stage)
            try await server.start()
            let system = #"{"id":"db","checks":[{"id":"port","tcp":"\#(target.address)"}]}"#
            #expect(try await send(server, "POST", "systems", system).status == 201)
            let tables = try StoredTables(of: server)
            // What the store keeps of a channel is one row, and the bindings follow from it.
            let patience = "PRAGMA busy_timeout = 20000;"
            _ = try await tables.rows(
                "\(patience) CREATE TRIGGER refuse BEFORE INSERT ON resource "
                    + "BEGIN SELECT RAISE(ABORT, 'refused'); END")
            let body =
                #"{"id":"ops","default":true,"webhook":{"url":"http://127.0.0.1:1/","#
                + #""secret":"\#(Self.secret)"}}"#
            let refused = try await send(server, "POST", "channels", body)
            #expect(refused.status == 503, "\(refused.text)")
            let path = "health-checks/db.port/notifications"
            #expect(try await server.api.all("channels").isEmpty)
            #expect(try await server.api.json(path)["notifications"].items.isEmpty)
            #expect(try await server.stop() == 0)
            try await server.start()
            #expect(try await server.api.all("channels").isEmpty)
            #expect(try await server.api.json(path)["notifications"].items.isEmpty)
            _ = try await tables.rows("\(patience) DROP TRIGGER refuse")
            #expect(try await send(server, "POST", "channels", body).status == 201)
            #expect(try await server.api.json(path)["notifications"][0]["channel"].string == "ops")
            #expect(try await send(server, "DELETE", "channels/ops").status == 204)
            #expect(try await server.api.json(path)["notifications"].items.isEmpty)
        }
    }

    @Test("one of two channels fails: the other is told once, and the failing one is tried again alone (S53)")
    func oneFails() async throws {
        try await Stage.run { stage in
            let (well, failing) = (try stage.receiver(), try stage.receiver(.answer(500)))
            let target = try stage.tcpTarget(isOpen: false)
            let server = try VitalsServer(
                """
                defaults: { interval: 1s, confirm_every: off, thresholds: { failure: 1 } }
                channels:
                  - { id: well, default: true, webhook: "\(well.url)" }
                  - { id: failing, default: true, webhook: "\(failing.url)" }
                systems: [{ id: a, checks: [{ id: port, tcp: "\(target.address)" }] }]
                """, on: stage)
            try await server.start()
            try await eventually(that: "the failing one is tried three times") { failing.messages.count >= 3 }
            #expect(well.messages.map(\.type) == ["down"])
            #expect(Set(failing.messages.map(\.id)).count == 1)
            failing.target.behave(.answer(204, body: ""))
            try await eventually(that: "it is told at last") {
                try await server.api.all("deliveries").filter { $0["status"].string == "delivered" }.count
                    == 2
            }
            #expect(well.messages.count == 1)
        }
    }

    private static let secret = "whsec_" + Data(repeating: 7, count: 32).base64EncodedString()

    @Test("secrets are kept for the address that they were given for, and for no other")
    func keptSecrets() async throws {
        try await Stage.run { stage in
            let (mine, evil) = (try stage.receiver(), try stage.receiver())
            let server = try VitalsServer(nil, on: stage)
            try await server.start()
            let made = try await send(
                server, "POST", "channels",
                #"{"id":"ops","webhook":{"url":"\#(mine.url)","secret":"\#(mine.secret)"}}"#)
            #expect(made.status == 201, "\(made.text)")
            let stolen = try await send(server, "PUT", "channels/ops", #"{"webhook":{"url":"\#(evil.url)"}}"#)
            #expect(stolen.status == 400)
            let problem = try JSONValue(parsing: stolen.text)
            #expect(problem["problems"][0]["path"].string == "webhook.secret")
            #expect(try await send(server, "POST", "channels/ops/test").status == 200)
            #expect(evil.messages.isEmpty)
            #expect(mine.messages.map(\.isSigned) == [true])
            let given = try await send(
                server, "PUT", "channels/ops",
                #"{"webhook":{"url":"\#(evil.url)","secret":"\#(evil.secret)"}}"#)
            #expect(given.status == 200, "\(given.text)")
        }
    }
}
