/// Whether this node reaches anything at all, going by its reference points: they are asked before a run that
/// could not reach its target is believed, and what they say holds for a second.
package struct Connectivity: Sendable {
    package enum Reply: Sendable, Equatable {
        case known(isCutOff: Bool)
        /// They are being asked, under this number; whoever asks waits as the others do.
        case waits(Int)
        /// They are to be asked now, under this number.
        case ask(Int)
    }

    private let points: Int
    private var question = 0
    /// Those that have not answered the question under way; none: there is no question.
    private var outstanding = 0
    private var answer: (isCutOff: Bool, at: Timestamp)?

    private static let memory: Duration = .seconds(1)

    /// - Parameter points: how many reference points there are.
    package init(points: Int) {
        precondition(points > 0)
        self.points = points
    }

    /// Somebody could not reach a target.
    package mutating func consult(at now: Timestamp) -> Reply {
        if let answer, now - answer.at < Self.memory { return .known(isCutOff: answer.isCutOff) }
        if outstanding > 0 { return .waits(question) }
        question += 1
        outstanding = points
        return .ask(question)
    }

    /// One of the reference points was reached, or not.
    ///
    /// - Returns: whether the node is cut off, once that is known: with the first that was reached, or the
    ///   last that was not.
    package mutating func heard(_ question: Int, isReached: Bool, at now: Timestamp) -> Bool? {
        guard question == self.question, outstanding > 0 else { return nil }
        outstanding -= 1
        guard isReached || outstanding == 0 else { return nil }
        outstanding = 0
        answer = (isCutOff: !isReached, at: now)
        return !isReached
    }

    /// Whether the reference points are to be asked before this is believed of a health check: its target
    /// could not be reached, and it is not known to be unhealthy, which nothing makes worse.
    ///
    /// - Parameters:
    ///   - evaluation: what is recorded of it.
    ///   - lastRun: the newest one that is recorded.
    ///   - previous: the `at` of its last run before this one, recorded or not; nothing: there was none since
    ///     the start.
    package static func isInDoubt(
        _ result: ProbeResult, _ evaluation: Evaluation, lastRun: Run?, previous: Timestamp?,
        _ policy: Policy, at now: Timestamp
    ) -> Bool {
        guard result.failedOnTheWay else { return false }
        guard evaluation.state == .unhealthy, let lastRun, lastRun.outcome != .inconclusive else {
            return true
        }
        // What waits to be recorded may have changed the state, or its age will.
        let isCurrent = previous.map { $0 == lastRun.at } ?? true
        return !isCurrent || now >= lastRun.endedAt + policy.maximumAge
    }
}

extension ProbeResult {
    /// Whether it found no way to its target, though it could look for one.
    var failedOnTheWay: Bool {
        guard let fault, fault.phase.order <= Phase.connect.order else { return false }
        return fault.cause.causeClass(in: fault.phase, isDatabase: false, hasPassed: true) != .self
    }

    /// Whether something at the other end answered, whatever it said.
    package var hasReachedItsTarget: Bool {
        guard let fault else { return true }
        return fault.phase.order > Phase.connect.order
            && fault.cause.causeClass(in: fault.phase, isDatabase: false, hasPassed: true) != .self
    }

    /// The same run as our own fault: the node reached none of its reference points either.
    package var asCutOff: ProbeResult {
        blaming(.cutOff, "cut off: no reference point answers")
    }

    /// The same run as our own fault: it was ended before the reference points had answered.
    package var asCutShort: ProbeResult {
        blaming(.internal, "cut short before it was known whether this node is cut off")
    }

    private func blaming(_ cause: Cause, _ words: String) -> ProbeResult {
        guard let fault else { return self }
        let message = "\(words); the target's own fault was \(fault.cause.rawValue): \(fault.message)"
        var result = self
        result.fault = Fault(cause, in: fault.phase, code: fault.code, message: message.cut(toBytes: 1_024))
        return result
    }
}

extension String {
    /// Its beginning, cut where a character ends.
    fileprivate func cut(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var (text, size) = ("", 0)
        for character in self {
            size += character.utf8.count
            guard size <= limit else { break }
            text.append(character)
        }
        return text
    }
}
