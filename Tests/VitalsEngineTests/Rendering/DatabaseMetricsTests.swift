import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("What metrics say of databases")
struct DatabaseMetricsTests {
    private static let id = HealthCheckID("a.sql")
    private static let policy = Fixture.healthCheck("a", "sql").policy

    /// What is known after these runs.
    private static func reading(
        _ runs: [Run], vitals: [Vital] = [], misses: [Miss] = [], engine: String = "postgres",
        at now: Timestamp = Fixture.at(5)
    ) -> DatabaseReading {
        var belief = Belief()
        var counts = RunCounts(isDatabase: true)
        for run in runs {
            _ = belief.apply(run, policy, isDatabase: true)
            counts.add(run)
        }
        for miss in misses { counts.add(miss) }
        return DatabaseReading(
            target: id.text, engine: engine,
            evaluation: belief.evaluation.shown(
                id, lastRun: belief.lastRun, policy, since: Fixture.at(0), at: now),
            lastRun: belief.lastRun, vitals: vitals, counts: counts)
    }

    private static func run(
        _ result: ProbeResult, _ outcome: Outcome = .pass, at second: Int64 = 1
    ) -> Run {
        Run(
            of: id, at: Fixture.at(second), startedAt: Fixture.at(second), trigger: .scheduled,
            outcome: outcome, result: result)
    }

    /// A pass that read and wrote.
    private static func served(_ facts: [(FactName, FactValue)] = []) -> ProbeResult {
        var result = ProbeResult(
            latency: .microseconds(5_250),
            phases: [
                PhaseTiming(.connect, .microseconds(1_000)), PhaseTiming(.read, .microseconds(1_250)),
                PhaseTiming(.write, .microseconds(3_000)),
            ])
        for (name, value) in facts { result.facts[name] = value }
        return result
    }

    private static func text(
        _ readings: [DatabaseReading], isLegacy: Bool = true, _ format: MetricFormat = .text
    ) async -> String {
        var writer = MetricWriter(format)
        await DatabaseMetrics(readings, isLegacy: isLegacy).write(to: &writer)
        return String(decoding: writer.finish(), as: UTF8.self)
    }

    /// Samples without the labels that all of them have.
    private static func lines(_ readings: [DatabaseReading], isLegacy: Bool = true) async -> [String] {
        let labels = #"target="a.sql",engine="postgres",db_name="postgres",db_role="primary""#
        return await text(readings, isLegacy: isLegacy).split(separator: "\n").map(String.init)
            .filter { !$0.hasPrefix("#") }
            .map { $0.replacing("{\(labels)}", with: "").replacing("{\(labels),", with: "{") }
    }

    @Test("one that serves: under the older names in milliseconds, under the others in seconds")
    func served() async {
        let lines = await Self.lines([
            Self.reading(
                [
                    Self.run(
                        Self.served([
                            (.role, .text("replica")), (.serverVersion, .text("16.2")),
                            (.certificateChainDaysLeft, .number(10)),
                        ]))
                ], vitals: [Vital("connections", 7)])
        ])
        for line in [
            "db_up 1", #"db_status{state="up"} 1"#, #"db_status{state="down"} 0"#, "db_probe_success 1",
            "db_read_latency_ms 1.25", "db_write_latency_ms 3", "db_connection_count 7", "db_connections 7",
            "db_connection_errors_total 0", #"db_probe_last_duration_seconds{phase="read"} 0.00125"#,
            #"db_probe_last_duration_seconds{phase="total"} 0.00525"#,
            #"db_probe_duration_seconds_bucket{le="0.005"} 0"#,
            #"db_probe_duration_seconds_bucket{le="0.025"} 1"#, "db_probe_duration_seconds_sum 0.00525",
            "db_probe_last_run_timestamp_seconds 1795219201", #"db_role_info{observed="replica"} 1"#,
            "db_replica 1", #"db_info{version="16.2",server="PostgreSQL"} 1"#,
            "db_tls_certificate_expiry_timestamp_seconds 1796083201",
        ] { #expect(lines.contains(line), "\(line)") }
    }

    @Test("what our user may is a family of its own, and no vital of the author's can take its name")
    func capabilities() async {
        let vitals = [
            Vital("capability_pg_monitor", 0), Vital("capability_pg_read_all_stats", 1),
            Vital("capability_unasked", nil), Vital("capability", 7),
        ]
        let lines = await Self.lines([Self.reading([Self.run(Self.served())], vitals: vitals)])
        #expect(
            lines.filter { $0.hasPrefix("db_capability") } == [
                #"db_capability{name="pg_monitor"} 0"#, #"db_capability{name="pg_read_all_stats"} 1"#,
            ])
    }

    @Test("without the older names only these are missing")
    func conventional() async {
        let readings = [Self.reading([Self.run(Self.served())], vitals: [Vital("connections", 7)])]
        let all = Set(await Self.lines(readings))
        let left = Set(await Self.lines(readings, isLegacy: false))
        #expect(left.isSubset(of: all))
        #expect(
            Set(all.subtracting(left).map { String($0.prefix { $0 != " " }) }) == [
                "db_read_latency_ms", "db_write_latency_ms", "db_connection_count",
                "db_connection_errors_total",
            ])
    }

    @Test("one that went down is 0 and has no latency; why is counted")
    func down() async {
        let fails = (2...4).map { Fixture.fail(of: Self.id, at: Fixture.at($0)) }
        let lines = await Self.lines([Self.reading([Self.run(Self.served())] + fails)])
        for line in [
            "db_up 0", #"db_status{state="down"} 1"#, "db_probe_success 0", "db_connection_errors_total 3",
            #"db_probe_failures_total{kind="refused",phase="connect"} 3"#,
            #"db_probe_last_duration_seconds{phase="resolve"} 0.000011"#,
        ] { #expect(lines.contains(line), "\(line)") }
        for prefix in [
            "db_read", "db_write", #"db_probe_last_duration_seconds{phase="connect"}"#,
            #"db_probe_last_duration_seconds{phase="total"}"#, "db_role_info",
        ] { #expect(!lines.contains { $0.hasPrefix(prefix) }, "\(prefix)") }
    }

    @Test("where only writing fails it is up, and has a latency for reading alone")
    func readOnly() async {
        var result = Self.served()
        result.fault = Fault(.readOnly, in: .write, code: "25006", message: "read-only")
        let runs = (1...3).map { Self.run(result, .warn, at: $0) }
        let lines = await Self.lines([Self.reading(runs)])
        for line in [
            "db_up 1", #"db_status{state="degraded"} 1"#, "db_read_latency_ms 1.25", "db_probe_success 0",
            #"db_probe_last_duration_seconds{phase="total"} 0.00525"#, "db_connection_errors_total 0",
        ] { #expect(lines.contains(line), "\(line)") }
        #expect(!lines.contains { $0.hasPrefix("db_write_latency_ms") })
    }

    @Test("up is there and 0 before the first run, when misconfigured, and when nobody has looked for long")
    func alwaysThere() async {
        let refused = Fixture.fail(of: Self.id, at: Fixture.at(1), cause: .authFailed)
        for (reading, status) in [
            (Self.reading([]), "unknown"), (Self.reading([refused]), "misconfigured"),
            (Self.reading([Self.run(Self.served())], at: Fixture.at(600)), "unknown"),
        ] {
            let lines = await Self.lines([reading])
            #expect(lines.contains("db_up 0"))
            #expect(
                lines.filter { $0.hasPrefix("db_status") && $0.hasSuffix(" 1") }
                    == [#"db_status{state="\#(status)"} 1"#])
            #expect(!lines.contains { $0.hasPrefix("db_read_latency_ms") })
        }
    }

    @Test("what is no database, or switched off, has no such series")
    func others() {
        func view(_ kind: ProbeKind, isEnabled: Bool) -> HealthCheckView {
            HealthCheckView(
                HealthCheck(
                    system: SystemID("a"), check: CheckID("b"), kind: kind, isEnabled: isEnabled,
                    policy: Self.policy, revision: Revision("0a")),
                systemName: "a", address: "", evaluation: Evaluation(), lastRun: nil)
        }
        let postgres = ProbeKind("postgres", isDatabase: true)
        #expect(DatabaseReading(view(postgres, isEnabled: true), RunCounts(isDatabase: true)) != nil)
        #expect(DatabaseReading(view(postgres, isEnabled: false), RunCounts(isDatabase: true)) == nil)
        let tcp = ProbeKind("tcp", isDatabase: false)
        #expect(DatabaseReading(view(tcp, isEnabled: true), RunCounts()) == nil)
    }

    @Test("never more than sixty series, whatever a target does and however many vitals it has")
    func atMostSixty() async {
        let faults = Cause.allCases.map { cause in
            var result = Self.served([(.role, .text("primary")), (.serverVersion, .text("16.2"))])
            result.fault = Fault(cause, in: .vitals, message: "")
            return Self.run(result, .warn)
        }
        let whole = ProbeResult(
            latency: .seconds(1), phases: Phase.allCases.map { PhaseTiming($0, .milliseconds(1)) },
            facts: Self.served([
                (.role, .text("primary")), (.serverVersion, .text("16.2")),
                (.certificateDaysLeft, .number(3)),
            ]).facts)
        let misses = MissReason.allCases.map {
            Miss(of: Self.id, from: Fixture.at(1), to: Fixture.at(1), count: 1, reason: $0)
        }
        let vitals = (0..<64).map { Vital("custom_\($0)", 1) } + [Vital("connections", 5)]
        let lines = await Self.lines([
            Self.reading(faults + [Self.run(whole)], vitals: vitals, misses: misses)
        ])
        #expect(lines.count == DatabaseMetrics.mostSeries)
        #expect(Set(lines.map { $0.prefix { $0 != " " } }).count == lines.count)
        #expect(lines.contains("db_connections 5"), "what every database has comes first")
        #expect(lines.contains { $0.hasPrefix(#"db_probe_failures_total{kind="other",phase="other"}"#) })
        #expect(lines.filter { $0.hasPrefix("db_probe_failures_total") }.count == DatabaseCounts.mostFailures)
    }

    @Test(
        "a vital is a metric of its own name, unless that is no name or is taken",
        arguments: [
            ("connections", "db_connections"), ("deadlocks_total", "db_deadlocks_total"),
            ("Session Table-Rows", "db_session_table_rows"), ("up", nil), ("probe_success", nil),
            ("rows_count", nil), ("x_total_total", nil), ("_total", nil), ("", nil), ("___", nil),
            ("read_latency_ms", nil), ("info", nil), ("größe", "db_gr____e"),
        ] as [(String, String?)])
    func vitalNames(vital: String, metric: String?) {
        #expect(VitalFamily(of: vital)?.sampleName == metric)
    }

    @Test("two vitals of one name are one series, and what is no number is none")
    func vitals() async {
        let vitals = [
            Vital("lag", 1.5), Vital("LAG", 2), Vital("lag_total", 3), Vital("a_total", -1), Vital("b", .nan),
            Vital("c", nil, reason: "no right"), Vital("size_bytes", 1e15),
        ]
        let lines = await Self.lines(
            [Self.reading([Self.run(Self.served())], vitals: vitals)], isLegacy: false)
        #expect(lines.suffix(2) == ["db_lag 1.5", "db_size_bytes 1000000000000000"])
    }

    @Test("room is given to what alerts ask for, then to what the check's author wants, then to the rest")
    func room() {
        let vitals = ["blocks_hit_total", "aaa", "session_rows", "xid_age"].map { Vital($0, 1) }
        let names = VitalFamily.exported(vitals, own: ["session_rows"], limit: 3).map(\.family.name)
        #expect(names == ["db_xid_age", "db_session_rows", "db_blocks_hit"])
    }

    @Test("in OpenMetrics a counter's family is named without its end, and has a unit where it has one")
    func openMetrics() async {
        let text = await Self.text(
            [
                Self.reading(
                    [Self.run(Self.served())], vitals: [Vital("deadlocks_total", 3), Vital("size_bytes", 8)])
            ], isLegacy: false, .openMetrics)
        #expect(text.contains("# TYPE db_deadlocks counter\ndb_deadlocks_total{"))
        #expect(text.contains("# TYPE db_size_bytes gauge\n# UNIT db_size_bytes bytes\ndb_size_bytes{"))
        #expect(text.contains("# TYPE db info\n"))
    }

    @Test("counts go on under another configuration, and begin where a target becomes a database")
    func following() {
        var counts = RunCounts(isDatabase: true)
        counts.add(Fixture.fail(of: Self.id, at: Fixture.at(1)))
        #expect(counts.following(isDatabase: true) == counts)
        #expect(counts.following(isDatabase: false).database == nil)
        #expect(counts.following(isDatabase: false).following(isDatabase: true).database == DatabaseCounts())
    }

    @Test("a version that is none is not told")
    func versions() {
        for version in ["", "16\n2", String(repeating: "1", count: 65), "16 é"] {
            let facts: [(FactName, FactValue)] = [(.serverVersion, .text(version))]
            #expect(Self.reading([Self.run(Self.served(facts))]).version == nil, "\(version)")
        }
        let facts: [(FactName, FactValue)] = [(.serverVersion, .text("10.11.19-MariaDB"))]
        let reading = Self.reading([Self.run(Self.served(facts))], engine: "mysql")
        #expect(reading.version?.server == "MariaDB")
        let valkey: [(FactName, FactValue)] = [
            (.serverVersion, .text("9.1.2")), (.serverFlavour, .text("Valkey")),
        ]
        #expect(Self.reading([Self.run(Self.served(valkey))], engine: "redis").version?.server == "Valkey")
        let redis = Array(valkey.prefix(1))
        #expect(Self.reading([Self.run(Self.served(redis))], engine: "redis").version?.server == "Redis")
        let other: [(FactName, FactValue)] = [(.serverVersion, .text("16.0.4105.2"))]
        let sqlServer = Self.reading([Self.run(Self.served(other))], engine: "sqlserver")
        #expect(sqlServer.version?.server == "SQL Server")
        let library: [(FactName, FactValue)] = [(.libraryVersion, .text("SQLite 3.40.1"))]
        let file = Self.reading([Self.run(Self.served(library))], engine: "sqlite")
        #expect(file.version?.version == "3.40.1")
    }
}
