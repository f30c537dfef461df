import Testing
import VitalsCore

@Suite("What another configuration means for a health check while the node runs")
struct RestartChangeTests {
    private static func healthCheck(
        _ system: String = "orders-db", every interval: Int64 = 10, revision: String = "0a",
        isEnabled: Bool = true, isPaused: Bool = false, isCritical: Bool = true
    ) -> HealthCheck {
        HealthCheck(
            system: SystemID(system), check: CheckID("sql"),
            kind: ProbeKind("postgres", isDatabase: true),
            isEnabled: isEnabled, isPaused: isPaused, isCritical: isCritical,
            policy: .every(.seconds(interval)),
            revision: Revision(revision))
    }

    private static let known = healthCheck()
    private static let disabled = healthCheck(isEnabled: false)
    private static let now = Timestamp.second(2_035)
    /// The slots since the last that is recorded: they wait, or are in flight.
    private static let missed = missed(of: "orders-db")

    /// - Parameter system: what the system was called, by whose slots it went.
    private static func missed(of system: String) -> Miss {
        let grid = SlotGrid(healthCheck(system).id, every: .seconds(10))
        let (first, last) = (grid.next(after: .second(2_000)), grid.latest(at: now))
        return Miss(
            of: known.id, from: first, to: last, count: grid.count(from: first, through: last),
            reason: .notRunning)
    }

    @Test(
        "it is what changed that counts",
        arguments: [
            ("none before, none after", nil, nil, []),
            ("new", nil, known, [.register, .runAtOnce]),
            ("new and disabled", nil, disabled, [.register]),
            ("removed", known, nil, [.missed(missed), .reset(.removed), .remove]),
            ("disabled before, removed", disabled, nil, [.reset(.removed), .remove]),
            ("the same", known, known, []),
            ("what does not concern its slots", known, healthCheck(isCritical: false), []),
            ("another interval", known, healthCheck(every: 20), [.register, .missed(missed)]),
            (
                "another target", known, healthCheck(revision: "0b"),
                [.register, .missed(missed), .reset(.reconfigured), .runAtOnce]
            ),
            ("disabled", known, disabled, [.register, .missed(missed), .reset(.disabled)]),
            ("paused", known, healthCheck(isPaused: true), [.register, .missed(missed), .reset(.disabled)]),
            ("resumed", healthCheck(isPaused: true), known, [.register, .runAtOnce]),
            ("paused while disabled", disabled, healthCheck(isEnabled: false, isPaused: true), []),
            ("renamed", healthCheck("ledger"), known, [.register, .missed(missed(of: "ledger"))]),
            (
                "renamed, with another target", healthCheck("ledger", revision: "0b"), known,
                [.register, .missed(missed(of: "ledger")), .reset(.reconfigured), .runAtOnce]
            ),
            ("enabled", disabled, known, [.register, .runAtOnce]),
            (
                "another target, disabled", known, healthCheck(revision: "0b", isEnabled: false),
                [.register, .missed(missed), .reset(.reconfigured)]
            ),
        ] as [(String, HealthCheck?, HealthCheck?, [Restart.Consequence])])
    func consequences(
        _: String, before: HealthCheck?, after: HealthCheck?, expected: [Restart.Consequence]
    ) {
        let before = before.map {
            Restart.Before(
                revision: $0.revision, interval: $0.policy.interval, isEnabled: $0.isEnabled,
                registered: .second(1_000), newest: .second(2_000),
                formerID: $0.id == Self.known.id ? nil : $0.id)
        }
        #expect(
            Restart.change(of: Self.known.id, before: before, configured: after, at: Self.now) == expected)
    }

    @Test("one that has not run yet runs at once, whatever of it changes")
    func untried() {
        let before = Restart.Before(
            revision: Self.known.revision, interval: .seconds(10), isEnabled: true,
            registered: .second(2_030),
            newest: nil)
        let found = Restart.change(
            of: Self.known.id, before: before, configured: Self.healthCheck(every: 3_600), at: .second(2_031))
        #expect(found.last == .runAtOnce)
    }
}
