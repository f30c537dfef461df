import VitalsCore

/// What follows from a batch once it is committed, and not before.
struct Consequences: Sendable, Equatable {
    struct Completion: Sendable, Equatable {
        let run: Run
        let ticket: Int
        /// What the health check was called when it began; nothing: as now.
        var former: HealthCheckID?

        /// By which of its names somebody may wait for it.
        var healthChecks: [HealthCheckID] { [run.healthCheck, former].compactMap(\.self) }
    }

    /// For the stream and the log.
    var signals: [Signal.Content] = []
    /// For those who wait for a run.
    var completions: [Completion] = []
    /// Runs that are to be confirmed, by their `at`, and when.
    var confirmations: [(healthCheck: HealthCheckID, of: Timestamp, due: Timestamp)] = []
    /// Slots that were not run, as they came: none is counted twice.
    var misses: [Miss] = []
    var backOffs: [(healthCheck: HealthCheckID, until: Timestamp)] = []
    /// Notifications that nothing stands before, or nothing but a cooldown or a snooze that has an end.
    var ready: [StoredNotification] = []
    /// Claims and whether they hold.
    var claims: [(notification: NotificationID, isGranted: Bool)] = []
    var cancelled: [NotificationID] = []
    /// Runs that count for nothing: their target is none any more.
    var voided: [Completion] = []
    /// Health checks whose first run is to come at once.
    var runAtOnce: Set<HealthCheckID> = []
    /// What somebody wanted to be tried once more, and whether it is to be.
    var retries: [(known: KnownNotification, isGranted: Bool)] = []

    /// Pings, by their tickets, and whether they were recorded: their heartbeat may be none any more.
    var heard: [(ticket: Int, isRecorded: Bool)] = []

    static func == (left: Consequences, right: Consequences) -> Bool {
        left.signals == right.signals && left.completions == right.completions
            && left.misses == right.misses
            && left.confirmations.elementsEqual(right.confirmations, by: ==)
            && left.backOffs.elementsEqual(right.backOffs, by: ==) && left.ready == right.ready
            && left.claims.elementsEqual(right.claims, by: ==) && left.cancelled == right.cancelled
            && left.voided == right.voided && left.runAtOnce == right.runAtOnce
            && left.heard.elementsEqual(right.heard, by: ==)
            && left.retries.elementsEqual(right.retries, by: ==)
    }
}
