import Testing

@testable import VitalsCore

@Suite("Judging a result by its conditions")
struct ConditionsTests {
    private static let phases = [
        PhaseTiming(.connect, .milliseconds(5)), PhaseTiming(.body, .milliseconds(1)),
    ]

    private func judged(
        failing: [String] = [], warning: [String] = [], fault: Fault? = nil, _ observation: Observation?
    ) throws -> ProbeResult {
        let conditions = try Conditions(
            failing: failing.map { try Condition(parsing: $0) },
            warning: warning.map { try Condition(parsing: $0) })
        let result = conditions.judge(
            ProbeResult(
                fault: fault, latency: .milliseconds(20), phases: Self.phases, trace: "t",
                observation: observation))
        #expect(result.observation == nil)
        #expect(result.trace == "t")
        return result
    }

    @Test("it passes where all of them hold, and says what was seen")
    func holds() throws {
        let result = try judged(
            failing: ["[STATUS] == 200", "[RESPONSE_TIME] < 1s"], warning: ["[PHASE].connect < 10ms"],
            .status(200))
        #expect(result.fault == nil)
        #expect(
            result.conditions == [
                ConditionResult(
                    condition: "[STATUS] == 200", level: .fail, verdict: .holds, seen: "[STATUS] (200) == 200"
                ),
                ConditionResult(
                    condition: "[RESPONSE_TIME] < 1s", level: .fail, verdict: .holds,
                    seen: "[RESPONSE_TIME] (20ms) < 1s"),
                ConditionResult(
                    condition: "[PHASE].connect < 10ms", level: .warn, verdict: .holds,
                    seen: "[PHASE].connect (5ms) < 10ms"),
            ])
        #expect(result.conditionsToKeep == [])
    }

    @Test("the first that must hold and does not is told, with how many others; warnings come after")
    func fails() throws {
        let two = try judged(
            failing: ["[STATUS] == 500", "[STATUS] == 200", "[BODY].x > 1"], warning: ["[STATUS] == 1"],
            Observation(status: 500, body: Array("{}".utf8)))
        #expect(two.fault == Fault(.condition, in: .body, message: "[STATUS] (500) == 200 (and 2 others)"))
        #expect(two.conditions.map(\.verdict.name) == ["holds", "fails", "error", "fails"])
        #expect(two.conditionsToKeep.count == 4)
        let one = try judged(failing: ["[BODY].x > 1"], .body("{}"))
        #expect(one.fault?.message == "[BODY].x (missing) > 1: there is no `x`")
        let warned = try judged(
            failing: ["[STATUS] == 500"], warning: ["[RESPONSE_TIME] < 10ms", "[STATUS] == 1"], .status(500))
        #expect(
            warned.fault
                == Fault(.conditionWarn, in: .body, message: "[RESPONSE_TIME] (20ms) < 10ms (and 1 other)"))
    }

    @Test("a message is at most 1 KiB")
    func longMessage() throws {
        let text = "[BODY] == \(String(repeating: "é", count: 1_000))"
        let result = try judged(failing: [text, text], .body(String(repeating: "x", count: 1_000)))
        let message = try #require(result.fault?.message)
        #expect((1_000...1_024).contains(message.utf8.count))
        #expect(message.hasSuffix("… (and 1 other)"))
    }

    @Test(
        "a fault of the probe stays what it is",
        arguments: [
            Fault(.refused, in: .connect, message: "m"), Fault(.timeout, in: .body, message: "m"),
            Fault(.tlsCertExpired, in: .tls, message: "m"), Fault(.httpStatus, in: .firstByte, message: "m"),
            Fault(.dnsNXDomain, in: .resolve, message: "m"),
        ])
    func faultStays(fault: Fault) throws {
        let result = try judged(failing: ["[RESPONSE_TIME] > 1h"], fault: fault, .status(500))
        #expect(result.fault == fault)
        #expect(result.conditions == [])
    }

    @Test("conditions that name the status take the place of the probe's own opinion of it")
    func status() throws {
        let fault = Fault(.httpStatus, in: .firstByte, message: "answered 404")
        #expect(try judged(failing: ["[STATUS] == 404"], fault: fault, .status(404)).fault == nil)
        let other = try judged(failing: ["[STATUS] == 200"], fault: fault, .status(404))
        #expect(other.fault == Fault(.condition, in: .body, message: "[STATUS] (404) == 200"))
    }

    @Test(
        "a connection that came to nothing passes if all conditions hold of that",
        arguments: [
            (["[CONNECTED] == false"], Cause.refused, Phase.connect, true),
            (["not [CONNECTED]"], .timeout, .connect, true),
            (["[CONNECTED] == false"], .unreachable, .connect, true),
            (["[CONNECTED] == false"], .reset, .connect, true),
            (["[CONNECTED] == false"], .timeout, .body, false),
            (["[CONNECTED] == false"], .dnsNXDomain, .resolve, false),
            (["[CONNECTED] == false"], .tlsHandshake, .tls, false),
            (["[CONNECTED] == true"], .refused, .connect, false),
            (["[CONNECTED] == false", "[STATUS] == 200"], .refused, .connect, false),
            (["[STATUS] == 200"], .refused, .connect, false),
        ])
    func notConnected(conditions: [String], cause: Cause, phase: Phase, passes: Bool) throws {
        let fault = Fault(cause, in: phase, message: "m")
        let result = try judged(failing: conditions, fault: fault, nil)
        #expect(result.fault == (passes ? nil : fault))
        #expect(result.conditions.isEmpty == !passes)
    }

    @Test("and one that warns of it is told")
    func warnedOfNoConnection() throws {
        let fault = Fault(.refused, in: .connect, message: "m")
        let result = try judged(
            failing: ["[CONNECTED] == false"], warning: ["[RESPONSE_TIME] < 1ms"], fault: fault, nil)
        #expect(result.fault?.cause == .conditionWarn)
    }

    @Test("a port that should be closed and is open fails")
    func open() throws {
        #expect(
            try judged(failing: ["[CONNECTED] == false"], nil).fault?.message == "[CONNECTED] (true) == false"
        )
    }

    @Test("a fault that only warns gives way to a condition that fails, and to no other")
    func vital() throws {
        let fault = Fault(.vital, in: .vitals, message: "m")
        let observation = Observation.rows(["n"], [[.number("1")]])
        #expect(try judged(failing: ["[ROWS][0].n == 1"], fault: fault, observation).fault == fault)
        #expect(try judged(warning: ["[ROWS][0].n == 2"], fault: fault, observation).fault == fault)
        #expect(
            try judged(failing: ["[ROWS][0].n == 2"], fault: fault, observation).fault?.cause == .condition)
    }

    @Test("no conditions change nothing")
    func none() throws {
        let result = try judged(.status(500))
        #expect(result == ProbeResult(latency: .milliseconds(20), phases: Self.phases, trace: "t"))
    }

    @Test("no phases and no conditions that fail are told of at the connection")
    func noPhases() throws {
        let conditions = try Conditions(failing: [Condition(parsing: "[STATUS] == 1")])
        #expect(
            conditions.judge(ProbeResult(latency: .zero, observation: .status(2))).fault?.phase == .connect)
    }
}

@Suite("Rows and headers in conditions")
struct ConditionRowTests {
    private static let rows = Observation.rows(
        ["id", "name", "a b", "ok", "ratio", "gone"],
        [
            [.number("9007199254740993"), .text("x"), .text("42"), .bool(true), .number("0.10"), .null],
            [.number("NaN"), .text(""), .null, .bool(false), .number("-1"), .null],
        ], count: 5)

    @Test("are asked by place and name", arguments: cases)
    func ofRows(example: ConditionCase) throws {
        try example.check()
    }

    private static let cases: [ConditionCase] = [
        ("[ROWS].count == 5", .holds), ("len([ROWS]) == 5", .holds), ("has([ROWS])", .holds),
        ("has([ROWS][4])", .holds),
        ("has([ROWS][5])", .fails), ("[ROWS][0].id == 9007199254740993", .holds),
        ("[ROWS][0].id > 9007199254740992", .holds),
        ("[ROWS][0].name == x", .holds), (#"[ROWS][0]["a b"] < 43"#, .holds),
        ("[ROWS][0].ok == true", .holds),
        ("[ROWS][0].ratio == 0.1", .holds), ("[ROWS][0].gone == null", .holds),
        ("[ROWS][0].gone > 1", .error("is null")),
        ("[ROWS][0][1] == x", .holds), ("[ROWS][0][9] == x", .error("no such column")),
        ("[ROWS][1].id > 1", .error("`NaN` is a text")), ("[ROWS][1].id == NaN", .holds),
        ("[ROWS][1].name == \"\"", .holds), ("len([ROWS][0].name) == 1", .holds),
        ("[ROWS][2].id == 1", .error("only the first 2 rows are known")),
        ("[ROWS][5].id == 1", .error("no row 5, only 5")),
        ("[ROWS][0].nmae == x", .error("no such column; there are id, name, a b")),
        ("has([ROWS][0].nmae)", .fails),
        ("has([ROWS][0].name)", .holds), ("has([ROWS].count)", .holds),
        ("[ROWS][0].id == [ROWS].count", .fails),
        ("[ROWS][0].name == pat(*)", .holds), ("[ROWS][1].ok == [ROWS][0].ok", .fails),
    ].map { ConditionCase($0, rows, $1) }

    @Test("headers by their names, whatever the case; several are one", arguments: headers)
    func ofHeaders(example: ConditionCase) throws {
        try example.check()
    }

    private static let headers: [ConditionCase] = [
        ("[HEADER].content-type == text/html", .holds), ("[header].Content-Type == pat(text/*)", .holds),
        (#"[HEADER]["content-type"] == text/html"#, .holds), ("[HEADER].content-length < 1000", .holds),
        ("[HEADER].vary == \"a, b\"", .holds), ("[HEADER].x == 1", .error("no header `x`")),
        ("has([HEADER].x)", .fails),
        ("has([HEADER].VARY)", .holds),
    ].map {
        ConditionCase(
            $0,
            .headers(
                ("Content-Type", " text/html "), ("Content-Length", "512"), ("Vary", "a"), ("vary", "b")), $1)
    }
}
