import Foundation
import Testing
import VitalsTesting

@Suite("Metrics while checks run", .oneOfAFew)
struct MetricsLoadTests {
    /// The value of each series; one that is no number fails.
    private static func values(_ text: String) -> [String: Double] {
        #expect(text.hasSuffix("\n"))
        var values: [String: Double] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            // The values of labels may hold blanks.
            let space = line.lastIndex(of: " ") ?? line.startIndex
            let value = Double(line[space...].dropFirst())
            if value == nil { Issue.record("\(line)") }
            values[String(line[..<space])] = value
        }
        return values
    }

    @Test("two hundred scrapes beside flapping checks are whole, each as one commit left it (S63)")
    func scrapes() async throws {
        try await Stage.run { stage in
            let target = try stage.tcpTarget()
            let ids = (0..<40).map { "s\($0)" }
            let systems = ids.enumerated().map { index, id in
                let address = index.isMultiple(of: 2) ? target.address : "127.0.0.1:1"
                return "  - { id: \(id), checks: [{ id: port, tcp: '\(address)' }] }"
            }
            let defaults = "defaults: { interval: 200ms, timeout: 200ms, thresholds: { failure: 1 } }"
            let server = try VitalsServer(
                "\(defaults)\nsystems:\n\(systems.joined(separator: "\n"))\n", on: stage)
            try await server.start()
            try await server.healthCheck("s1.port", becomes: "unhealthy")
            let api = server.api
            try await withThrowingTaskGroup(of: String.self) { group in
                for number in 0..<200 {
                    if number >= 8 { Self.check(try await group.next() ?? "", ids) }
                    group.addTask { try await api.get("/metrics").text }
                }
                for try await text in group { Self.check(text, ids) }
            }
            #expect(server.isRunning)
            #expect(try await server.api.get("/readyz").status == 200)
        }
    }

    /// Every health check is in one state, and up or down as that says.
    private static func check(_ text: String, _ ids: [String]) {
        let values = Self.values(text)
        for id in ids {
            let states = ["unknown", "healthy", "degraded", "unhealthy"].filter { state in
                let labels = #"health_check="\#(id).port",system="\#(id)",check="port",kind="tcp""#
                return values[#"vitals_health_check_state{\#(labels),state="\#(state)"}"#] == 1
            }
            let up = values[#"vitals_health_check_up{health_check="\#(id).port",system="\#(id)"}"#]
            #expect(states.count == 1, "\(id)")
            #expect(up == (states == ["unknown"] ? nil : states == ["unhealthy"] ? 0 : 1), "\(id): \(states)")
        }
    }

    @Test("latency and phases are the same in the API and in metrics, of every kind (S70)")
    func latencies() async throws {
        try await Stage.run { stage in
            let http = try stage.httpTarget()
            let tcp = try stage.tcpTarget()
            let postgres = try await PostgresServer(access: PostgresServer.passwords)
            try await postgres.start()
            try await postgres.addMonitor()
            let file = stage.folder.appending(path: "a.db").path
            let shell = try ChildProcess(
                ["sqlite3", file, "CREATE TABLE a (b)"], in: stage.folder.path, asUnprivileged: false)
            #expect(try await shell.waitForExit() == 0)
            let passing = [
                "http: \(http.url)/", "tcp: \(tcp.address)", "postgres: '\(postgres.monitorURL())'",
                "sqlite: \(file)", "exec: /bin/true",
            ]
            let failing = [
                "http: http://127.0.0.1:1/", "tcp: 127.0.0.1:1", "postgres: postgres://a@127.0.0.1:1/b",
                "sqlite: \(file).none", #"exec: "/bin/sh -c 'exit 2'""#, "tls: 127.0.0.1:1",
                "dns: { name: a.example, server: 127.0.0.1 }",
            ]
            let checks = (passing + failing).enumerated().map { "{ id: c\($0), interval: 1h, \($1) }" }
            let server = try VitalsServer(
                "systems: [{ id: s, checks: [\(checks.joined(separator: ", "))] }]", on: stage)
            try await server.start()
            for index in checks.indices {
                let run = try await eventually("\(checks[index]) has run") {
                    let check = try await server.api.healthCheck("s.c\(index)")
                    // Confirmations of what failed go on for a while.
                    return check["last_run"] == .null ? nil : check["last_run"]
                }
                guard index < passing.count else { continue }
                #expect(run["outcome"].string == "pass", "\(checks[index]): \(run)")
            }
            for index in checks.indices {
                let metrics = Self.values(try await server.api.get("/metrics").text)
                let run = try await server.api.healthCheck("s.c\(index)")["last_run"]
                let labels = #"health_check="s.c\#(index)",system="s""#
                let latency = metrics["vitals_health_check_latency_seconds{\(labels)}"]
                guard index < passing.count else {
                    #expect(latency == nil, "\(checks[index])")
                    continue
                }
                let milliseconds = try #require(run["latency_ms"].number)
                #expect(abs((latency ?? 0) * 1_000 - milliseconds) < 0.001, "\(checks[index])")
                for (phase, told) in run["phases_ms"].members {
                    let series = #"vitals_health_check_phase_seconds{\#(labels),phase="\#(phase)"}"#
                    let seconds = metrics[series] ?? 0
                    #expect(abs(seconds * 1_000 - (told.number ?? -1)) < 0.001, "\(checks[index]): \(phase)")
                }
            }
        }
    }
}
