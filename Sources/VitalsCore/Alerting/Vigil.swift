/// When somebody outside is told that all is well, who raises the alarm once nobody tells him any more.
///
/// It is told only while all is well: silence is the message. What becomes of a call changes nothing else.
package struct Vigil: Sendable, Equatable {
    /// What is worth a line in the log.
    package enum Change: Sendable, Equatable {
        case failing(message: String)
        case working
    }

    private let every: Duration
    private var due: Timestamp
    private var isCalling = false
    private var isFailing = false

    /// A call that failed is made again after so long, or after the interval if that is shorter.
    private static let again: Duration = .seconds(10)

    /// - Parameters:
    ///   - every: from one call to the next.
    ///   - now: the first is due.
    package init(every: Duration, at now: Timestamp) {
        precondition(every > .zero)
        self.every = every
        due = now
    }

    /// When to look next.
    package func next(after now: Timestamp) -> Timestamp {
        isCalling || due <= now ? now + .seconds(1) : min(due, now + .seconds(1))
    }

    /// Time has come to `now`.
    ///
    /// - Returns: whether to call.
    package mutating func look(isWell: Bool, at now: Timestamp) -> Bool {
        guard isWell, !isCalling, due <= now else { return false }
        isCalling = true
        // Nothing is caught up, and the distance does not drift while all is well.
        due = due + every > now ? due + every : now + every
        return true
    }

    /// A call ended.
    package mutating func ended(_ outcome: DeliveryOutcome, at now: Timestamp) -> Change? {
        isCalling = false
        switch outcome {
        case .delivered:
            defer { isFailing = false }
            return isFailing ? .working : nil
        case .failed(_, let message, _), .refused(_, let message):
            due = min(due, now + Self.again)
            defer { isFailing = true }
            return isFailing ? nil : .failing(message: message)
        }
    }
}
