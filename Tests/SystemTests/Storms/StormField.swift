/// What is watched in a storm: each flapping target by three checks that judge it differently, and targets
/// that never change.
struct StormField {
    struct Thresholds {
        var failure = 1
        var success = 1
        var degraded: Int?

        var yaml: String {
            "{ failure: \(failure), success: \(success)\(degraded.map { ", degraded: \($0)" } ?? "") }"
        }
    }

    /// By the check's id.
    static let thresholds = [
        "quick": Thresholds(), "slow": Thresholds(failure: 2, success: 2),
        "stepwise": Thresholds(failure: 3, degraded: 1),
    ]

    private var systems: [String] = []
    private(set) var healthChecks: [String] = []
    /// Of targets that never change.
    private(set) var steady: [String] = []

    /// Those whose runs are listened to.
    var announced: [String] { [0, 10, 20, 30, 40].map { healthChecks[$0 % healthChecks.count] } }

    init(_ targets: FlappingTargets) {
        for (number, target) in targets.http.enumerated() {
            add("web\(number)", "http: \"\(target.url)/\"")
        }
        for (number, target) in targets.tcp.enumerated() {
            add("port\(number)", "tcp: \"\(target.address)\"")
        }
        let flapping = healthChecks
        add("well", "http: \"\(targets.well.url)/\"")
        add("dead", "tcp: \"\(targets.dead.address)\"")
        steady = healthChecks.filter { !flapping.contains($0) }
    }

    private mutating func add(_ system: String, _ target: String) {
        let checks = Self.thresholds.sorted { $0.key < $1.key }.map { check, thresholds in
            healthChecks.append("\(system).\(check)")
            return "{ id: \(check), \(target), thresholds: \(thresholds.yaml) }"
        }
        systems.append("  - { id: \(system), checks: [\(checks.joined(separator: ", "))] }")
    }

    static func thresholds(of healthCheck: String) -> Thresholds {
        thresholds[String(healthCheck.drop { $0 != "." }.dropFirst())] ?? Thresholds()
    }

    func yaml(_ channels: [(id: String, receiver: WebhookReceiver)]) -> String {
        let channels = channels.map { id, receiver in
            "  - { id: \(id), default: true, "
                + "webhook: { url: \"\(receiver.url)\", secret: \"\(receiver.secret)\" } }"
        }
        return """
            defaults: { interval: 1s, timeout: 500ms, confirm_every: 200ms }
            channels:
            \(channels.joined(separator: "\n"))
            systems:
            \(systems.joined(separator: "\n"))
            """
    }
}
