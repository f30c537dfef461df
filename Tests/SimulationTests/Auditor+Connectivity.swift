import VitalsCore

@testable import VitalsEngine

/// What the auditor knows of the way to everything.
struct Sight {
    /// Whether there was none when each question was asked, by its number.
    var truths: [Int: Bool] = [:]
    /// When the last one was answered.
    var answeredAt: Int64?
    /// When the machine last stood still.
    var frozenAt: Int64 = .min
    /// Runs that failed on their way when there had been no way to anything for a while, and were believed.
    var blind: Set<RunKey> = []
}

/// A node that is cut off does not take it for anybody's outage, and one that is not does not say that it is.
extension Auditor {
    mutating func asked(_ question: Int, isCutOff: Bool) {
        sight.truths[question] = isCutOff
    }

    mutating func answered(_ question: Int, isCutOff: Bool, at boot: Int64) throws(Interruption) {
        guard sight.truths[question] == isCutOff else {
            throw .broken("a node is cut off if no reference point is reached", "question \(question)")
        }
        sight.answeredAt = boot
    }

    mutating func froze(at boot: Int64) { sight.frozenAt = boot }

    /// A run that was in doubt is believed, or not.
    mutating func settled(
        _ run: RunKey, isCutOff: Bool, endedAt: Int64, cutSince: Int64?, at boot: Int64
    ) throws(Interruption) {
        guard let answeredAt = sight.answeredAt, endedAt - answeredAt < 1_000_000 else {
            throw .broken("what reference points say holds for a second", "\(run) at \(boot)")
        }
        if !isCutOff { believed(run, endedAt: endedAt, cutSince: cutSince) }
    }

    /// A run that failed on its way is taken for what it says.
    mutating func believed(_ run: RunKey, endedAt: Int64, cutSince: Int64?) {
        // Longer than any answer is kept or waited for.
        let longest: Int64 = 4_000_000
        let wasStill = sight.frozenAt > endedAt - longest
        if !wasStill, let cutSince, cutSince < endedAt - longest { sight.blind.insert(run) }
    }

    /// - Parameter before: the state before the run.
    func checkSight(_ run: Run, _ before: State, _ next: State) throws(Interruption) {
        let isWorse = next == .unhealthy && before != .unhealthy || next == .degraded && before != .unhealthy
        guard next != before, isWorse, sight.blind.contains(RunKey(run.healthCheck, run.at)) else { return }
        throw .broken("a node that is cut off takes it for nobody's outage", "\(run) made it \(next)")
    }
}
