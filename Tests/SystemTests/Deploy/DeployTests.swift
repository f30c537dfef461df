import Foundation
import Testing
import VitalsTesting

@Suite("What is shipped for those who deploy it")
struct DeployTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "deploy")

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: folder.appending(path: path), encoding: .utf8)
    }

    /// Runs a program in the folder, and expects it to have nothing against what it reads.
    private static func run(_ words: String...) async throws {
        let directory = try TemporaryDirectory("vitals-deploy")
        try await VitalsTesting.run(
            ["env", "-C", folder.path] + words, in: directory, asUnprivileged: false)
    }

    @Test("Prometheus takes the alerts, and each fires when it should (S69)")
    func rules() async throws {
        try await Self.run("promtool", "check", "rules", "--lint-fatal", "prometheus/rules.yml")
        try await Self.run("promtool", "test", "rules", "prometheus/rules_test.yml")
        try await Self.run("promtool", "check", "config", "--syntax-only", "docker/prometheus.yml")
        let rules = try Self.text("prometheus/rules.yml")
        let tests = try Self.text("prometheus/rules_test.yml")
        for (name, expression, time, severity) in [
            ("DatabaseDown", "db_up == 0 unless", "1m", "critical"),
            ("DatabaseHighLatency", "db_read_latency_ms > 100 or db_write_latency_ms > 200", "5m", "warning"),
        ] {
            let parts = rules.components(separatedBy: "- alert: ")
            let rule = try #require(parts.first { $0.hasPrefix("\(name)\n") })
            #expect(rule.contains("expr: \(expression)"))
            #expect(rule.contains("for: \(time)\n"))
            #expect(rule.contains("severity: \(severity)"))
            #expect(tests.contains("alertname: \(name)\n"))
        }
    }

    @Test("the dashboard is whole: panels apart from each other, and every expression is one")
    func dashboard() async throws {
        let dashboard = try JSONValue(parsing: try Self.text("grafana/databases.json"))
        #expect(dashboard["schemaVersion"].number ?? 0 >= 36)
        #expect(dashboard["uid"].string == "vitals-databases")
        let variables = dashboard["templating"]["list"].items
        #expect(variables.map { $0["name"].string } == ["datasource", "engine", "target"])
        #expect(variables.first?["type"].string == "datasource")
        let panels = dashboard["panels"].items
        let ids = panels.compactMap { $0["id"].number }
        #expect(Set(ids).count == panels.count)
        var taken: Set<[Int]> = []
        for panel in panels {
            let title = panel["title"].string ?? ""
            #expect(!title.isEmpty)
            let place = ["x", "y", "w", "h"].compactMap { panel["gridPos"][$0].number.map { Int($0) } }
            try #require(place.count == 4, "\(title)")
            #expect(place[0] >= 0 && place[0] + place[2] <= 24, "\(title)")
            for x in place[0]..<place[0] + place[2] {
                for y in place[1]..<place[1] + place[3] {
                    #expect(taken.insert([x, y]).inserted, "\(title) lies on another panel")
                }
            }
            guard panel["type"].string != "row" else { continue }
            #expect(panel["datasource"]["uid"].string == "${datasource}", "\(title)")
            let targets = panel["targets"].items
            #expect(!targets.isEmpty, "\(title)")
            #expect(Set(targets.map { $0["refId"].string }).count == targets.count, "\(title)")
        }
        try await Self.parse(Self.expressions(of: dashboard))
    }

    private static func expressions(of dashboard: JSONValue) -> [String] {
        (dashboard["panels"].items.flatMap { $0["targets"].items } + dashboard["annotations"]["list"].items)
            .compactMap { $0["expr"].string }
    }

    /// As the rules of a file, which promtool reads.
    private static func parse(_ expressions: [String]) async throws {
        #expect(expressions.count > 30)
        let directory = try TemporaryDirectory("vitals-deploy")
        let rules = expressions.enumerated().map { index, expression in
            let plain = expression.replacing("$__rate_interval", with: "5m")
            return #"      - { record: "a\#(index)", expr: '\#(plain)' }"#
        }
        let file = "groups:\n  - name: dashboard\n    rules:\n\(rules.joined(separator: "\n"))\n"
        try directory.write("rules.yml", file)
        try await VitalsTesting.run(
            ["promtool", "check", "rules", directory.file("rules.yml")], in: directory, asUnprivileged: false)
    }

    @Test("what is written in YAML can be read, and says what it should")
    func yaml() async throws {
        let script = """
            import sys, yaml
            compose = yaml.safe_load(open("docker/compose.yml"))
            assert set(compose["services"]) == {"postgres", "mysql", "vitals", "prometheus", "grafana"}
            for name, service in compose["services"].items():
                assert ("image" in service) != ("build" in service), name
                for volume in service["volumes"]:
                    source = volume.split(":")[0]
                    if source.startswith("."):
                        open("docker/" + source)
                    else:
                        assert source in compose["volumes"], volume
                for port in service.get("ports", []):
                    assert port.startswith("127.0.0.1:"), port
            for path in ["datasource.yml", "dashboards.yml", "prometheus.yml", "vitals.yaml"]:
                assert yaml.safe_load(open("docker/" + path)), path
            """
        try await Self.run("/usr/bin/python3", "-c", script)
    }

    @Test("the example's configuration is one that Vitals takes")
    func configuration() async throws {
        try await Stage.run { stage in
            let file = Self.folder.appending(path: "docker/vitals.yaml").path
            let (exitCode, _, errors) = try await VitalsProgram.run(
                ["config", "validate", "--config", file], environment: ["POSTGRES_PASSWORD": "a"], on: stage)
            #expect(exitCode == 0, "\(errors)")
        }
    }

    @Test("images start the binary as the command line has it")
    func images() async throws {
        for (name, words) in [
            ("Dockerfile", ["serve", "--data", "--listen"]),
            ("postgres.Dockerfile", ["wrap", "--export-prom"]),
            ("mysql.Dockerfile", ["wrap", "--export-prom"]),
        ] {
            let text = try Self.text("docker/\(name)")
            #expect(text.contains("\nFROM "))
            #expect(text.contains("\nCOPY .build/dist/vitals /usr/bin/vitals\n"))
            for word in words { #expect(text.contains("\"\(word)\""), "\(name): \(word)") }
        }
    }

    @Test("systemd has nothing to say of the unit, but that its program is not here")
    func unit() async throws {
        let directory = try TemporaryDirectory("vitals-deploy")
        // Where the program is, for the tests.
        let unit = try Self.text("systemd/vitals.service")
        #expect(unit.contains("ExecStart=/usr/bin/vitals serve --config /etc/vitals/vitals.yaml --data "))
        let here = unit.replacing("/usr/bin/vitals", with: "/bin/true")
            .replacing("Documentation=man:vitals(1)\n", with: "")
        try directory.write("vitals.service", here)
        let said = try await VitalsTesting.run(
            ["systemd-analyze", "verify", directory.file("vitals.service")], in: directory,
            asUnprivileged: false)
        #expect(said == "")
    }
}
