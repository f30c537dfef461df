import VitalsCore

/// Something that is to be recorded, in the order in which it came.
enum LedgerItem: Sendable, Equatable {
    /// A run that ended; a manual one of a disabled health check is recorded but not evaluated.
    case run(Run, ticket: Int, isEvaluated: Bool)
    case miss(Miss)
    case ping(HeardPing, ticket: Int)
    /// The time of a heartbeat was up then, as far as was known.
    case due(HealthCheckID, at: Timestamp)
    /// The age of its state is to be looked at.
    case age(HealthCheckID, baseline: Timestamp)
    /// The dispatcher is about to begin the first attempt.
    case claim(NotificationID)
    /// An attempt ended.
    case attempt(Attempt, of: Notification)
    /// Somebody wants it tried once more, now; as it was in the store.
    case retry(KnownNotification)
    case register(HealthCheck)
    /// Back to `unknown`; an open episode ends.
    case reset(HealthCheckID, EndReason)
    case remove(HealthCheckID)
    /// The channel is not configured any more.
    case drop(PageKey)
    /// The notification's channel is not configured any more.
    case cancel(NotificationID)
    /// The node says something of itself, for this reason.
    case speak(String)
    /// Another configuration takes over.
    case reconfigure(Reconfiguration)

    init(_ result: HeldResult) {
        self =
            switch result {
            case .run(let run, let ticket, let isEvaluated):
                .run(run, ticket: ticket, isEvaluated: isEvaluated)
            case .miss(let miss): .miss(miss)
            }
    }

    /// What was made by a run or slot, and may become a miss when there is no room for it.
    var result: HeldResult? {
        switch self {
        case .run(let run, let ticket, let isEvaluated): .run(run, ticket: ticket, isEvaluated: isEvaluated)
        case .miss(let miss): .miss(miss)
        default: nil
        }
    }

    var isResult: Bool { result != nil }

    var isPing: Bool { if case .ping = self { true } else { false } }
}
