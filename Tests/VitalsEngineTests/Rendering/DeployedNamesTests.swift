import FoundationEssentials
import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("Alerts and dashboards ask for what there is")
struct DeployedNamesTests {
    /// Everything that may be told of a database, and of a service that is wrapped.
    private static func exposition() async -> String {
        let id = HealthCheckID("a.sql")
        let facts: [(FactName, FactValue)] = [
            (.role, .text("primary")), (.serverVersion, .text("16.2")), (.certificateDaysLeft, .number(3)),
        ]
        var result = ProbeResult(
            latency: .seconds(1), phases: [PhaseTiming(.read, .seconds(1)), PhaseTiming(.write, .seconds(1))])
        for (name, value) in facts { result.facts[name] = value }
        let pass = Run(
            of: id, at: Fixture.at(2), startedAt: Fixture.at(2), trigger: .scheduled, outcome: .pass,
            result: result)
        var belief = Belief()
        var counts = RunCounts(isDatabase: true)
        for run in [Fixture.fail(of: id, at: Fixture.at(1)), pass] {
            _ = belief.apply(run, Fixture.healthCheck("a", "sql").policy, isDatabase: true)
            counts.add(run)
        }
        counts.add(Miss(of: id, from: Fixture.at(1), to: Fixture.at(1), count: 1, reason: .late))
        let reading = DatabaseReading(
            target: "a", engine: "postgres", evaluation: belief.evaluation, lastRun: belief.lastRun,
            vitals: VitalFamily.known.map { Vital($0.0, 1) }, counts: counts)
        var writer = MetricWriter(.text)
        await DatabaseMetrics([reading], isLegacy: true).write(to: &writer)
        return String(decoding: writer.finish(), as: UTF8.self)
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: root.appending(path: path)), as: UTF8.self)
    }

    @Test("every name and label of theirs is exported (S69)")
    func names() async throws {
        let text = await Self.exposition()
        let samples = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        let metrics = Set(samples.map { String($0.prefix { $0 != "{" && $0 != " " }) })
            .union(["service_health", "vitals_probes_in_flight", "vitals_probes_waiting"])
        var labels: Set = ["service", "alertname", "alertstate", "job", "instance", "severity"]
        for sample in samples {
            for match in sample.matches(of: /([a-z_]+)="/) { labels.insert(String(match.1)) }
        }
        for path in ["deploy/prometheus/rules.yml", "deploy/grafana/databases.json"] {
            let used = try Self.text(path).replacing("\\\"", with: "\"")
            let isDashboard = path.hasSuffix("json")
            let lines = used.split(separator: "\n").filter { line in
                isDashboard ? line.contains("\"expr\":") : !line.contains("#")
            }
            for line in lines {
                for match in line.matches(of: /\b(?:db|service|vitals)_[a-z_]+/) {
                    let name = String(match.0)
                    #expect(metrics.contains(name) || labels.contains(name), "\(path): \(name)")
                }
                for match in line.matches(of: /([a-z_]+)(?:=~|!=|!~|=)"/) {
                    #expect(labels.contains(String(match.1)), "\(path): \(match.1)")
                }
                for match in line.matches(of: /\$labels\.([a-z_]+)/) {
                    #expect(labels.contains(String(match.1)), "\(path): \(match.1)")
                }
                for match in line.matches(of: /\b(?:by|on|ignoring|without) \(([a-z_, ]+)\)/) {
                    for label in match.1.split(separator: ", ") {
                        #expect(labels.contains(String(label)), "\(path): \(label)")
                    }
                }
            }
        }
    }
}
