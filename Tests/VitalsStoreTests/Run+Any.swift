import VitalsCore

extension Run {
    /// Any run that can be made, small enough in its texts to be kept whole.
    static func any(using random: inout some RandomNumberGenerator, vitals: [Vital] = []) -> Run {
        let at = Timestamp(microseconds: Int64.random(in: 0...4_102_444_800_000_000, using: &random))
        let present = Phase.allCases.filter { _ in Bool.random(using: &random) }
        let phases = present.sorted { $0.order < $1.order }.map {
            PhaseTiming($0, .microseconds(anyMicroseconds(using: &random)))
        }
        let spent = phases.reduce(Duration.zero) { $0 + $1.duration }
        let rest = Int64.random(in: -1_000...1_000, using: &random)
        let location = Bool.random(using: &random) ? Run.local : anyText(upTo: 40, using: &random)
        return Run(
            of: HealthCheckID("orders-db.sql"), location: location, at: at,
            startedAt: at + .microseconds(anyMicroseconds(using: &random)),
            trigger: Trigger.allCases.randomElement(using: &random) ?? .manual,
            outcome: Outcome.allCases.randomElement(using: &random) ?? .pass,
            result: ProbeResult(
                fault: Bool.random(using: &random) ? anyFault(using: &random) : nil,
                latency: spent + .microseconds(rest), phases: phases, facts: anyFacts(using: &random),
                vitals: vitals, trace: anyText(upTo: 400, using: &random),
                conditions: anyConditions(using: &random)))
    }

    /// None, or some of which one did not hold: others are not kept.
    private static func anyConditions(
        using random: inout some RandomNumberGenerator
    ) -> [ConditionResult] {
        guard Bool.random(using: &random) else { return [] }
        let verdicts: [ConditionVerdict] = [.error(anyText(upTo: 100, using: &random)), .fails, .holds]
        return verdicts.dropFirst(Int.random(in: 0...1, using: &random)).shuffled(using: &random).map {
            ConditionResult(
                condition: anyText(upTo: 100, using: &random),
                level: ConditionLevel.allCases.randomElement(using: &random) ?? .fail, verdict: $0,
                seen: anyText(upTo: 100, using: &random))
        }
    }

    /// Of every order of magnitude up to an hour.
    private static func anyMicroseconds(using random: inout some RandomNumberGenerator) -> Int64 {
        Int64.random(in: 0...3_600_000_000, using: &random) >> Int64.random(in: 0...32, using: &random)
    }

    private static func anyText(upTo count: Int, using random: inout some RandomNumberGenerator) -> String {
        let characters: [Character] = ["a", "Z", "0", " ", "'", "\"", "\n", "\0", "é", "日", "👩‍👩‍👧‍👦"]
        let length = Int.random(in: 0...count, using: &random) / 10
        return String((0..<length).map { _ in characters.randomElement(using: &random) ?? "x" })
    }

    private static func anyFault(using random: inout some RandomNumberGenerator) -> Fault {
        Fault(
            Cause.allCases.randomElement(using: &random) ?? .timeout,
            in: Phase.allCases.randomElement(using: &random) ?? .connect,
            code: Bool.random(using: &random) ? nil : anyText(upTo: 20, using: &random),
            message: anyText(upTo: 200, using: &random))
    }

    private static func anyFacts(using random: inout some RandomNumberGenerator) -> Facts {
        var facts = Facts()
        for name in FactName.allCases where Bool.random(using: &random) {
            switch Int.random(in: 0..<3, using: &random) {
            case 0: facts[name] = .text(anyText(upTo: 60, using: &random))
            case 1: facts[name] = .number(Int.random(in: .min ... .max, using: &random))
            default:
                facts[name] = .list((0..<4).map { _ in anyText(upTo: 20, using: &random) })
            }
        }
        return facts
    }
}

extension Vital {
    /// Some, of every kind that a probe makes.
    static func any(using random: inout some RandomNumberGenerator) -> [Vital] {
        let all = [
            Vital("connections", 37), Vital("p_seen", 0.1 + 0.2, unit: "%", minimum: 0, maximum: 100),
            Vital("wal_bytes", nil, unit: "B", reason: "permission denied (42501)"),
            Vital(
                "locks", 3, warn: ThresholdRange("2"), critical: ThresholdRange("~:10"),
                detail: "blocked by 日 ('x')"),
        ]
        return all.filter { _ in Bool.random(using: &random) }
    }
}
