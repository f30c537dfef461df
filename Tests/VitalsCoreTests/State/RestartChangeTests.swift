import Testing
import VitalsCore

@Suite("What another configuration means for a health check while the node runs")
struct RestartChangeTests {
    private static func healthCheck(
        every interval: Int64 = 10, revision: String = "0a", isEnabled: Bool = true, isCritical: Bool = true
    ) -> HealthCheck {
        HealthCheck(
            system: SystemID("orders-db"), check: CheckID("sql"),
            kind: ProbeKind("postgres", isDatabase: true),
            isEnabled: isEnabled, isCritical: isCritical, policy: .every(.seconds(interval)),
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
