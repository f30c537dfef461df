import VitalsCore

/// Something that is to be recorded, in the order in which it came.
enum LedgerItem: Sendable, Equatable {
    /// A run that ended; a manual one of a disabled health check is recorded but not evaluated.
    case run(Run, ticket: Int, isEvaluated: Bool)
    case miss(Miss)
    /// The age of its state is to be looked at.
    case age(HealthCheckID, baseline: Timestamp)
    /// The dispatcher is about to begin the first attempt.
    case claim(NotificationID)
    /// An attempt ended.
    case attempt(Attempt, of: Notification)
    case register(HealthCheck)
    /// Back to `unknown`; an open episode ends.
    case reset(HealthCheckID, EndReason)
    case remove(HealthCheckID)
    /// The channel is not configured any more.
    case drop(PageKey)
    /// The notification's channel is not configured any more.
    case cancel(NotificationID)

    /// Whether it was made by a run or slot, and may become a miss when there is no room for it.
    var isResult: Bool {
        switch self {
        case .run, .miss: true
        default: false
        }
    }
}
