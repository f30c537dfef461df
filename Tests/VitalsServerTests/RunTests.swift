import Testing
import VitalsCore
import VitalsEngine

@testable import VitalsServer

@Suite("A run on demand")
struct RunTests {
    @Test("answers 200 with the run and the health check, whatever it found")
    func done() async throws {
        let node = Fixtures.node { verbs in
            verbs.run = { id in
                .done(
                    Fixtures.failedRun(of: id, trigger: .manual),
                    HealthCheckView(
                        Fixtures.healthCheck("a"), systemName: "The a", address: "db1.example.com",
                        evaluation: Evaluation(), lastRun: Fixtures.failedRun(of: id, trigger: .manual)))
            }
        }
        try await TestServer.with(node) { server in
            let answer = try await server.ask("POST", "/api/v1/health-checks/a.sql/run")
            #expect(answer.status == 200)
            let run = try #require(try answer.json["run"] as? [String: Any])
            #expect(run["outcome"] as? String == "fail")
            #expect(run["trigger"] as? String == "manual")
            let healthCheck = try #require(try answer.json["health_check"] as? [String: Any])
            #expect(healthCheck["id"] as? String == "a.sql")
        }
    }

    @Test(
        "in its cooldown is 429 with whole seconds, rounded up, the same in header and body",
        arguments: [
            (Duration.milliseconds(9_001), 10), (.seconds(9), 9), (.milliseconds(1), 1), (.zero, 1),
            (.microseconds(1_000_001), 2),
        ])
    func cooldown(_ left: Duration, _ seconds: Int) async throws {
        let node = Fixtures.node { verbs in verbs.run = { _ in .cooldown(retryAfter: left) } }
        try await TestServer.with(node) { server in
            let answer = try await server.ask("POST", "/api/v1/health-checks/a.sql/run")
            #expect(answer.status == 429)
            #expect(answer["Retry-After"] == String(seconds))
            #expect(try answer.json["retry_after_seconds"] as? Int == seconds)
            #expect(try answer.problemCode == "cooldown")
        }
    }

    @Test("that cannot be made says why")
    func refused() async throws {
        for (outcome, status, code) in [
            (ManualRun.unknownHealthCheck, 404, "not_found"), (.stopping, 503, "stopping"),
            (.notRecorded, 503, "not_recorded"),
        ] {
            try await TestServer.with(Fixtures.node { verbs in verbs.run = { _ in outcome } }) { server in
                let answer = try await server.ask("POST", "/api/v1/health-checks/a.sql/run")
                #expect(answer.status == status)
                #expect(try answer.problemCode == code)
            }
        }
    }

    @Test(
        "needs no body, and ignores a small one",
        arguments: [nil, "", "{}", String(repeating: "x", count: 65_536)])
    func body(_ body: String?) async throws {
        let node = Fixtures.node { verbs in verbs.run = { _ in .stopping } }
        try await TestServer.with(node) { server in
            let status = try await server.ask("POST", "/api/v1/health-checks/a.sql/run", body: body).status
            #expect(status == 503)
        }
    }
}
