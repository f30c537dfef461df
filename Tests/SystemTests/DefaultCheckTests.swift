import Foundation
import Testing
import VitalsTesting

@Suite("What a system gets for its connection", .oneOfAFew)
struct DefaultCheckTests {
    private static let json = [("content-type", "application/json")]

    @Test("one health check, unknown, with the usual settings, and no password anywhere (S1)")
    func usual() async throws {
        try await Stage.run { stage in
            let server = try VitalsServer(nil, on: stage)
            try await server.start()
            let made = try await server.api.send(
                "POST", "/api/v1/systems", headers: Self.json,
                body: #"{"id":"orders","connection":"postgres://monitor:pass-Xk47@127.0.0.1:1/orders"}"#)
            #expect(made.status == 201)
            #expect(!made.text.contains("Xk47"))
            let all = try await server.api.all("health-checks")
            #expect(all.map { $0["id"].string } == ["orders.connection"])
            let check = try #require(all.first)
            #expect(check["check"]["kind"].string == "postgres")
            #expect(check["interval_seconds"].number == 60)
            #expect(check["timeout_seconds"].number == 5)
            #expect(check["thresholds"]["failure"].number == 3)
            #expect(check["thresholds"]["success"].number == 1)
            #expect(check["enabled"].bool == true)
            #expect(check["target"].string?.contains("Xk47") == false)
        }
    }

    @Test("the defaults of the environment: 90 s, 7 s, 4 failures, 2 successes (S2)")
    func environment() async throws {
        try await Stage.run { stage in
            let target = try stage.tcpTarget()
            let server = try VitalsServer(
                nil,
                environment: [
                    "DEFAULT_HEALTH_CHECK_INTERVAL": "90s", "DEFAULT_HEALTH_CHECK_TIMEOUT": "7s",
                    "DEFAULT_HEALTH_FAILURE_THRESHOLD": "4", "DEFAULT_HEALTH_SUCCESS_THRESHOLD": "2",
                ], on: stage)
            try await server.start()
            let body = #"{"id":"db","connection":"tcp://\#(target.address)"}"#
            let made = try await server.api.send("POST", "/api/v1/systems", headers: Self.json, body: body)
            #expect(made.status == 201, "\(made.text)")
            let check = try await server.api.healthCheck("db.connection")
            #expect(check["interval_seconds"].number == 90)
            #expect(check["timeout_seconds"].number == 7)
            #expect(check["thresholds"]["failure"].number == 4)
            #expect(check["thresholds"]["success"].number == 2)
        }
    }

    @Test("three connections, three checks; started again still three, and what was changed stays (S3)")
    func atStart() async throws {
        try await Stage.run { stage in
            let target = try stage.tcpTarget()
            let systems = ["a", "b", "c"].map {
                "  - { id: \($0), connection: \"tcp://\(target.address)\" }\n"
            }
            let server = try VitalsServer("systems:\n" + systems.joined(), on: stage)
            try await server.start()
            let ids = ["a.connection", "b.connection", "c.connection"]
            #expect(try await server.api.all("health-checks").map { $0["id"].string } == ids)
            let off = try await server.api.send(
                "PATCH", "/api/v1/health-checks/b.connection", headers: Self.json, body: #"{"enabled":false}"#
            )
            #expect(off.status == 200)
            let made = try await server.api.send(
                "POST", "/api/v1/systems", headers: Self.json,
                body: #"{"id":"d","connection":"tcp://\#(target.address)"}"#)
            #expect(made.status == 201)
            let removed = try await server.api.send("DELETE", "/api/v1/systems/d/checks/connection")
            #expect(removed.status == 204, "\(removed.text)")
            try await server.healthCheck("a.connection", becomes: "healthy")
            let before = try await server.api.healthCheck("a.connection")["since"].string
            #expect(try await server.stop() == 0)
            try await server.start()
            #expect(try await server.api.all("health-checks").map { $0["id"].string } == ids)
            #expect(try await server.api.healthCheck("b.connection")["enabled"].bool == false)
            #expect(try await server.api.healthCheck("a.connection")["since"].string == before)
        }
    }

    @Test("what is disabled is not probed in three intervals, and no part of what is down (S19)")
    func disabled() async throws {
        try await Stage.run { stage in
            let target = try stage.httpTarget(.answer(500))
            let server = try VitalsServer(
                """
                defaults: { interval: 1s, confirm_every: off, thresholds: { failure: 1 } }
                systems: [{ id: web, connection: "\(target.url)" }, { id: beat, connection: "\(target.url)" }]
                """, on: stage)
            try await server.start()
            try await server.healthCheck("web.connection", becomes: "unhealthy")
            let off = try await server.api.send(
                "PATCH", "/api/v1/health-checks/web.connection", headers: Self.json,
                body: #"{"enabled":false}"#)
            #expect(off.status == 200)
            #expect(try await server.api.json("systems/web")["state"].string == "unknown")
            func runs(_ id: String) async throws -> Int {
                try await server.api.all("health-checks/\(id)/runs").filter { $0["missed"] == .null }.count
            }
            let (before, beats) = (try await runs("web.connection"), try await runs("beat.connection"))
            // The other one, with the same interval, tells the time.
            try await eventually(that: "three intervals have passed") {
                try await runs("beat.connection") >= beats + 4
            }
            #expect(try await runs("web.connection") <= before + 1)
        }
    }
}
