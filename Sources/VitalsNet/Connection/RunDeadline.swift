import NIOCore

/// When a run is over for its target's silence, and when it is not the target that was late but we.
///
/// The timer rings on the loop that also reads the sockets. If it rings late, the loop was busy, and the
/// answer may long be there unread: that time was ours and is given back. A run that was kept waiting for too
/// long tells nothing of its target.
struct RunDeadline {
    enum Judgement: Equatable {
        /// The sockets are looked at once more; then the timer is to ring again.
        case lookAgain(at: NIODeadline)
        case timedOut
        /// We were too busy to say.
        case tooBusy
    }

    private(set) var due: NIODeadline
    private let timeout: TimeAmount
    private var hasLookedAgain = false
    /// How late the timer was, in all.
    private var lateness = TimeAmount.zero

    /// A timer is never quite on time.
    private static let grace = TimeAmount.milliseconds(10)
    /// Time for one pass over the sockets.
    private static let glance = TimeAmount.milliseconds(1)
    /// So many times the timeout may be lost to our being busy.
    private static let patience: Int64 = 2

    init(_ timeout: TimeAmount, at now: NIODeadline) {
        self.timeout = timeout
        due = now + timeout
    }

    /// The timer rings.
    mutating func ring(at now: NIODeadline) -> Judgement {
        let late = now - due
        if late <= Self.grace, hasLookedAgain { return .timedOut }
        hasLookedAgain = true
        lateness = lateness + max(late, .zero)
        guard lateness <= timeout * Self.patience else { return .tooBusy }
        due = now + (late <= Self.grace ? Self.glance : min(late, timeout))
        return .lookAgain(at: due)
    }
}
