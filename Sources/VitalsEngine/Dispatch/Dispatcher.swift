import Synchronization
import VitalsCore

/// Sends what the outbox holds, over the channels; decides nothing.
final class Dispatcher: Sendable {
    private struct State {
        var dispatch = Dispatch()
        /// Attempts on their way, those past the outbox too.
        var sending = 0
        var isStopped = false
        /// Whether what is on its way is not waited for any more.
        var isCutShort = false
        var channels: [ChannelID: any Channel]
    }

    private let timeout: Duration
    private let loop: any ProbeLoop
    private let clock: NodeClock
    private let record: @Sendable ([LedgerItem]) -> Void
    private let beat: Beat
    private let state: Mutex<State>
    private let wakeUps: AsyncStream<[Notification]>
    private let wakeUp: AsyncStream<[Notification]>.Continuation
    private let alarm: Alarm

    private static let longestSleep: Duration = .seconds(1)

    /// - Parameters:
    ///   - timeout: of one attempt.
    ///   - record: takes what is to be written down.
    init(
        _ channels: [any Channel], timeout: Duration, on loop: any ProbeLoop, _ clock: NodeClock, beat: Beat,
        record: @escaping @Sendable ([LedgerItem]) -> Void
    ) {
        state = Mutex(State(channels: Self.byID(channels)))
        self.timeout = timeout
        self.loop = loop
        self.clock = clock
        self.record = record
        self.beat = beat
        let (stream, continuation) = AsyncStream.makeStream(of: [Notification].self)
        wakeUps = stream
        wakeUp = continuation
        alarm = Alarm(on: loop, clock) { continuation.yield([]) }
    }

    /// Sends by these channels from now on.
    func follow(_ channels: [any Channel]) {
        state.withLock { $0.channels = Self.byID(channels) }
    }

    private static func byID(_ channels: [any Channel]) -> [ChannelID: any Channel] {
        Dictionary(uniqueKeysWithValues: channels.map { ($0.id, $0) })
    }

    /// Takes notifications that nothing stands before.
    func add(_ notifications: [StoredNotification]) {
        guard !notifications.isEmpty else { return }
        state.withLock { state in
            for entry in notifications {
                state.dispatch.add(
                    entry.notification, isBegun: entry.isBegun, ended: entry.endedAttempts,
                    due: entry.nextAttemptAt ?? entry.notification.createdAt)
            }
        }
        wakeUp.yield([])
    }

    /// What is to be tried once more is due.
    func retry(_ retries: [(known: KnownNotification, isGranted: Bool)]) {
        guard retries.contains(where: \.isGranted) else { return }
        let now = clock.now()
        state.withLock { state in
            for retry in retries where retry.isGranted {
                state.dispatch.retry(retry.known.stored, failed: retry.known.status == .failed, at: now)
            }
        }
        wakeUp.yield([])
    }

    /// What the outbox holds.
    var pending: (count: Int, oldest: Timestamp?) { state.withLock(\.dispatch.pending) }

    func cancel(_ ids: [NotificationID]) {
        guard !ids.isEmpty else { return }
        state.withLock { state in ids.forEach { state.dispatch.cancel($0) } }
    }

    func claimed(_ claims: [(notification: NotificationID, isGranted: Bool)]) {
        guard !claims.isEmpty else { return }
        let actions = state.withLock { state in
            claims.flatMap { state.dispatch.claimed($0.notification, isGranted: $0.isGranted) }
        }
        // Where a claim was refused there is room again.
        wakeUp.yield(Self.sends(actions))
    }

    /// Sends something past the outbox, once: what the server must say when it cannot write.
    func sendStraight(_ notification: Notification) {
        wakeUp.yield([notification])
    }

    /// Runs until `stop`; attempts that were begun end first.
    func run() async {
        await withDiscardingTaskGroup { group in
            tick()
            for await notifications in wakeUps {
                for notification in notifications where begin() {
                    group.addTask { await self.send(notification) }
                }
                tick()
                let (isDone, isCutShort) = state.withLock { ($0.isStopped && $0.sending == 0, $0.isCutShort) }
                if isCutShort { group.cancelAll() }
                if isDone || isCutShort { break }
            }
        }
        wakeUp.finish()
    }

    /// Begins nothing any more. What is on its way has `patience` to end, and is cut short then; what was
    /// claimed and not sent is sent after the next start.
    func stop(patience: Duration) {
        state.withLock { $0.isStopped = true }
        wakeUp.yield([])
        _ = loop.schedule(after: patience) {
            self.state.withLock { $0.isCutShort = true }
            self.wakeUp.yield([])
        }
    }

    private func begin() -> Bool {
        state.withLock { state in
            guard !state.isStopped else { return false }
            state.sending += 1
            return true
        }
    }

    private func tick() {
        let now = clock.now()
        beat.strike(now)
        let (actions, next) = state.withLock { state in
            state.isStopped ? ([], nil) : (state.dispatch.tick(at: now), state.dispatch.nextDue)
        }
        let claims = actions.compactMap { action -> LedgerItem? in
            if case .claim(let id) = action { .claim(id) } else { nil }
        }
        if !claims.isEmpty { record(claims) }
        let sends = Self.sends(actions)
        if !sends.isEmpty { wakeUp.yield(sends) }
        let latest = now + Self.longestSleep
        alarm.set(min(next ?? latest, latest))
    }

    private static func sends(_ actions: [DispatchAction]) -> [Notification] {
        actions.compactMap { if case .send(let notification) = $0 { notification } else { nil } }
    }

    private func send(_ notification: Notification) async {
        let outcome: DeliveryOutcome =
            if let channel = state.withLock({ $0.channels[notification.channel] }) {
                await channel.send(
                    notification.id, body: notification.body, at: clock.now(), timeout: timeout)
            } else {
                .refused(httpStatus: nil, message: "no such channel")
            }
        let now = clock.now()
        let ended = state.withLock { state in
            var generator = SystemRandomNumberGenerator()
            state.sending -= 1
            return state.dispatch.sent(notification.id, outcome, at: now, using: &generator)
        }
        let attempts = ended.compactMap { action -> LedgerItem? in
            if case .ended(let attempt, let notification) = action {
                .attempt(attempt, of: notification)
            } else {
                nil
            }
        }
        if !attempts.isEmpty { record(attempts) }
        wakeUp.yield([])
    }
}
