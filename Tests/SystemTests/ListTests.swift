import Testing
import VitalsTesting

@Suite("Lists of the API", .oneOfAFew)
struct ListTests {
    @Test("a list comes in pages, ordered by id, each item once")
    func pages() async throws {
        try await Stage.run { stage in
            let target = try stage.tcpTarget()
            let checks = "checks: [{ id: port, tcp: \"\(target.address)\", interval: 24h }]"
            let systems = (1...25).map { "  - { id: s\($0), name: System \($0), groups: [all], \(checks) }" }
            let server = try VitalsServer("systems:\n" + systems.joined(separator: "\n"), on: stage)
            try await server.start()
            let ids = try await server.api.all("systems?limit=10").compactMap { $0["id"].string }
            #expect(ids == (1...25).map { "s\($0)" }.sorted())
            let healthChecks = try await server.api.all("health-checks?limit=7").compactMap {
                $0["id"].string
            }
            #expect(healthChecks == ids.map { "\($0).port" })
            #expect(try await server.api.json("systems")["items"][0]["health_checks"][0].string == "s1.port")
            for limit in ["0", "1001", "ten"] {
                let answer = try await server.api.get("/api/v1/systems?limit=\(limit)")
                #expect(answer.status == 400, "\(limit)")
                #expect(answer.headers["content-type"]?.hasPrefix("application/problem+json") == true)
            }
        }
    }

    @Test("a health check that is disabled has no state, no slot and no part in its system's")
    func disabled() async throws {
        try await Stage.run { stage in
            let (open, closed) = (try stage.tcpTarget(), try stage.tcpTarget(isOpen: false))
            let server = try VitalsServer(
                """
                defaults: { thresholds: { failure: 1, success: 1 } }
                systems:
                  - id: db
                    checks:
                      - { id: well, tcp: "\(open.address)", interval: 1s }
                      - { id: "off", tcp: "\(closed.address)", interval: 1s, enabled: false }
                      - { id: minor, tcp: "\(closed.address)", interval: 1s, critical: false }
                """, environment: ["HEALTH_MANUAL_RUN_COOLDOWN": "0s"], on: stage)
            try await server.start()
            try await server.healthCheck("db.minor", becomes: "unhealthy")
            try await server.healthCheck("db.well", becomes: "healthy")
            #expect(try await server.api.json("systems/db")["state"].string == "degraded")
            let answer = try await server.api.run("db.off")
            #expect(answer.status == 200)
            let body = try JSONValue(parsing: answer.text)
            #expect(body["run"]["outcome"].string == "fail")
            #expect(body["health_check"]["state"].string == "unknown")
            #expect(body["health_check"]["consecutive_failures"].number == 0)
            #expect(body["health_check"]["next_slot"] == .null)
            #expect(try await server.api.all("health-checks/db.off/runs").count == 1)
        }
    }
}
