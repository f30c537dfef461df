import VitalsCore

/// The health check that the tests tell of.
let ordersSQL = HealthCheckID("orders-db.sql")
let ops = ChannelID("ops")

extension Timestamp {
    /// Seconds after 2026-11-21T10:00:00Z, where the tests begin.
    static func second(_ seconds: Double) -> Timestamp {
        Timestamp(microseconds: 1_795_255_200_000_000 + Int64(seconds * 1_000_000))
    }
}

/// What a run found, as one letter of a row: `P W F I C A`.
enum Finding: Character {
    case pass = "P"
    /// Read-only: class `partial`.
    case warn = "W"
    /// Refused: class `target`.
    case fail = "F"
    /// Cut off: class `self`.
    case inconclusive = "I"
    /// An untrusted certificate: class `config`.
    case config = "C"
    /// A refused login: class `config`, backed off.
    case auth = "A"

    var fault: Fault? {
        switch self {
        case .pass: nil
        case .warn: Fault(.readOnly, in: .write, message: "read-only")
        case .fail: Fault(.refused, in: .connect, message: "connection refused")
        case .inconclusive: Fault(.cutOff, in: .connect, message: "no reference point answers")
        case .config: Fault(.tlsCertUntrusted, in: .tls, message: "unknown authority")
        case .auth: Fault(.authFailed, in: .authenticate, message: "password refused")
        }
    }

    var outcome: Outcome {
        switch self {
        case .pass: .pass
        case .warn: .warn
        case .fail, .config, .auth: .fail
        case .inconclusive: .inconclusive
        }
    }

    func run(at second: Double, _ trigger: Trigger = .scheduled, latency: Duration = .zero) -> Run {
        .finding(fault, outcome, at: second, trigger, latency: latency)
    }
}

extension Run {
    static func finding(
        _ fault: Fault?, _ outcome: Outcome, at second: Double, _ trigger: Trigger = .scheduled,
        latency: Duration = .zero
    ) -> Run {
        Run(
            of: ordersSQL, at: .second(second), startedAt: .second(second), trigger: trigger,
            outcome: outcome, result: ProbeResult(fault: fault, latency: latency))
    }
}

extension Policy {
    /// Ten seconds apart, nothing confirmed unless asked for.
    static func every(
        _ interval: Duration = .seconds(10), _ thresholds: Thresholds = Thresholds(),
        confirm: Duration? = nil
    ) -> Policy {
        Policy(
            interval: interval, timeout: min(interval, .seconds(5)), thresholds: thresholds,
            confirmEvery: confirm)
    }
}

/// One database's health check, told run by run, ten seconds apart from second 0.
struct Story {
    var belief = Belief()
    private(set) var effects: [Effect] = []
    private(set) var second = 0.0
    private let policy: Policy

    init(_ policy: Policy = .every()) {
        self.policy = policy
    }

    init(_ thresholds: Thresholds) {
        self.init(.every(.seconds(10), thresholds))
    }

    var evaluation: Evaluation { belief.evaluation }
    var state: State { evaluation.state }

    var events: [HealthEvent] {
        effects.compactMap { if case .event(let event) = $0 { event } else { nil } }
    }

    var transitions: [Transition] {
        effects.compactMap { if case .transition(let transition) = $0 { transition } else { nil } }
    }

    /// Takes in a row of findings, `S` standing for so long a silence that the state is stale; blanks
    /// between.
    ///
    /// - Returns: what followed from the last of them.
    @discardableResult
    mutating func tell(_ row: String, _ trigger: Trigger = .scheduled) -> [Effect] {
        var last: [Effect] = []
        for letter in row where letter != " " {
            if let finding = Finding(rawValue: letter) {
                last = apply(finding.run(at: second, trigger))
            } else {
                precondition(letter == "S")
                last = belief.expire(
                    ordersSQL, policy, baseline: .second(second - 10_000), at: .second(second + 9_000))
                effects += last
                second += 9_000
            }
            second += 10
        }
        return last
    }

    @discardableResult
    mutating func apply(_ run: Run) -> [Effect] {
        let last = belief.apply(run, policy, isDatabase: true)
        effects += last
        return last
    }

    @discardableResult
    mutating func reset(because reason: EndReason) -> [Effect] {
        let last = belief.reset(ordersSQL, because: reason, at: .second(second))
        effects += last
        second += 10
        return last
    }
}

extension State {
    /// One sign for each state, so that a row of them stands under a row of findings.
    var sign: Character {
        switch self {
        case .unknown: "?"
        case .healthy: "+"
        case .degraded: "~"
        case .unhealthy: "-"
        }
    }
}

extension [Effect] {
    /// The effects' names in their order, as a sentence.
    var words: String {
        map { effect in
            switch effect {
            case .transition(let transition): "\(transition.from)→\(transition.to)"
            case .opened: "opened"
            case .ended(_, _, let reason): "ended(\(reason))"
            case .event(let event): "tell(\(event.kind))"
            case .confirm: "confirm"
            case .backOff: "backOff"
            case .keepEvidence: "evidence"
            case .selfAlert(let reason): "self(\(reason))"
            }
        }.joined(separator: " ")
    }
}
