import Testing
import VitalsTesting

@Suite("History and uptime", .oneOfAFew)
struct HistoryTests {
    private static let runs = "health-checks/db.port/runs"
    private static let history = "health-checks/db.port/history"

    /// Every run so far, by what came of it.
    private static func outcomes(_ server: VitalsServer) async throws -> [String: Int] {
        let all = try await server.api.all(runs).compactMap { $0["outcome"].string }
        return Dictionary(all.map { ($0, 1) }, uniquingKeysWith: +)
    }

    @Test("90 healthy and 10 failed runs in 24 hours are 90.00 % uptime, over 7 and over 30 days too")
    func uptime() async throws {
        try await Stage.run { stage in
            let target = try stage.tcpTarget()
            let server = try VitalsServer(
                """
                systems:
                  - id: db
                    checks: [{ id: port, tcp: "\(target.address)", interval: 24h, confirm_every: off }]
                """, environment: ["HEALTH_MANUAL_RUN_COOLDOWN": "0s"], on: stage)
            try await server.start()
            try await server.healthCheck("db.port", becomes: "healthy")
            while try await Self.outcomes(server)["pass", default: 0] < 90 {
                #expect(try await server.api.run("db.port").status == 200)
            }
            target.close()
            while try await Self.outcomes(server)["fail", default: 0] < 10 {
                #expect(try await server.api.run("db.port").status == 200)
            }
            #expect(try await Self.outcomes(server) == ["pass": 90, "fail": 10])
            let history = try await server.api.json("\(Self.history)?points=1")
            for window in ["24h", "7d", "30d"] {
                #expect(history["uptime_ratio"][window].number == 0.9, "\(window)")
            }
            let point = history["points"][0]
            #expect(history["points"].items.count == 1)
            #expect(point["counts"]["pass"].number == 90)
            #expect(point["counts"]["fail"].number == 10)
            let latencies = ["min", "median", "p95", "max"].compactMap { point["latency_ms"][$0].number }
            #expect(latencies.count == 4 && latencies.sorted() == latencies && latencies[0] > 0)
        }
    }

    @Test("three cycles of an outage are three failed runs in the history, and less than 100 % uptime")
    func outage() async throws {
        try await Stage.run { stage in
            let target = try stage.tcpTarget()
            let server = try VitalsServer(
                """
                systems:
                  - id: db
                    checks: [{ id: port, tcp: "\(target.address)", interval: 1s, confirm_every: off }]
                """, on: stage)
            try await server.start()
            try await server.healthCheck("db.port", becomes: "healthy")
            target.close()
            try await server.healthCheck("db.port", becomes: "unhealthy")
            let open = try await server.api.all("episodes?health_check=db.port&open=true")
            #expect(open.count == 1)
            #expect(open.first?["cause"].string == "refused")
            #expect(open.first?["ended_at"] == .null)
            try target.open()
            try await server.healthCheck("db.port", becomes: "healthy")

            let failed = try await server.api.all(Self.runs).filter { $0["outcome"].string == "fail" }
            #expect(failed.count >= 3)
            #expect(failed.allSatisfy { $0["cause"].string == "refused" && $0["latency_ms"].number != nil })
            let history = try await server.api.json(Self.history)
            let uptime = try #require(history["uptime_ratio"]["24h"].number)
            #expect(uptime > 0 && uptime < 1)
            #expect(history["points"].items.count == 96)
            let fails = history["points"].items.compactMap { $0["counts"]["fail"].number }.reduce(0, +)
            #expect(fails == Double(failed.count))

            let transitions = try await server.api.all("transitions?health_check=db.port&limit=1")
            #expect(transitions.map { $0["to"].string } == ["healthy", "unhealthy", "healthy"])
            #expect(transitions.map { $0["cause"].string } == [nil, "refused", nil])
            #expect(try await server.api.all("episodes?open=true").isEmpty)
            let over = try await server.api.all("episodes")
            #expect(over.map { $0["id"] } == open.map { $0["id"] })
            #expect(over.first?["reason"].string == "recovered")
        }
    }

    @Test(
        "a question that makes no sense is refused with a code",
        arguments: [
            ("points=501", "bad_points"), ("from=yesterday", "bad_range"),
            ("from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "bad_range"),
        ])
    func refused(_ query: String, _ code: String) async throws {
        try await Stage.run { stage in
            let server = try VitalsServer(nil, on: stage)
            try await server.start()
            let id = try #require(try await server.api.all("health-checks").first?["id"].string)
            let answer = try await server.api.get("/api/v1/health-checks/\(id)/history?\(query)")
            #expect(answer.status == 400)
            #expect(try JSONValue(parsing: answer.text)["code"].string == code)
        }
    }
}
