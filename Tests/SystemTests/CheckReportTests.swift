import Foundation
import Testing
import VitalsCore
import VitalsEngine

@testable import vitals

@Suite("What `vitals check` says")
struct CheckReportTests {
    private static let postgres = ProbeKind("postgres", isDatabase: true)
    private static let http = ProbeKind("http", isDatabase: false)
    private static let tcp = ProbeKind("tcp", isDatabase: false)

    private static func report(
        _ kind: ProbeKind, _ target: String = "127.0.0.1:5433", _ fault: Fault? = nil,
        latency: Duration = .microseconds(12_345), facts: [(FactName, FactValue)] = []
    ) -> CheckReport {
        var result = ProbeResult(
            fault: fault, latency: latency,
            phases: [
                PhaseTiming(.resolve, .microseconds(40)), PhaseTiming(.connect, .microseconds(300)),
            ])
        for (name, value) in facts { result.facts[name] = value }
        return CheckReport(target: target, kind: kind, result: result)
    }

    @Test("a pass is one line with what was found, and its figures")
    func pass() {
        let report = Self.report(
            Self.postgres, "postgres://monitor@db1.example.com:5432/orders?sslmode=require",
            facts: [
                (.serverVersion, .text("15.18")), (.role, .text("primary")), (.tlsProtocol, .text("TLSv1.3")),
                (.certificateDaysLeft, .number(63)),
            ])
        #expect(
            report.text == """
                OK postgres://monitor@db1.example.com:5432/orders?sslmode=require: answered in 12.3 ms \
                (PostgreSQL 15.18, primary, TLSv1.3, certificate ends in 63 days) \
                | latency=12.345ms;;;0 resolve=0.04ms;;;0 connect=0.3ms;;;0 certificate_days_left=63;;;
                """)
        #expect(report.exitCode == 0)
    }

    @Test("a target without a scheme is named with its kind")
    func kind() {
        #expect(Self.report(Self.tcp).text.hasPrefix("OK tcp 127.0.0.1:5433: answered in 12.3 ms | latency="))
    }

    @Test("a failure says cause, phase, message and code, and in a second line what may help")
    func failure() {
        let report = Self.report(
            Self.tcp,
            fault: Fault(.refused, in: .connect, code: "ECONNREFUSED", message: "connection refused"))
        let lines = report.text.split(separator: "\n").map(String.init)
        #expect(lines.count == 2)
        #expect(
            lines[0] == """
                CRITICAL tcp 127.0.0.1:5433: refused in connect: connection refused (ECONNREFUSED) \
                | latency=12.345ms;;;0 resolve=0.04ms;;;0 connect=0.3ms;;;0
                """)
        #expect(lines[1].hasPrefix("Nothing listens there"))
    }

    @Test(
        "the exit code follows from the cause's class, with nothing known of an earlier pass",
        arguments: [
            (nil, 0, "OK", "pass", nil),
            (Fault(.vital, in: .vitals, message: "m"), 1, "WARNING", "warn", "partial"),
            (Fault(.timeout, in: .read, message: "m"), 1, "WARNING", "warn", "partial"),
            (Fault(.timeout, in: .connect, message: "m"), 2, "CRITICAL", "fail", "target"),
            (Fault(.refused, in: .connect, message: "m"), 2, "CRITICAL", "fail", "target"),
            (Fault(.authFailed, in: .authenticate, message: "m"), 3, "UNKNOWN", "fail", "config"),
            (Fault(.dnsNXDomain, in: .resolve, message: "m"), 3, "UNKNOWN", "fail", "config"),
            (Fault(.dbMissing, in: .session, message: "m"), 3, "UNKNOWN", "fail", "config"),
            (Fault(.internal, in: .connect, message: "m"), 3, "UNKNOWN", "inconclusive", "self"),
        ] as [(Fault?, Int32, String, String, String?)])
    func exitCodes(
        _ fault: Fault?, _ code: Int32, _ word: String, _ outcome: String, _ causeClass: String?
    ) throws {
        let report = Self.report(Self.postgres, fault: fault)
        #expect(report.exitCode == code)
        #expect(report.text.hasPrefix("\(word) "))
        let json = try Self.object(report.json)
        #expect(json["outcome"] as? String == outcome)
        #expect(json["class"] as? String == causeClass)
    }

    @Test("a service that is slow in any phase has failed")
    func slowService() {
        #expect(Self.report(Self.http, fault: Fault(.timeout, in: .body, message: "m")).exitCode == 2)
    }

    @Test("the object for programs has all its members, null where there is nothing")
    func json() throws {
        let names = [
            "target", "kind", "outcome", "cause", "class", "phase", "message", "latency_ms", "phases_ms",
            "facts", "findings", "vitals", "conditions", "questions",
        ]
        let pass = Self.report(
            Self.http, "https://orders.example.com/health",
            facts: [(.httpStatus, .number(200)), (.addresses, .list(["192.0.2.1"]))])
        #expect(
            pass.json.text == """
                {"target":"https://orders.example.com/health","kind":"http","outcome":"pass","cause":null,\
                "class":null,"phase":null,"message":null,"latency_ms":12.345,\
                "phases_ms":{"resolve":0.04,"connect":0.3},\
                "facts":{"http_status":200,"addresses":["192.0.2.1"]},\
                "findings":[],"vitals":[],"conditions":[],"questions":[]}
                """)
        let fail = Self.report(Self.tcp, fault: Fault(.refused, in: .connect, message: "no"))
        #expect(try Set(Self.object(fail.json).keys) == Set(names))
        #expect(try Self.object(fail.json)["cause"] as? String == "refused")
        #expect(try Self.object(fail.json)["phase"] as? String == "connect")
        #expect(try Self.object(fail.json)["message"] as? String == "no")
    }

    @Test("of several conditions that do not hold each has a line of its own; one alone is in the first")
    func conditions() {
        func result(_ level: ConditionLevel, _ verdict: ConditionVerdict, _ seen: String) -> ConditionResult {
            ConditionResult(condition: "c", level: level, verdict: verdict, seen: seen)
        }
        let held = result(.fail, .holds, "[STATUS] (200) == 200")
        let failed = result(.fail, .fails, "[BODY].a (1) == 2")
        let erred = result(.warn, .error("there is no `b`"), "[BODY].b (missing) == 2")
        let fault = Fault(.condition, in: .body, message: failed.message)
        func lines(_ conditions: [ConditionResult]) -> [String] {
            let result = ProbeResult(fault: fault, latency: .zero, conditions: conditions)
            return CheckReport(target: "http://h/", kind: Self.http, result: result).text
                .split(separator: "\n").map(String.init)
        }
        #expect(
            lines([held, failed]) == [
                "CRITICAL http://h/: condition in body: [BODY].a (1) == 2 | latency=0ms;;;0"
            ])
        #expect(
            lines([held, failed, erred]).dropFirst() == [
                "must hold: [BODY].a (1) == 2", "should hold: [BODY].b (missing) == 2: there is no `b`",
            ])
    }

    @Test("of questions of one's own: how long each took, its rows or why there are none, which has a line")
    func questions() {
        let rows = Observation.Rows(columns: ["n"], kept: [[.number("1")]], count: 1)
        let report = CheckReport(
            target: "sqlite:///a", kind: ProbeKind("sqlite", isDatabase: true),
            result: ProbeResult(latency: .milliseconds(1)),
            answers: [
                OwnAnswer("fine", took: .microseconds(1_250), .rows(rows)),
                OwnAnswer("bad", took: .milliseconds(200), .refused("too | long")),
                OwnAnswer("late", .missing("no time")),
            ])
        #expect(
            report.json.text.hasSuffix(
                """
                "questions":[{"name":"fine","took_ms":1.25,"rows":1,"reason":null},\
                {"name":"bad","took_ms":200,"rows":null,"reason":"too | long"},\
                {"name":"late","took_ms":0,"rows":null,"reason":"no time"}]}
                """))
        #expect(
            report.text.split(separator: "\n").dropFirst() == [
                "not answered: bad, after 200 ms: too / long", "not answered: late, after 0 ms: no time",
            ])
    }

    @Test("answers of name servers, round trips and what a program said are told, and the figures of both")
    func found() {
        let answers = Self.report(
            ProbeKind("dns", isDatabase: false), "dns://127.0.0.1/h",
            facts: [(.answers, .list(["a", "b", "c", "d", "e", "f"]))])
        #expect(answers.text.contains("(a, b, c, d, 2 more) |"))
        let echo = Self.report(
            ProbeKind("icmp", isDatabase: false), "icmp://127.0.0.1",
            facts: [
                (.lossPercent, .number(25)), (.roundTripMinimum, .number(40)),
                (.roundTripAverage, .number(52)), (.roundTripMaximum, .number(1_900)),
            ])
        #expect(echo.text.contains("(round trip 0.052 ms, 25% lost) |"))
        #expect(echo.text.hasSuffix("rtt_min=40us;;;0 rtt_avg=52us;;;0 rtt_max=1900us;;;0 loss=25%;;;0;100"))
    }

    @Test("what a program measured follows as it would print it, under a name of its own")
    func figures() throws {
        var result = ProbeResult(latency: .milliseconds(1))
        result.facts[.output] = .text("DISK OK | free")
        result.vitals = [
            Vital(
                "/var log", 12.5, unit: "%", warn: ThresholdRange("80"), critical: ThresholdRange("90"),
                minimum: 0, maximum: 100),
            Vital("it's", nil), Vital("latency", 3),
        ]
        let text = CheckReport(target: "exec:x", kind: ProbeKind("exec", isDatabase: false), result: result)
            .text
        #expect(text.contains("(DISK OK / free) | latency=1ms;;;0 "))
        #expect(text.hasSuffix(" '/var log'=12.5%;80;90;0;100 'it''s'=U;;;; latency_=3;;;;"), "\(text)")
        var perfdata = Perfdata()
        perfdata.read(text.split(separator: "|")[1])
        #expect(perfdata.refused == 0)
        #expect(perfdata.vitals.map(\.name) == ["latency", "/var log", "it's", "latency_"])
    }

    @Test("what could not be measured has a line of its own for each reason, with what mends it")
    func unmeasured() {
        let reason = "permission denied (42501); run: GRANT pg_monitor TO m"
        var result = ProbeResult(latency: .milliseconds(1))
        result.vitals = [
            Vital("connections", 7), Vital("wal_bytes", nil, reason: reason),
            Vital("slots", nil, reason: "needs PostgreSQL 13"), Vital("wal_files", nil, reason: reason),
        ]
        let text = CheckReport(target: "postgres://db", kind: Self.postgres, result: result).text
        #expect(
            text.split(separator: "\n").dropFirst() == [
                "not measured: wal_bytes, wal_files: \(reason)", "not measured: slots: needs PostgreSQL 13",
            ])
    }

    @Test(
        "a figure is told to the millionth, without an exponent",
        arguments: [
            (100.0 / 9, "11.111111"), (7.2e-05, "0.000072"), (1e-9, "0"), (-0.25, "-0.25"), (0, "0"),
            (2_144_483_648, "2144483648"), (1e15, "1000000000000000"),
        ] as [(Double, String)])
    func figure(_ value: Double, _ text: String) {
        #expect(CheckFigures.number(value) == text)
    }

    @Test("nothing that a target sends can pass for a line or a figure")
    func hostile() {
        let report = Self.report(
            Self.tcp,
            fault: Fault(.unexpectedReply, in: .greeting, message: "x | latency=0ms\nOK\r\nall\tis well"))
        #expect(report.text.filter { $0 == "|" }.count == 1)
        #expect(report.text.split(whereSeparator: \.isNewline).count == 1)
    }

    @Test(
        "times are told to about three digits",
        arguments: [
            (Duration.microseconds(4), "0 ms"), (.microseconds(409), "0.41 ms"),
            (.microseconds(1_999), "2 ms"),
            (.microseconds(12_345), "12.3 ms"), (.microseconds(123_456), "123 ms"), (.seconds(5), "5000 ms"),
        ])
    func times(_ latency: Duration, _ text: String) {
        #expect(Self.report(Self.tcp, latency: latency).text.contains("answered in \(text) |"))
    }

    @Test(
        "the frequent faults come with what mends them",
        arguments: [
            (Cause.tlsUnsupported, Phase.tls, "?sslmode=disable"), (.tlsCertUntrusted, .tls, "sslrootcert="),
            (.authFailed, .authenticate, "%40"), (.hostBlocked, .authenticate, "pg_hba.conf"),
            (.timeout, .connect, "firewalls"), (.timeout, .read, "--timeout"),
            (.dbMissing, .session, "database"),
            (.dnsNXDomain, .resolve, "host name"), (.protocolMismatch, .greeting, "port"),
        ])
    func hints(_ cause: Cause, _ phase: Phase, _ words: String) {
        let text = Self.report(Self.postgres, fault: Fault(cause, in: phase, message: "m")).text
        let lines = text.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.last?.contains(words) == true)
        #expect(lines.last?.contains("|") == false)
    }

    private static func report(_ kind: ProbeKind, fault: Fault?) -> CheckReport {
        report(kind, "127.0.0.1:5433", fault)
    }

    private static func object(_ json: JSON) throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: Data(json.text.utf8)) as? [String: Any] ?? [:]
    }
}
