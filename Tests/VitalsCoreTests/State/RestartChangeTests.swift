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

    @Test(
        "it is what changed that counts",
        arguments: [
            ("none before, none after", nil, nil, []),
            ("new", nil, known, [.register, .runAtOnce]),
            ("new and disabled", nil, disabled, [.register]),
            ("removed", known, nil, [.reset(.removed), .remove]),
            ("the same", known, known, []),
            ("what does not concern its slots", known, healthCheck(isCritical: false), []),
            ("another interval", known, healthCheck(every: 20), [.register]),
            (
                "another target", known, healthCheck(revision: "0b"),
                [.register, .reset(.reconfigured), .runAtOnce]
            ),
            ("disabled", known, disabled, [.register, .reset(.disabled)]),
            ("paused", known, healthCheck(isPaused: true), [.register, .reset(.disabled)]),
            ("resumed", healthCheck(isPaused: true), known, [.register, .runAtOnce]),
            ("paused while disabled", disabled, healthCheck(isEnabled: false, isPaused: true), []),
            ("renamed", known, healthCheck("ledger"), [.register]),
            (
                "renamed, with another target", known, healthCheck("ledger", revision: "0b"),
                [.register, .reset(.reconfigured), .runAtOnce]
            ),
            ("enabled", disabled, known, [.register, .runAtOnce]),
            (
                "another target, disabled", known, healthCheck(revision: "0b", isEnabled: false),
                [.register, .reset(.reconfigured)]
            ),
        ] as [(String, HealthCheck?, HealthCheck?, [Restart.Consequence])])
    func consequences(
        _: String, before: HealthCheck?, after: HealthCheck?, expected: [Restart.Consequence]
    ) {
        #expect(Restart.consequences(from: before, to: after) == expected)
    }
}
