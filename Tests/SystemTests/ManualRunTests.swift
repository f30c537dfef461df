import Testing
import VitalsCore
import VitalsTesting

/// One health check that runs once when it is new and then only when it is asked to.
private struct OneCheck {
    let target: TCPTarget
    let receiver: WebhookReceiver
    let server: VitalsServer

    /// Starts it, and waits for the first run.
    init(
        isOpen: Bool, thresholds: String = "{ failure: 3, success: 1 }", cooldown: String = "0s",
        on stage: Stage
    ) async throws {
        target = try stage.tcpTarget(isOpen: isOpen)
        receiver = try stage.receiver()
        server = try VitalsServer(
            """
            channels: [{ id: ops, default: true, webhook: { url: "\(receiver.url)" } }]
            systems:
              - id: db
                checks:
                  - id: port
                    tcp: "\(target.address)"
                    interval: 24h
                    timeout: 2s
                    confirm_every: off
                    thresholds: \(thresholds)
            """, environment: ["HEALTH_MANUAL_RUN_COOLDOWN": cooldown], on: stage)
        try await server.start()
        try await eventually("the first run") {
            try await server.api.healthCheck("db.port")["last_run"]["trigger"].string == "initial"
                ? true : nil
        }
    }

    /// Runs it once; the health check afterwards.
    func run() async throws -> JSONValue {
        let answer = try await server.api.run("db.port")
        #expect(answer.status == 200, "\(answer.text)")
        return try JSONValue(parsing: answer.text)["health_check"]
    }

    func deliveries() async throws -> [String?] {
        try await server.api.all("deliveries").map { $0["type"].string }
    }
}

@Suite("Runs on request", .oneOfAFew)
struct ManualRunTests {
    @Test("a run on request answers with what it found (S4), and a first pass is told to nobody (S8)")
    func passes() async throws {
        try await Stage.run { stage in
            let check = try await OneCheck(isOpen: true, on: stage)
            #expect(try await check.server.api.healthCheck("db.port")["state"].string == "healthy")
            let answer = try await check.server.api.run("db.port")
            #expect(answer.status == 200)
            let body = try JSONValue(parsing: answer.text)
            #expect(body["run"]["outcome"].string == "pass")
            #expect(body["run"]["trigger"].string == "manual")
            #expect(body["run"]["slot"] == .null)
            #expect(body["run"]["location"].string == "local")
            #expect(try #require(body["run"]["latency_ms"].number) > 0)
            #expect(body["health_check"]["state"].string == "healthy")
            #expect(body["health_check"]["consecutive_failures"].number == 0)
            #expect(body["health_check"]["last_run"] == body["run"])
            #expect(try await check.deliveries() == [])
            #expect(check.receiver.messages.isEmpty)
        }
    }

    @Test("the third failure in a row is told once (S5), later ones are not (S6)")
    func fails() async throws {
        try await Stage.run { stage in
            let check = try await OneCheck(isOpen: false, on: stage)
            var seen = [try await check.server.api.healthCheck("db.port")]
            for _ in 0..<2 { seen.append(try await check.run()) }
            #expect(seen.map { $0["state"].string } == ["unknown", "unknown", "unhealthy"])
            #expect(seen.map { $0["consecutive_failures"].number } == [1, 2, 3])
            #expect(seen.last?["last_run"]["cause"].string == "refused")
            try await eventually(that: "it is told") { check.receiver.messages.count == 1 }
            #expect(check.receiver.messages.first?.type == "down")

            for _ in 0..<2 { seen.append(try await check.run()) }
            #expect(seen.last?["state"].string == "unhealthy")
            #expect(seen.last?["consecutive_failures"].number == 5)
            #expect(try await check.deliveries() == ["down"])
            #expect(check.receiver.messages.count == 1)
        }
    }

    @Test("with a success threshold of 2 the second pass recovers, and tells it once (S7)")
    func recovers() async throws {
        try await Stage.run { stage in
            let check = try await OneCheck(isOpen: false, thresholds: "{ failure: 1, success: 2 }", on: stage)
            #expect(try await check.server.api.healthCheck("db.port")["state"].string == "unhealthy")
            try await eventually(that: "it is told") { check.receiver.messages.count == 1 }
            try check.target.open()
            #expect(try await check.run()["state"].string == "unhealthy")
            #expect(try await check.deliveries() == ["down"])
            #expect(try await check.run()["state"].string == "healthy")
            try await eventually(that: "the recovery is told") { check.receiver.messages.count == 2 }
            #expect(check.receiver.messages.map(\.type) == ["down", "recovered"])
            _ = try await check.run()
            #expect(try await check.deliveries().count == 2)
        }
    }

    @Test("a pass breaks the row of failures (S9)")
    func breaksTheRow() async throws {
        try await Stage.run { stage in
            let check = try await OneCheck(isOpen: false, on: stage)
            _ = try await check.run()
            try check.target.open()
            #expect(try await check.run()["state"].string == "healthy")
            check.target.close()
            _ = try await check.run()
            let last = try await check.run()
            #expect(last["state"].string == "healthy")
            #expect(last["consecutive_failures"].number == 2)
            #expect(try await check.deliveries() == [])
        }
    }

    @Test("a second request within the cooldown is refused, says until when, and reaches nothing (S10)")
    func cooldown() async throws {
        try await Stage.run { stage in
            let check = try await OneCheck(isOpen: true, cooldown: "10s", on: stage)
            #expect(try await check.server.api.run("db.port").status == 200)
            let connections = check.target.connections
            let refused = try await check.server.api.run("db.port")
            #expect(refused.status == 429)
            #expect(refused.headers["content-type"]?.hasPrefix("application/problem+json") == true)
            let retryAfter = try #require(refused.headers["retry-after"].flatMap { Int($0) })
            #expect((1...10).contains(retryAfter))
            let problem = try JSONValue(parsing: refused.text)
            #expect(problem["code"].string == "cooldown")
            #expect(problem["retry_after_seconds"].number == Double(retryAfter))
            #expect(check.target.connections == connections)
        }
    }

    @Test("of twenty requests at once one runs (S11)")
    func cooldownIsAtomic() async throws {
        try await Stage.run { stage in
            let check = try await OneCheck(isOpen: true, cooldown: "10s", on: stage)
            let before = check.target.connections
            let api = check.server.api
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 { group.addTask { try await api.run("db.port").status } }
                return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
            }
            #expect(statuses == [200: 1, 429: 19])
            #expect(check.target.connections == before + 1)
        }
    }

    @Test("without a cooldown each request in turn runs (S13)")
    func noCooldown() async throws {
        try await Stage.run { stage in
            let check = try await OneCheck(isOpen: true, cooldown: "0s", on: stage)
            let before = check.target.connections
            _ = try await check.run()
            _ = try await check.run()
            #expect(check.target.connections == before + 2)
        }
    }

    @Test("scheduled runs do not use up the cooldown (S12)")
    func scheduledRunsDoNotCount() async throws {
        try await Stage.run { stage in
            let target = try stage.tcpTarget()
            let server = try VitalsServer(
                """
                systems:
                  - id: db
                    checks: [{ id: port, tcp: "\(target.address)", interval: 1s }]
                """, environment: ["HEALTH_MANUAL_RUN_COOLDOWN": "5s"], on: stage)
            try await server.start()
            try await eventually(that: "it runs by itself") {
                try await server.api.healthCheck("db.port")["last_run"]["trigger"].string == "scheduled"
            }
            #expect(try await server.api.run("db.port").status == 200)
        }
    }

    @Test("a run of nothing that is known is not found")
    func unknown() async throws {
        try await Stage.run { stage in
            let check = try await OneCheck(isOpen: true, on: stage)
            let answer = try await check.server.api.run("db.nothing")
            #expect(answer.status == 404)
            #expect(answer.headers["content-type"]?.hasPrefix("application/problem+json") == true)
        }
    }
}
