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

    /// What speaks of a health check by a name that it had, by the one that it has.
    ///
    /// - Returns: with that former name, if it is of a run.
    func renamed(
        by names: [HealthCheckID: HealthCheckID]
    ) -> (item: LedgerItem, former: HealthCheckID?) {
        guard !names.isEmpty else { return (self, nil) }
        switch self {
        case .run(let run, let ticket, let isEvaluated):
            guard let id = names[run.healthCheck] else { return (self, nil) }
            let renamed = run.renamed(to: id)
            return (.run(renamed, ticket: ticket, isEvaluated: isEvaluated), run.healthCheck)
        case .miss(let miss):
            return (names[miss.healthCheck].map { .miss(miss.renamed(to: $0)) } ?? self, nil)
        case .ping(let heard, let ticket):
            let renamed = names[heard.healthCheck].map { heard.renamed(to: $0) }
            return (renamed.map { .ping($0, ticket: ticket) } ?? self, nil)
        case .due(let id, let at):
            return (.due(names[id] ?? id, at: at), nil)
        case .attempt(let attempt, let notification):
            return (.attempt(attempt, of: notification.renamed(by: names)), nil)
        default:
            return (self, nil)
        }
    }
}
