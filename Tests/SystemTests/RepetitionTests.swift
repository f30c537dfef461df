import Foundation
import Testing
import VitalsTesting

@Suite("Requests that are sent again", .oneOfAFew)
struct RepetitionTests {
    private static func post(
        _ server: VitalsServer, _ path: String, _ body: String = "", key: String
    ) async throws -> HTTPMessage {
        try await server.api.send(
            "POST", "/api/v1/\(path)",
            headers: [("content-type", "application/json"), ("idempotency-key", key)], body: body)
    }

    @Test("a system is made once, also if the server is killed before it can be sent again")
    func creation() async throws {
        try await Stage.run { stage in
            let target = try stage.tcpTarget()
            let server = try VitalsServer(nil, on: stage)
            try await server.start()
            let body = #"{"id":"db","checks":[{"id":"port","tcp":"\#(target.address)"}]}"#
            let first = try await Self.post(server, "systems", body, key: "k-Zq8vN2")
            #expect(first.status == 201, "\(first.text)")
            let again = try await Self.post(server, "systems", body, key: "k-Zq8vN2")
            #expect(again.status == 201)
            #expect(again.body == first.body)
            #expect(again.headers["location"] == "/api/v1/systems/db")
            #expect(again.headers["etag"] == first.headers["etag"])
            let other = try await Self.post(server, "systems", body, key: "another")
            #expect(other.status == 409)
            let reused = try await Self.post(server, "systems", body + " ", key: "k-Zq8vN2")
            #expect(reused.status == 422)
            #expect(try JSONValue(parsing: reused.text)["code"].string == "key_reused")
            try await server.stop(SIGKILL)
            try await server.start()
            let afterwards = try await Self.post(server, "systems", body, key: "k-Zq8vN2")
            #expect(afterwards.status == 201, "\(afterwards.text)")
            #expect(afterwards.headers["location"] == "/api/v1/systems/db")
            #expect(afterwards.headers["etag"] == "\"1\"")
            #expect(try await Self.post(server, "channels", body, key: "k-Zq8vN2").status == 422)
            #expect(try await server.api.all("systems").count == 1)
            try await server.stop(SIGKILL)
            try await server.start()
            #expect(try await server.api.send("DELETE", "/api/v1/systems/db").status == 204)
            // It is not made again for somebody who has not heard of the first answer.
            #expect(try await Self.post(server, "systems", body, key: "k-Zq8vN2").status == 404)
        }
    }

    @Test("what was refused may be sent again under its key, and two at once are one")
    func refused() async throws {
        try await Stage.run { stage in
            let target = try stage.tcpTarget()
            let server = try VitalsServer(nil, on: stage)
            try await server.start()
            #expect(try await Self.post(server, "systems", #"{"id":"-"}"#, key: "k").status == 400)
            let body = #"{"id":"db","checks":[{"id":"port","tcp":"\#(target.address)"}]}"#
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 {
                    group.addTask { try await Self.post(server, "systems", body, key: "k").status }
                }
                return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
            }
            #expect(Set(statuses.keys).isSubset(of: [201, 409]))
            #expect(statuses[201] ?? 0 >= 1)
            #expect(try await Self.post(server, "systems", body, key: "k").status == 201)
            for key in ["", String(repeating: "k", count: 256), "k\u{1}"] {
                #expect(try await Self.post(server, "systems", body, key: key).status == 400, "\(key)")
            }
        }
    }

    @Test("a run asked for twice under one key is one run, with one answer")
    func run() async throws {
        try await Stage.run { stage in
            let target = try stage.tcpTarget()
            let server = try VitalsServer(
                "systems: [{ id: db, checks: [{ id: port, tcp: '\(target.address)', interval: 1h }] }]",
                on: stage)
            try await server.start()
            try await server.healthCheck("db.port", becomes: "healthy")
            let first = try await Self.post(server, "health-checks/db.port/run", key: "once")
            #expect(first.status == 200, "\(first.text)")
            let again = try await Self.post(server, "health-checks/db.port/run", key: "once")
            #expect(again.body == first.body)
            #expect(try await Self.post(server, "health-checks/db.port/run", key: "twice").status == 429)
        }
    }
}
