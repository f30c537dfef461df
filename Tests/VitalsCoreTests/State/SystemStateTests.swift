import Testing
import VitalsCore

@Suite("A system's state follows from its enabled health checks")
struct SystemStateTests {
    @Test(
        "the worst of them: unhealthy, then degraded, then unknown, then healthy; with none it is unknown",
        arguments: [
            ("", State.unknown), ("+", .healthy), ("?", .unknown), ("~", .degraded), ("-", .unhealthy),
            ("+ +", .healthy), ("+ ?", .unknown), ("? ~", .degraded), ("+ ~", .degraded), ("~ -", .unhealthy),
            ("? -", .unhealthy), ("+ ? ~ -", .unhealthy), ("- + +", .unhealthy), ("? + +", .unknown),
        ])
    func worst(parts: String, expected: State) throws {
        #expect(SystemState(of: try parse(parts)).state == expected)
    }

    @Test(
        "one that is not critical can at most degrade it",
        arguments: [
            ("-!", State.degraded), ("~!", .degraded), ("?!", .unknown), ("+!", .healthy),
            ("-! +", .degraded),
            ("-! -", .unhealthy), ("-! ~", .degraded), ("-! ?", .degraded),
        ])
    func notCritical(parts: String, expected: State) throws {
        #expect(SystemState(of: try parse(parts)).state == expected)
    }

    @Test("it is stale if one of them is")
    func stale() {
        let fresh = SystemState.Part(state: .healthy, isStale: false, isCritical: true, since: .second(0))
        let stale = SystemState.Part(state: .unknown, isStale: true, isCritical: false, since: .second(1))
        #expect(!SystemState(of: []).isStale)
        #expect(!SystemState(of: [fresh, fresh]).isStale)
        #expect(SystemState(of: [fresh, stale]).isStale)
    }

    @Test(
        "it fails since the first that shows it, and is well since the last that got well",
        arguments: [
            ([], nil),
            ([(State.healthy, true, 1), (.healthy, true, 5)], 5),
            ([(.unhealthy, true, 7), (.unhealthy, true, 4), (.healthy, true, 1)], 4),
            ([(.degraded, true, 7), (.unhealthy, true, 9)], 9),
            ([(.degraded, true, 7), (.unhealthy, false, 3)], 3),
            ([(.unknown, true, nil), (.healthy, true, 3)], nil),
            ([(.unknown, true, nil), (.unknown, true, 8)], 8),
        ] as [([(State, Bool, Double?)], Double?)])
    func since(parts: [(State, Bool, Double?)], expected: Double?) {
        let state = SystemState(
            of: parts.map { state, isCritical, second in
                SystemState.Part(
                    state: state, isStale: false, isCritical: isCritical,
                    since: second.map { .second($0) })
            })
        #expect(state.since == expected.map { .second($0) })
    }

    /// Signs of states; `!` behind one that is not critical.
    private func parse(_ parts: String) throws -> [SystemState.Part] {
        try parts.split(separator: " ").map { part in
            let state = try #require(State.allCases.first { $0.sign == part.first })
            return SystemState.Part(
                state: state, isStale: false, isCritical: !part.hasSuffix("!"), since: nil)
        }
    }
}

@Suite("What /health says")
struct HealthSummaryTests {
    /// Critical `database` and `workers`, and `mail`, which is not; `late` behind one that is unknown too
    /// long.
    @Test(
        "unhealthy if a critical one is; else degraded if one is not well or unknown too long; else healthy",
        arguments: [
            ("+", "+", "+", State.healthy, "+ + +"),
            ("-", "+", "+", .unhealthy, "- + +"),
            ("+", "-", "~", .unhealthy, "+ - ~"),
            ("~", "+", "+", .degraded, "~ + +"),
            ("+", "+", "-", .degraded, "+ + -"),
            ("+", "+", "~", .degraded, "+ + ~"),
            // Yet to be heard of: left out, and nothing follows from it.
            ("?", "+", "+", .healthy, "_ + +"),
            ("+", "+", "?", .healthy, "+ + _"),
            ("?", "?", "?", .healthy, "_ _ _"),
            ("?", "-", "+", .unhealthy, "_ - +"),
            // Past its grace: not called well, and a critical one not believed at all.
            ("? late", "+", "+", .degraded, "- + +"),
            ("? late", "-", "+", .unhealthy, "- - +"),
            ("+", "+", "? late", .degraded, "+ + ~"),
            // Only what is unknown can be overdue.
            ("+ late", "+", "+", .healthy, "+ + +"),
        ])
    func summary(database: String, workers: String, mail: String, status: State, shown: String) throws {
        let summary = HealthSummary([
            try component("database", database, isCritical: true),
            try component("workers", workers, isCritical: true),
            try component("mail", mail, isCritical: false),
        ])
        #expect(summary.status == status)
        #expect(summary.components.map(\.name) == ["database", "workers", "mail"])
        let signs = summary.components.map { $0.shown.map { String($0.sign) } ?? "_" }
        #expect(signs.joined(separator: " ") == shown)
    }

    @Test("with no components the server that answers is well")
    func empty() {
        #expect(HealthSummary([]).status == .healthy)
    }

    @Test("no answer is ever the word unknown", arguments: State.allCases, [true, false])
    func neverUnknown(state: State, isCritical: Bool) {
        for isOverdue in [true, false] {
            let component = HealthSummary.Component(
                name: "orders", state: state, isCritical: isCritical, isOverdue: isOverdue)
            #expect(component.shown != .unknown)
            #expect(HealthSummary([component]).status != .unknown)
        }
    }

    private func component(
        _ name: String, _ text: String, isCritical: Bool
    ) throws -> HealthSummary.Component {
        let state = try #require(State.allCases.first { $0.sign == text.first })
        return HealthSummary.Component(
            name: name, state: state, isCritical: isCritical, isOverdue: text.hasSuffix("late"))
    }
}
