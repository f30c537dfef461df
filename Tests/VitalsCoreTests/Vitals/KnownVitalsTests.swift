import Testing
import VitalsCore

@Suite("The latest of each vital, and what its edges make of it")
struct KnownVitalsTests {
    private static let used = VitalRule(
        "used_percent", unit: "%", "places in use", every: .seconds(60), warn: 80, critical: 95)
    private static let days = VitalRule(
        "days_left", unit: "days", "days left", every: .seconds(60), bad: .low, warn: 21, critical: 7)
    private static let rate = VitalRule(
        "deadlocks_per_minute", "deadlocks a minute", every: .seconds(60),
        source: .rate(of: "deadlocks_total", per: .seconds(60)), warn: 5)
    private static let share = VitalRule(
        "hits_percent", unit: "%", "read from memory", every: .seconds(60),
        source: .share(of: "hits_total", in: ["hits_total", "reads_total"], atLeast: 100), bad: .low,
        warn: 98)
    private static let policy = Policy(
        interval: .seconds(10), timeout: .seconds(5), thresholds: Thresholds(), confirmEvery: nil,
        vitals: [used, days, rate, share])

    private var known = KnownVitals()

    /// A run at `second` that measured these.
    private mutating func judge(
        _ vitals: [Vital] = [], at second: Double, fault: Fault? = nil, _ outcome: Outcome = .pass
    ) -> Run {
        var run = ProbeResult(fault: fault, latency: .zero, vitals: vitals)
        run.vitals = vitals
        return known.judge(
            Run(
                of: ordersSQL, at: .second(second), startedAt: .second(second), trigger: .scheduled,
                outcome: outcome, result: run), Self.policy)
    }

    @Test("a run that measured nothing, of a target of which nothing is known, stays as it is")
    mutating func nothing() {
        let run = judge(at: 0)
        #expect(run.outcome == .pass)
        #expect(run.result == ProbeResult(latency: .zero))
        #expect(known.isEmpty)
    }

    @Test("a value past its edge warns, and so does every run until it is measured again")
    mutating func stands() {
        let run = judge([Vital("used_percent", 90, unit: "%")], at: 0)
        #expect(run.outcome == .warn)
        #expect(run.result.fault?.cause == .vital)
        #expect(run.result.fault?.phase == .vitals)
        #expect(run.result.fault?.code == "used_percent")
        #expect(run.result.fault?.message == "used_percent (places in use) is 90 %, above 80 %")
        #expect(run.result.findings.map(\.severity) == [.warning])
        #expect(run.result.vitals.map(\.state) == [.degraded])
        #expect(run.result.vitals.map(\.warn) == ["80"])
        #expect(run.result.vitals.map(\.critical) == ["95"])
        for second in [10.0, 20, 50] {
            let later = judge(at: second)
            #expect(later.outcome == .warn)
            #expect(later.result.fault == run.result.fault)
        }
        #expect(judge([Vital("used_percent", 50, unit: "%")], at: 60).outcome == .pass)
        #expect(judge(at: 70).outcome == .pass)
    }

    @Test(
        "between its edges a value stays what it was",
        arguments: [
            ([79.0, 80, 80.5, 70, 60, 59.9, 70, 80], [0, 0, 1, 1, 1, 0, 0, 0]),
            ([96, 95, 94, 61, 59], [2, 2, 1, 1, 0]), ([94, 95, 95.1, 94.9], [1, 1, 2, 1]), ([60], [0]),
        ])
    mutating func hysteresis(_ values: [Double], _ levels: [Int]) {
        let states: [State] = [.healthy, .degraded, .unhealthy]
        for (index, (value, level)) in zip(values, levels).enumerated() {
            _ = judge([Vital("used_percent", value)], at: Double(index) * 60)
            #expect(known["used_percent"]?.level == states[level], "\(value)")
        }
    }

    @Test("where low values are bad the edges are the other way round, and the range says so")
    mutating func low() {
        let run = judge([Vital("days_left", 20, unit: "days")], at: 0)
        #expect(run.result.fault?.message == "days_left (days left) is 20 days, below 21 days")
        #expect(run.result.vitals.first?.warn == "21:")
        #expect(judge([Vital("days_left", 22)], at: 60).outcome == .warn, "21 + a quarter is not reached")
        #expect(judge([Vital("days_left", 27)], at: 120).outcome == .pass)
        #expect(judge([Vital("days_left", 6)], at: 180).result.findings.map(\.severity) == [.critical])
    }

    @Test("the worst is the fault, and all are findings")
    mutating func several() {
        let run = judge([Vital("days_left", 20), Vital("used_percent", 99)], at: 0)
        #expect(run.result.fault?.code == "used_percent")
        #expect(run.result.fault?.message.hasSuffix("(and 1 other)") == true)
        #expect(run.result.findings.map(\.severity) == [.critical, .warning])
        #expect(run.outcome == .warn, "a vital does not make its target down")
    }

    @Test("a fault of the run's own stays its fault, and vitals are findings beside it")
    mutating func ownFault() {
        let fault = Fault(.readOnly, in: .write, message: "read-only")
        let run = judge([Vital("used_percent", 90)], at: 0, fault: fault, .warn)
        #expect(run.result.fault == fault)
        #expect(run.result.findings.map(\.cause) == [.vital])
        #expect(run.result.everyFinding(of: run.outcome).map(\.cause) == [.readOnly, .vital])
    }

    @Test("a run that failed says nothing of vitals, and forgets nothing")
    mutating func failed() {
        _ = judge([Vital("used_percent", 90)], at: 0)
        let fault = Fault(.refused, in: .connect, message: "refused")
        let run = judge(at: 10, fault: fault, .fail)
        #expect(run.result.findings.isEmpty)
        #expect(run.result.fault == fault)
        #expect(judge(at: 20).outcome == .warn)
    }

    @Test("what a failed run measured is known, and no finding of its")
    mutating func failedAndMeasured() {
        let fault = Fault(.condition, in: .read, message: "[ROWS].count == 1 (0)")
        let run = judge([Vital("used_percent", 90, unit: "%")], at: 0, fault: fault, .fail)
        #expect(run.outcome == .fail)
        #expect(run.result.fault == fault)
        #expect(run.result.findings.isEmpty)
        #expect(run.result.vitals.map(\.state) == [.degraded])
        #expect(known["used_percent"]?.measuredAt == .second(0))
        #expect(judge(at: 10).result.fault?.code == "used_percent")
    }

    @Test("what cannot be measured is unknown, but what was bad stays bad until nobody knows any more")
    mutating func unknown() {
        _ = judge([Vital("used_percent", 90)], at: 0)
        let run = judge([Vital("used_percent", nil, reason: "permission denied")], at: 60)
        #expect(run.result.vitals.map(\.state) == [.unknown])
        #expect(run.outcome == .warn)
        #expect(
            run.result.fault?.message
                == "used_percent (places in use) was past its edge, and could not be measured again: "
                + "permission denied")
        for second in [120.0, 180] {
            #expect(judge([Vital("used_percent", nil, reason: "no")], at: second).outcome == .warn)
        }
        #expect(judge([Vital("used_percent", nil, reason: "no")], at: 181).outcome == .pass)
        #expect(known["used_percent"]?.level == .unknown)
    }

    @Test("what is not measured any more is forgotten after three of its cadences")
    mutating func forgotten() {
        _ = judge([Vital("used_percent", 90)], at: 0)
        #expect(judge(at: 180).outcome == .warn)
        #expect(judge(at: 180.001).outcome == .pass)
        #expect(known.isEmpty)
    }

    @Test("a rate follows from two measurements of a counter, over the time between them")
    mutating func rates() {
        let first = judge([Vital("deadlocks_total", 100, unit: "c")], at: 0)
        #expect(first.result.vitals.last?.reason == "it takes two measurements")
        let second = judge([Vital("deadlocks_total", 112, unit: "c")], at: 120)
        #expect(second.result.vitals.last == known["deadlocks_per_minute"]?.vital)
        #expect(second.result.vitals.last?.value == 6)
        #expect(second.outcome == .warn)
        let reset = judge([Vital("deadlocks_total", 3, unit: "c")], at: 180)
        #expect(reset.result.vitals.last?.reason == "deadlocks_total began again from zero")
        let after = judge([Vital("deadlocks_total", 3, unit: "c")], at: 240)
        #expect(after.result.vitals.last?.value == 0)
        #expect(after.outcome == .pass)
    }

    @Test("a rate whose counter cannot be measured says why")
    mutating func unmeasuredCounter() {
        let run = judge([Vital("deadlocks_total", nil, reason: "not allowed")], at: 0)
        #expect(run.result.vitals.map(\.reason) == ["not allowed", "not allowed"])
    }

    @Test("a share is of what grew, and nothing where too little did")
    mutating func shares() {
        func counters(_ hits: Double, _ reads: Double) -> [Vital] {
            [Vital("hits_total", hits), Vital("reads_total", reads)]
        }
        _ = judge(counters(1_000, 1_000), at: 0)
        #expect(judge(counters(1_090, 1_010), at: 60).result.vitals.last?.value == 90)
        #expect(
            judge(counters(1_100, 1_010), at: 120).result.vitals.last?.reason
                == "too little happened to tell")
        #expect(judge(counters(1_200, 1_010), at: 180).result.vitals.last?.value == 100)
    }

    @Test("what no rule knows is judged by what it says of itself")
    mutating func withoutRule() throws {
        let range = try #require(ThresholdRange("10"))
        let run = judge([Vital("load", 12, warn: range)], at: 0)
        #expect(run.result.vitals.map(\.state) == [.degraded])
        #expect(known["load"]?.level == .degraded)
    }

    @Test("one run by itself is judged as the first of a health check")
    func alone() {
        let result = ProbeResult(latency: .zero, vitals: [Vital("used_percent", 96)])
            .judged(by: Self.policy.vitals)
        #expect(result.fault?.cause == .vital)
        #expect(result.findings.map(\.severity) == [.critical])
    }
}

@Suite("Which slots measure which vitals")
struct VitalRoundTests {
    private func slots(_ every: Duration, interval: Duration, phase: Int64, count: Int) -> [Int] {
        let round = VitalRound(.scheduled, interval: interval)
        return (0..<count).filter { index in
            round.includes(
                every: every, at: Timestamp(microseconds: phase + Int64(index) * interval.microseconds))
        }
    }

    @Test("at every k-th slot, exactly", arguments: [0, 1, 2, 3, 4, 5, 4_711, 9_999_999])
    func everyKth(_ phase: Int64) throws {
        let slots = slots(.seconds(60), interval: .seconds(10), phase: phase, count: 600)
        #expect(slots.count == 100)
        #expect(zip(slots, slots.dropFirst()).allSatisfy { $1 - $0 == 6 })
    }

    @Test("what is measured no more often than slots come is measured by all of them")
    func all() {
        #expect(slots(.seconds(60), interval: .seconds(60), phase: 7, count: 50).count == 50)
        #expect(slots(.seconds(60), interval: .seconds(300), phase: 7, count: 50).count == 50)
        #expect(slots(.seconds(90), interval: .seconds(60), phase: 7, count: 50).count == 25)
    }

    @Test("health checks do not all measure at the same slots")
    func spread() {
        let first = (0..<60).compactMap {
            slots(.seconds(60), interval: .seconds(10), phase: Int64($0), count: 6).first
        }
        #expect(Set(first) == Set(0..<6))
    }

    @Test("what is asked for by hand or at first measures all, a confirmation what is quick")
    func triggers() {
        let at = Timestamp.second(0)
        for trigger in [Trigger.manual, .initial] {
            #expect(VitalRound(trigger, interval: .seconds(10)).includes(every: .seconds(86_400), at: at))
        }
        let confirming = VitalRound(.confirm, interval: .seconds(10))
        #expect(confirming.includes(every: .seconds(60), at: at))
        #expect(!confirming.includes(every: .seconds(61), at: at))
        #expect(!VitalRound(.heartbeat, interval: .seconds(10)).includes(every: .seconds(1), at: at))
    }
}

@Suite("One vital over time, in points")
struct VitalPointsTests {
    @Test("each reading falls into its point; a point without any is a gap in its place")
    func points() {
        var points = VitalPoints(over: .second(0) ..< .second(40), count: 4)
        points.add([
            VitalReading(at: .second(0), value: 4), VitalReading(at: .second(5), value: nil),
            VitalReading(at: .second(9.9), value: 2), VitalReading(at: .second(20), value: 7),
            VitalReading(at: .second(40), value: 100),
        ])
        #expect(points.points.map(\.count) == [2, 0, 1, 0])
        #expect(points.points.map(\.mean) == [3, nil, 7, nil])
        #expect(points.points[0].minimum == 2)
        #expect(points.points[0].maximum == 4)
        #expect(points.points[0].last == 2)
        #expect(points.points.last?.to == .second(40))
    }

    @Test("there are never more points than were asked for")
    func count() {
        for count in [1, 2, 3, 7, 500] {
            let points = VitalPoints(over: .second(0) ..< .second(0.001), count: count).points
            #expect(points.count <= count)
            #expect(points.first?.from == .second(0))
            #expect(zip(points, points.dropFirst()).allSatisfy { $0.to == $1.from })
        }
    }
}
