import Testing
import VitalsCore
import VitalsEngine

@Suite("Vitals and questions of a check")
struct ConfigurationVitalTests {
    private struct Nobody: Probe {
        let kind: ProbeKind
        let address = "db1"
        let endpoint = "db1"
        let identity = "db1"

        func start(_ job: ProbeJob, done: @escaping @Sendable (ProbeResult) -> Void) -> ProbeCancellation {
            preconditionFailure("nobody starts it")
        }
    }

    private static let rules = [
        VitalRule("used_percent", unit: "%", "in use", every: .seconds(60), warn: 80, critical: 95),
        VitalRule("hit_percent", unit: "%", "found", every: .seconds(60), bad: .low, warn: 98, clear: 99),
        VitalRule("deadlocks_total", unit: "c", "deadlocks", every: .seconds(60)),
        VitalRule(
            "deadlocks_per_minute", "deadlocks", every: .seconds(60),
            source: .rate(of: "deadlocks_total", per: .seconds(60)), warn: 5),
    ]

    private static let forms = [
        ProbeForm(
            kind: ProbeKind("sql", isDatabase: true), schemes: [],
            fields: [Field("dsn", .target, isRequired: true, "a server")], vitals: .known, rules: rules,
            takesQueries: true,
            refusesQuery: { $0.hasPrefix("DROP") ? "begins with DROP; only what reads is asked" : nil }
        ) { _ in Nobody(kind: ProbeKind("sql", isDatabase: true)) },
        ProbeForm(
            kind: ProbeKind("tcp", isDatabase: false), schemes: [],
            fields: [Field("address", .target, isRequired: true, "a port")]
        ) { _ in Nobody(kind: ProbeKind("tcp", isDatabase: false)) },
    ]

    private func check(
        _ keys: String, kind: String = "sql"
    ) throws(ConfigurationError) -> ConfiguredHealthCheck? {
        let text = "systems: [{id: shop, checks: [{id: db, \(kind): db1, \(keys)}]}]"
        let reader = ConfigurationReader(forms: Self.forms, channelForms: []) { Revision($0) }
        return try reader.read(
            files: [ConfigurationFile(name: "vitals.yaml", text: text)], environment: [:],
            flags: ConfigurationFlags(listen: nil)
        ).configuration.healthChecks.first
    }

    private func rules(_ items: String) throws -> [VitalRule] {
        try check("vitals: [\(items)]")?.healthCheck.policy.vitals ?? []
    }

    @Test("those of the kind are measured as they are, where nothing is said")
    func usual() throws {
        #expect(try check("interval: 10s")?.healthCheck.policy.vitals == Self.rules)
        #expect(try rules("") == Self.rules)
    }

    @Test("one that is known is judged and measured as it is written")
    func overridden() throws {
        let moved = try #require(try rules("{name: used_percent, warn: 70, critical: 90}").first)
        #expect(moved.warn == 70 && moved.critical == 90 && moved.clear == 52.5)
        let cleared = try #require(try rules("{name: used_percent, clear: 40, every: 5m}").first)
        #expect(cleared.warn == 80 && cleared.clear == 40 && cleared.every == .seconds(300))
        let kept = try #require(try rules("{name: used_percent, every: 5m}").first)
        #expect(kept.clear == 60)
        let off = try #require(try rules("{name: used_percent, warn: none, critical: none}").first)
        #expect(off.warn == nil && off.critical == nil && off.clear == nil)
        let low = try rules("{name: hit_percent, warn: 90}")[1]
        #expect(low.warn == 90 && low.clear == 95, "a share has no 112.5 %")
        #expect(try rules("{name: used_percent, enabled: false}").map(\.name).first == "hit_percent")
    }

    @Test("one with a query is one of the author's own")
    func own() throws {
        let query = "{name: session_rows, query: SELECT 1, unit: B, every: 5m, direction: low, warn: 10}"
        let rule = try #require(try rules(query).last)
        #expect(rule.source == .query("SELECT 1"))
        #expect(rule.unit == "B" && rule.every == .seconds(300) && rule.bad == .low && rule.warn == 10)
        #expect(try rules("{name: rows, query: SELECT 1}").last?.every == .seconds(60))
    }

    @Test("questions have a query, a time and conditions of their own")
    func questions() throws {
        let written = try check(
            "collect: [{name: stuck, query: SELECT 1, timeout: 500ms, conditions: '[ROWS].count == 0', "
                + "warn_conditions: '[RESPONSE_TIME] < 1s'}, {name: plain, query: SELECT 2}]")
        let questions = try #require(written?.questions)
        #expect(questions.map(\.name) == ["stuck", "plain"])
        #expect(questions.first?.timeout == .milliseconds(500))
        #expect(questions.first?.conditions.failing.map(\.text) == ["[ROWS].count == 0"])
        #expect(questions.first?.conditions.warning.map(\.text) == ["[RESPONSE_TIME] < 1s"])
        #expect(questions.last?.timeout == .seconds(2))
    }

    @Test("what they say is not what the target is")
    func revision() throws {
        let plain = try check("interval: 10s")
        let asking = try check(
            "vitals: [{name: used_percent, warn: 1}], collect: [{name: a, query: SELECT 1}]")
        #expect(plain?.healthCheck.revision == asking?.healthCheck.revision)
    }

    @Test(
        "what is wrong with them is told",
        arguments: [
            (
                "vitals: [{name: used_procent, warn: 1}]",
                "is no vital of a sql check; did you mean `used_percent`?"
            ),
            ("vitals: [{warn: 1}]", "has no `name`; say which vital it is"),
            (
                "vitals: [{name: Used}]",
                "is no name; write small letters, digits and `_`, a letter first, at most 48"
            ),
            (
                "vitals: [{name: used_percent}, {name: used_percent}]",
                "is taken on line 1; names must differ"
            ),
            (
                "vitals: [{name: used_percent, warn: much}]",
                "is no number; write one like 80 or 1.5, or `none`"
            ),
            ("vitals: [{name: used_percent, warn: 96}]", "`warn` would lie beyond `critical` (96 and 95)"),
            (
                "vitals: [{name: used_percent, clear: 81}]",
                "lies beyond the edge that it is the way back from (80)"
            ),
            ("vitals: [{name: used_percent, unit: B}]", "is only for vitals with a `query`"),
            (
                "vitals: [{name: deadlocks_per_minute, every: 5m}]",
                "follows from `deadlocks_total`; say there how often it is measured"
            ),
            (
                "vitals: [{name: used_percent, query: SELECT 1}]",
                "is the name of a vital that is known; choose another, or leave the `query` out"
            ),
            (
                "vitals: [{name: a, query: SELECT 1, direction: up}]",
                "is neither `high` nor `low`, the way that is bad"
            ),
            ("collect: [{query: SELECT 1}]", "has no `name`; give it one"),
            (
                "collect: [{name: a, query: DROP TABLE t}]",
                "collect[0].query: begins with DROP; only what reads is asked"
            ),
            (
                "vitals: [{name: a, query: DROP TABLE t}]",
                "vitals[0].query: begins with DROP; only what reads is asked"
            ),
            ("collect: [{name: a}]", "has no `query`; give it one"),
            ("collect: [{name: a, query: SELECT 1, timeout: 3s}]", "\"3s\" is too long; at most 2s"),
            (
                "collect: [{name: a, query: SELECT 1, conditions: '[STATUS] == 200'}]",
                "asks for [STATUS], which rows do not have"
            ),
        ])
    func problems(keys: String, message: String) throws {
        let error = try #require(throws: ConfigurationError.self) { try check(keys) }
        #expect(error.description.hasSuffix(message), "\(error)")
    }

    @Test("a kind that measures none takes none, and no queries")
    func otherKinds() throws {
        for (keys, message) in [
            ("vitals: [{name: a, query: SELECT 1}]", "has no vitals that are known here"),
            ("collect: [{name: a, query: SELECT 1}]", "takes no queries"),
        ] {
            let error = try #require(throws: ConfigurationError.self) { try check(keys, kind: "tcp") }
            #expect(error.description.hasSuffix(message), "\(error)")
        }
    }
}
