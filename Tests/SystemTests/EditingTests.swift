import Foundation
import Testing
import VitalsTesting

@Suite("Changing the configuration by the API", .oneOfAFew)
struct EditingTests {
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

    @Test("a system made of a connection runs with the defaults of the environment, and outlives it (S1, S2)")
    func connection() async throws {
        try await Stage.run { stage in
            let target = try stage.httpTarget()
            let server = try VitalsServer(
                nil,
                environment: [
                    "DEFAULT_HEALTH_CHECK_INTERVAL": "2s", "DEFAULT_HEALTH_CHECK_TIMEOUT": "1s",
                ], on: stage)
            try await server.start()
            let made = try await send(
                server, "POST", "systems", #"{"name":"Web Shop","connection":"\#(target.url)"}"#)
            #expect(made.status == 201, "\(made.text)")
            #expect(made.headers["location"] == "/api/v1/systems/web-shop")
            #expect(made.headers["etag"] == "\"1\"")
            let system = try JSONValue(parsing: made.text)
            #expect(system["managed_by"] == .null)
            #expect(system["health_checks"][0].string == "web-shop.connection")
            let check = try await server.healthCheck("web-shop.connection", becomes: "healthy")
            #expect(check["interval_seconds"].number == 2)
            #expect(check["timeout_seconds"].number == 1)
            #expect(try await server.stop() == 0)
            try await server.start()
            try await server.healthCheck("web-shop.connection", becomes: "healthy")
        }
    }

    @Test("what is wrong, taken or a file's is refused, and nothing has changed")
    func refusals() async throws {
        try await Stage.run { stage in
            let target = try stage.tcpTarget()
            let server = try VitalsServer(
                "systems: [{ id: db, checks: [{ id: port, tcp: \"\(target.address)\" }] }]", on: stage)
            try await server.start()
            let check = #"{"id":"port","tcp":"\#(target.address)","interval_seconds":0}"#
            let wrong = try await send(
                server, "POST", "systems", #"{"id":"shop","checks":[\#(check)]}"#)
            #expect(wrong.status == 400)
            let problem = try JSONValue(parsing: wrong.text)
            #expect(problem["code"].string == "invalid_configuration")
            #expect(problem["problems"][0]["path"].string == "checks[0].interval_seconds")
            let taken = try await send(server, "POST", "systems", #"{"id":"db","checks":[]}"#)
            #expect(taken.status == 409)
            #expect(try code(taken) == "taken")
            for method in ["PUT", "DELETE"] {
                let ofFile = try await send(server, method, "systems/db", #"{"checks":[]}"#)
                #expect(ofFile.status == 409)
                #expect(try code(ofFile) == "managed_by_file")
                #expect(ofFile.text.contains("vitals.yaml"))
            }
            let nobody = try await send(server, "DELETE", "systems/none")
            #expect(nobody.status == 404)
            let plain = try await server.api.send("POST", "/api/v1/systems", body: "{}")
            #expect(plain.status == 415)
            for text in ["", "[]", "{", #"{"id":"a","id":"b"}"#] {
                let answer = try await send(server, "POST", "systems", text)
                #expect(answer.status == 400, "\(text)")
                #expect(try code(answer) == "bad_json", "\(text)")
            }
            let large = String(repeating: " ", count: 1_048_577)
            #expect(try await send(server, "POST", "channels", large).status == 413)
            #expect(try await server.api.all("systems").count == 1)
        }
    }

    @Test("what is deleted takes its health checks or bindings along, if it is the version meant (S56)")
    func deleting() async throws {
        try await Stage.run { stage in
            let target = try stage.tcpTarget()
            let server = try VitalsServer(nil, on: stage)
            try await server.start()
            let body = #"{"id":"db","checks":[{"id":"port","tcp":"\#(target.address)"}]}"#
            #expect(try await send(server, "POST", "systems", body).status == 201)
            let other = #"{"name":"Orders","checks":[{"id":"port"}]}"#
            let stale = try await send(
                server, "PUT", "systems/db", other, headers: [("if-match", "\"7\"")])
            #expect(stale.status == 412)
            #expect(try code(stale) == "changed_meanwhile")
            let changed = try await send(
                server, "PUT", "systems/db", other, headers: [("if-match", "\"1\"")])
            #expect(changed.status == 200, "\(changed.text)")
            #expect(changed.headers["etag"] == "\"2\"")
            #expect(try await server.api.healthCheck("db.port")["target"].string == target.address)
            let ops = #"{"id":"ops","webhook":{"url":"http://127.0.0.1:1/"}}"#
            #expect(try await send(server, "POST", "channels", ops).status == 201)
            let bound = #"{"notify":["ops"],"checks":[{"id":"port","notify":{"ops":{}}}]}"#
            #expect(try await send(server, "PUT", "systems/db", bound).status == 200)
            #expect(try await send(server, "DELETE", "channels/ops").status == 204)
            #expect(try await server.api.all("channels").isEmpty)
            let gone = try await send(server, "DELETE", "systems/db")
            #expect(gone.status == 204)
            #expect(try await server.api.get("/api/v1/systems/db").status == 404)
            #expect(try await server.api.get("/api/v1/health-checks/db.port").status == 404)
        }
    }

    @Test("a health check is changed in what is named, whole or not at all (S51)")
    func patching() async throws {
        try await Stage.run { stage in
            let target = try stage.tcpTarget()
            let server = try VitalsServer(
                "systems: [{ id: file, checks: [{ id: port, tcp: \"\(target.address)\" }] }]", on: stage)
            try await server.start()
            let made = #"{"id":"db","checks":[{"id":"port","tcp":"\#(target.address)"}]}"#
            #expect(try await send(server, "POST", "systems", made).status == 201)
            let path = "health-checks/db.port"
            for (body, expected) in [
                (#"{"interval_seconds":0}"#, "invalid_configuration"),
                (#"{"interval_seconds":-5}"#, "invalid_configuration"),
                (#"{"thresholds":{"failure":0}}"#, "invalid_configuration"),
                (#"{"colour":"red"}"#, "invalid_configuration"),
                (#"{"enabled":"yes"}"#, "invalid_configuration"), ("{", "bad_json"),
            ] {
                let answer = try await send(server, "PATCH", path, body)
                #expect(answer.status == 400, "\(body)")
                #expect(try code(answer) == expected, "\(body)")
            }
            #expect(try await server.api.healthCheck("db.port")["interval_seconds"].number == 60)
            #expect(try await send(server, "PATCH", "health-checks/no.port", "{}").status == 404)
            let changed = try await send(
                server, "PATCH", path, #"{"interval_seconds":30,"thresholds":{"failure":1}}"#)
            #expect(changed.status == 200, "\(changed.text)")
            let check = try JSONValue(parsing: changed.text)
            #expect(check["interval_seconds"].number == 30)
            #expect(check["timeout_seconds"].number == 5)
            let ofFile = try await send(
                server, "PATCH", "health-checks/file.port", #"{"interval_seconds":30}"#)
            #expect(try code(ofFile) == "managed_by_file")
            for isEnabled in [false, true] {
                let answer = try await send(
                    server, "PATCH", "health-checks/file.port", #"{"enabled":\#(isEnabled)}"#)
                #expect(answer.status == 200, "\(answer.text)")
                #expect(try JSONValue(parsing: answer.text)["enabled"].bool == isEnabled)
            }
        }
    }

    @Test("secrets of channels and targets are kept, and neither answered nor readable in the store (S61)")
    func secrets() async throws {
        try await Stage.run { stage in
            let receiver = try stage.receiver()
            let server = try VitalsServer(nil, on: stage)
            try await server.start()
            let secret = receiver.secret
            let made = try await send(
                server, "POST", "channels",
                #"{"id":"ops","webhook":{"url":"\#(receiver.url)","secret":"\#(secret)"}}"#)
            #expect(made.status == 201, "\(made.text)")
            let system = try await send(
                server, "POST", "systems",
                #"{"id":"db","connection":"postgres://monitor:pass-Xk47@127.0.0.1:1/orders"}"#)
            #expect(system.status == 201, "\(system.text)")
            let put = try await send(
                server, "PUT", "channels/ops", #"{"default":true,"webhook":{"url":"\#(receiver.url)"}}"#)
            #expect(put.status == 200, "\(put.text)")
            let channel = try await server.api.json("channels/ops")
            #expect(channel["default"].bool == true)
            #expect(channel["secrets"]["secret"].bool == true)
            var texts = [made.text, system.text, put.text]
            for path in ["channels", "channels/ops", "systems/db", "health-checks/db.connection"] {
                texts.append(try await server.api.get("/api/v1/\(path)").text)
            }
            #expect(try await send(server, "POST", "channels/ops/test").status == 200)
            let signed = receiver.messages.map(\.isSigned)
            #expect(signed == [true])
            #expect(try await server.stop() == 0)
            for file in try FileManager.default.contentsOfDirectory(
                at: server.data, includingPropertiesForKeys: nil)
            {
                let bytes = try Data(contentsOf: file).filter { $0 < 128 }
                texts.append(String(decoding: bytes, as: Unicode.ASCII.self))
            }
            for (index, text) in texts.enumerated() {
                for hidden in [secret, "Xk47"] {
                    #expect(!text.contains(hidden), "text \(index) holds a secret")
                }
            }
        }
    }
}
