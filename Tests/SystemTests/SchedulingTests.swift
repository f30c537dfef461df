import Foundation
import Testing
import VitalsCore
import VitalsTesting

@Suite("What runs, and when", .oneOfAFew)
struct SchedulingTests {
    @Test("no more probes are in flight than allowed, and none runs twice (S15)")
    func limit() async throws {
        try await Stage.run { stage in
            let target = try stage.httpTarget(.answerAfter(.seconds(1), 200))
            let checks = (1...6).map { "      - { id: c\($0), http: \"\(target.url)/\($0)\" }\n" }.joined()
            let server = try VitalsServer(
                """
                defaults: { interval: 24h, timeout: 20s }
                systems:
                  - id: api
                    checks:
                \(checks)
                """,
                environment: ["MAX_CONCURRENT_HEALTH_CHECKS": "2"], on: stage)
            try await server.start()
            try await eventually(that: "all have run") {
                try await server.api.all("health-checks").allSatisfy { $0["state"].string == "healthy" }
            }
            #expect(target.mostWaiting <= 2)
            #expect(target.requests.map(\.message.path).sorted() == (1...6).map { "/\($0)" })
            let arrivals = target.requests.map(\.arrivedAt)
            let first = try #require(arrivals.min())
            let last = try #require(arrivals.max())
            #expect((last - first) + .seconds(1) < .seconds(4))
            // Waiting for a place is no latency of the target.
            for run in try await server.api.all("health-checks").map({ $0["last_run"] }) {
                #expect(try #require(run["latency_ms"].number) < 1_800)
            }
        }
    }

    @Test("stopped while a probe is in flight: it ends, is recorded, and a second SIGTERM is harmless (S18)")
    func stopsInOrder() async throws {
        try await Stage.run { stage in
            let target = try stage.httpTarget(.answerAfter(.seconds(2), 200))
            let receiver = try stage.receiver()
            let server = try VitalsServer(
                """
                channels: [{ id: ops, default: true, webhook: { url: "\(receiver.url)" } }]
                systems:
                  - id: slow
                    checks: [{ id: api, http: "\(target.url)/", interval: 24h, timeout: 10s }]
                """, environment: ["SHUTDOWN_TIMEOUT": "10s"], on: stage)
            try await server.start()
            try await eventually(that: "a probe is in flight") { target.connections == 1 }
            server.signal(SIGTERM)
            server.signal(SIGTERM)
            #expect(try await server.waitForExit(within: .seconds(10)) == 0)
            let told = receiver.messages.count

            try await server.start()
            let runs = try await server.api.all("health-checks/slow.api/runs").filter {
                $0["missed"] == .null
            }
            #expect(runs.count == 1)
            #expect(runs.first?["outcome"].string == "pass")
            #expect(try #require(runs.first?["latency_ms"].number) >= 1_900)
            #expect(told == 0)
        }
    }

    @Test("a probe that would outlive the shutdown is cut short")
    func stopsInTime() async throws {
        try await Stage.run { stage in
            let target = try stage.httpTarget(.hang)
            let server = try VitalsServer(
                """
                systems:
                  - id: slow
                    checks: [{ id: api, http: "\(target.url)/", interval: 24h, timeout: 60s }]
                """, environment: ["SHUTDOWN_TIMEOUT": "1s"], on: stage)
            try await server.start()
            try await eventually(that: "a probe is in flight") { target.connections == 1 }
            #expect(try await server.stop(within: .seconds(8)) == 0)
            try await server.start()
            let health = try await server.api.healthCheck("slow.api")
            #expect(health["state"].string == "unknown", "our own stop is nobody's outage")
        }
    }

    @Test("a thousand hanging targets delay nobody else")
    func thousandHanging() async throws {
        try await Stage.run { stage in
            // Never accepted: the system takes the connections, nobody ever answers.
            let silent = try Socket.listening(on: try UInt16(freePort()), backlog: 4_096)
            let target = try stage.httpTarget()
            let silence = "http: \"http://127.0.0.1:\(silent.port)/\", interval: 60s, timeout: 40s"
            let hanging = (1...1_000).map { "  - { id: h\($0), checks: [{ id: c, \(silence) }] }" }
            let good = (1...20).map {
                "  - { id: g\($0), checks: [{ id: c, http: \"\(target.url)/\", interval: 2s }] }"
            }
            let server = try VitalsServer(
                "systems:\n" + (good + hanging).joined(separator: "\n"),
                environment: ["MAX_CONCURRENT_PER_TARGET": "2000"], on: stage)
            try await server.start()
            try await eventually(that: "a thousand connections hang", within: .seconds(60)) {
                try openFiles(of: server) > 1_000
            }
            let before = target.requests.count
            try await eventually(that: "the others run on", within: .seconds(60)) {
                target.requests.count > before + 100
            }
            var (ran, failed, missed) = (0, 0, 0)
            for number in 1...20 {
                let account = try await SlotAccount.complete(
                    of: "g\(number).c", every: .seconds(2), at: server)
                ran += account.runs.count
                failed += account.runs.count { $0["outcome"].string != "pass" }
                missed += account.misses.values.reduce(0, +)
            }
            // Where one waits for another, hardly a slot in twenty is run. A busy machine may cost a few.
            #expect(
                (missed + failed) * 5 < ran, "\(missed) slots missed, \(ran) run, \(failed) of them failed")
            silent.close()
        }
    }

    @Test("without a configuration it watches itself and says what to do next")
    func watchesItself() async throws {
        try await Stage.run { stage in
            let server = try VitalsServer(nil, on: stage)
            try await server.start()
            try await eventually(that: "its own check passes", within: .seconds(30)) {
                let checks = try await server.api.all("health-checks")
                return checks.count == 1 && checks[0]["state"].string == "healthy"
                    && checks[0]["check"]["kind"].string == "http"
            }
            #expect(server.output.contains("vitals.yaml"))
        }
    }

    /// Files and sockets that it holds open now.
    private func openFiles(of server: VitalsServer) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(try #require(server.pid))/fd").count
    }
}
