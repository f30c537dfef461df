import Foundation
import Testing
import VitalsTesting

@Suite("Metrics, for Prometheus", .oneOfAFew)
struct MetricsTests {
    /// One target that answers, one that refuses, and a channel that is told of it.
    private func server(on stage: Stage) async throws -> VitalsServer {
        let receiver = try stage.receiver()
        let server = try VitalsServer(
            """
            defaults: { interval: 1s, timeout: 1s, thresholds: { failure: 1, success: 1 } }
            channels:
              - { id: ops, default: true, webhook: { url: "\(receiver.url)" } }
            systems:
              - { id: shop, checks: [{ id: web, http: "\(try stage.httpTarget().url)/" }] }
              - { id: mail, checks: [{ id: tcp, tcp: "127.0.0.1:1" }] }
            """, on: stage)
        try await server.start()
        try await server.healthCheck("shop.web", becomes: "healthy")
        try await server.healthCheck("mail.tcp", becomes: "unhealthy")
        try await eventually(that: "the page is counted") {
            try await server.api.get("/metrics").text.contains(
                #"vitals_deliveries_total{channel="ops",outcome="delivered"} 1"#)
        }
        return server
    }

    @Test("promtool finds nothing to say about them")
    func promtool() async throws {
        try await Stage.run { stage in
            let server = try await server(on: stage)
            let (exitCode, said) = try await promtool(on: server, stage)
            #expect(said == "")
            #expect(exitCode == 0)
        }
    }

    @Test("nor about those of databases, but for the names that are as they are elsewhere")
    func databases() async throws {
        try await Stage.run { stage in
            let postgres = try await PostgresServer(access: PostgresServer.passwords)
            try await postgres.start()
            try await postgres.addMonitor()
            let gone = "postgres://a@127.0.0.1:1/b"
            let kept: Set<Substring> = ["db_connection_count", "db_read_latency_ms", "db_write_latency_ms"]
            let systems = """
                systems:
                  - { id: db, checks: [{ id: sql, interval: 1s, postgres: '\(postgres.monitorURL())' }] }
                  - { id: gone, checks: [{ id: sql, interval: 1s, postgres: '\(gone)' }] }
                """
            for isLegacy in [true, false] {
                let server = try VitalsServer(
                    "server: { metrics_legacy: \(isLegacy) }\n\(systems)", on: stage)
                try await server.start()
                try await server.healthCheck("db.sql", becomes: "healthy")
                try await server.healthCheck("gone.sql", becomes: "unhealthy")
                let (_, said) = try await promtool(on: server, stage)
                let names = Set(said.split(separator: "\n").map { $0.prefix { $0 != " " } })
                #expect(names.isSubset(of: isLegacy ? kept : []), "\(said)")
                let metrics = try await server.api.get("/metrics").text
                let labels = #"engine="postgres",db_name="postgres",db_role="primary"}"#
                #expect(metrics.contains("\ndb_up{target=\"db.sql\",\(labels) 1\n"))
                #expect(metrics.contains("\ndb_up{target=\"gone.sql\",\(labels) 0\n"))
                #expect(metrics.contains("\ndb_read_latency_ms{target=\"db.sql\"") == isLegacy)
                #expect(!metrics.contains("\ndb_read_latency_ms{target=\"gone.sql\""))
                for secret in ["s3cr3t", "\"monitor\"", "SELECT", "127.0.0.1"] {
                    #expect(!metrics.contains(secret), "\(secret)")
                }
            }
        }
    }

    /// What promtool says of a server's metrics, and how it ends.
    private func promtool(
        on server: VitalsServer, _ stage: Stage
    ) async throws -> (exitCode: Int32, said: String) {
        let folder = try stage.makeFolder()
        let file = folder.appending(path: "metrics.txt")
        try Data(try await server.api.get("/metrics").body).write(to: file)
        let said = folder.appending(path: "said.txt")
        let promtool = try ChildProcess(
            ["sh", "-c", #"exec promtool check metrics < "$0""#, file.path], output: said.path,
            asUnprivileged: false)
        let exitCode = try await promtool.waitForExit()
        return (exitCode, try String(contentsOf: said, encoding: .utf8))
    }

    @Test("a Prometheus scrapes them as OpenMetrics, and answers from them")
    func prometheus() async throws {
        try await Stage.run { stage in
            let server = try await server(on: stage)
            let folder = try stage.makeFolder()
            let configuration = folder.appending(path: "prometheus.yml")
            let yaml = """
                global: { scrape_interval: 1s, scrape_timeout: 1s }
                scrape_configs:
                  - { job_name: vitals, static_configs: [{ targets: ["127.0.0.1:\(server.port)"] }] }
                """
            try Data(yaml.utf8).write(to: configuration)
            let port = try UInt16(freePort())
            let prometheus = try ChildProcess(
                [
                    "prometheus", "--config.file=\(configuration.path)",
                    "--storage.tsdb.path=\(folder.appending(path: "data").path)",
                    "--web.listen-address=127.0.0.1:\(port)",
                ], in: folder.path, output: folder.appending(path: "log").path, asUnprivileged: false)
            stage.atTheEnd { prometheus.signal(SIGKILL) }
            for (query, value) in [
                ("up", "1"), (#"vitals_health_check_up{system="mail"}"#, "0"),
                (#"vitals_health_check_state{check="web",kind="http",state="healthy"}"#, "1"),
                (#"vitals_health_check_phase_seconds{phase="connect"}>bool+0"#, "1"),
                (#"vitals_build_info"#, "1"), (#"vitals_deliveries_total{outcome="delivered"}"#, "1"),
                (#"vitals_http_requests_total{route="/metrics",status="2xx"}>bool+1"#, "1"),
            ] {
                try await eventually(that: "\(query) is \(value)") {
                    guard prometheus.isRunning else { return false }
                    return try await answer(of: port, to: query) == value
                }
            }
        }
    }

    /// The value of the one series that a query finds; nothing before there is one.
    private func answer(of port: UInt16, to query: String) async throws -> String? {
        let unreserved = CharacterSet.alphanumerics
        let encoded = query.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
        guard
            let answer = try? await APIClient(port: port).get("/api/v1/query?query=\(encoded)"),
            answer.status == 200
        else { return nil }
        let items = try JSONValue(parsing: answer.text)["data"]["result"].items
        return items.count == 1 ? items[0]["value"].items.last?.string : nil
    }
}
