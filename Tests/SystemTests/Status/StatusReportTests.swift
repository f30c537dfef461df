import Testing
import VitalsCore

@testable import vitals

@Suite("What `vitals status` says")
struct StatusReportTests {
    private static let now = Timestamp(microseconds: 1_800_000_000_000_000)

    private static func line(
        _ id: String, _ state: String, seconds: Int64 = 60, cause: String? = nil, message: String? = nil,
        isStale: Bool = false, isEnabled: Bool = true
    ) -> JSON {
        let since = Timestamp(microseconds: now.microseconds - seconds * 1_000_000)
        let run: JSON = [
            "cause": JSON(cause), "phase": cause == nil ? .null : "connect", "message": JSON(message),
        ]
        return [
            "id": .string(id), "state": .string(state), "enabled": .bool(isEnabled), "stale": .bool(isStale),
            "since": JSON(since), "last_run": run,
        ]
    }

    private static func report(_ items: [JSON]) -> StatusReport {
        var report = StatusReport()
        for item in items {
            if let line = StatusLine(item) { report.add(line) }
        }
        return report
    }

    private static let mixed = [
        line("a.http", "healthy"), line("z.tcp", "unhealthy", seconds: 725, cause: "refused", message: "no"),
        line("b.sql", "degraded", seconds: 7_500, cause: "vital", message: "9 days left"),
        line("c.dns", "unknown", seconds: 200_000, cause: "timeout", message: "late", isStale: true),
        line("b.tcp", "unhealthy", seconds: 5, cause: "timeout"),
        line("d.tcp", "unhealthy", isEnabled: false),
    ]

    @Test("until when one is snoozed comes before what is wrong with it, of a healthy one too")
    func snoozed() {
        let lines =
            [("unhealthy", "refused"), ("healthy", nil)].compactMap { state, cause in
                let until = [("snoozed_until", JSON.string("2027-01-15T09:00:00Z"))]
                guard case .object(let members) = Self.line("a.b", state, cause: cause) else { return nil }
                return StatusLine(JSON(members: members.map { ($0.name, $0.value) } + until))?.finding
            } as [String]
        #expect(
            lines == [
                "snoozed until 2027-01-15T09:00:00Z; refused in connect",
                "snoozed until 2027-01-15T09:00:00Z",
            ])
    }

    @Test("problems come first, the worst before all, each on a line; then a count of all")
    func problems() {
        let report = Self.report(Self.mixed)
        #expect(
            report.problemLines(StatusReport.Style(), at: Self.now) == [
                "UNHEALTHY  b.tcp  5s       timeout in connect",
                "UNHEALTHY  z.tcp  12m      refused in connect: no",
                "DEGRADED   b.sql  2h05m    vital in connect: 9 days left",
                "UNKNOWN    c.dns  2d7h     no news for too long; last timeout in connect: late",
            ])
        #expect(report.summary == "2 unhealthy, 1 degraded, 1 unknown, 1 healthy, 1 disabled")
        #expect(report.exitCode == 2)
    }

    @Test(
        "the exit status is that of the worst that is enabled",
        arguments: [
            (["healthy"], 0, "1 healthy"), (["healthy", "degraded"], 1, "1 degraded, 1 healthy"),
            (["degraded", "unknown"], 1, "1 degraded, 1 unknown, 0 healthy"),
            (["unknown", "healthy"], 3, "1 unknown, 1 healthy"),
            (["unhealthy", "unknown"], 2, "1 unhealthy, 1 unknown, 0 healthy"),
            ([], 3, "There are no health checks."),
        ] as [([String], Int32, String)])
    func exitCode(states: [String], code: Int32, summary: String) {
        let report = Self.report(states.map { Self.line("a.b", $0) })
        #expect(report.exitCode == code)
        #expect(report.summary == summary)
    }

    @Test(
        "a line is as long as the terminal is wide, whatever its letters take",
        arguments: [
            (40, "UNHEALTHY  日本.tcp  5s       refused i…"), (24, "UNHEALTHY  日本.tcp  5s…"),
            (15, "UNHEALTHY  日…"), (14, "UNHEALTHY  日…"), (13, "UNHEALTHY  …"),
        ])
    func width(columns: Int, text: String) {
        let report = Self.report([
            Self.line("日本.tcp", "unhealthy", seconds: 5, cause: "refused", message: "no")
        ])
        let style = StatusReport.Style(width: columns)
        #expect(report.problemLines(style, at: Self.now) == [text])
    }

    @Test("colours are for who can see them, and on the word alone")
    func colours() {
        let report = Self.report([Self.line("a.b", "unhealthy", seconds: 5, cause: "refused")])
        let style = StatusReport.Style(width: 30, isColoured: true)
        #expect(
            report.problemLines(style, at: Self.now) == [
                "\u{1B}[1;31mUNHEALTHY\u{1B}[0m  a.b  5s       refu…"
            ])
    }

    @Test("nothing that a server sends steers the terminal or ends a line")
    func control() {
        let report = Self.report([
            Self.line("a.b", "unhealthy", cause: "refused", message: "\u{1B}[2J\r\none\ttwo\u{202E}")
        ])
        #expect(
            report.problemLines(StatusReport.Style(), at: Self.now) == [
                "UNHEALTHY  a.b  1m       refused in connect: \u{FFFD}[2J\u{FFFD} one two\u{FFFD}"
            ])
    }

    @Test(
        "what is no health check is not taken for one",
        arguments: ["{}", "[]", "1", #"{"id":"a","state":"fine"}"#])
    func strangers(text: String) throws {
        #expect(StatusLine(try JSON(parsing: Array(text.utf8))) == nil)
    }

    @Test("beyond ten thousand problems they are only counted")
    func many() {
        let report = Self.report((0..<10_002).map { Self.line("a.\($0)", "unhealthy") })
        let lines = report.problemLines(StatusReport.Style(), at: Self.now)
        #expect(lines.count == 10_001)
        #expect(lines.last == "and 2 more")
        #expect(report.summary == "10002 unhealthy, 0 healthy")
    }

    @Test(
        "ages are short, and never below zero",
        arguments: [
            (-5, "0s"), (0, "0s"), (59, "59s"), (60, "1m"), (3_600, "1h00m"), (86_399, "23h59m"),
            (86_400, "1d0h"),
        ]
            as [(Int64, String)])
    func ages(seconds: Int64, text: String) {
        let since = Timestamp(microseconds: Self.now.microseconds - seconds * 1_000_000)
        #expect(StatusReport.age(of: since, at: Self.now) == text)
    }
}
