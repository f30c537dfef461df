import Synchronization
import VitalsCore

/// Sends what the outbox holds, over the channels; decides nothing.
final class Dispatcher: Sendable {
    private struct State {
        var dispatch = Dispatch()
        var isStopped = false
    }

    private let channels: [ChannelID: any Channel]
    private let timeout: Duration
    private let clock: NodeClock
    private let record: @Sendable ([LedgerItem]) -> Void
    private let beat: Beat
    private let state = Mutex(State())
    private let wakeUps: AsyncStream<[DispatchAction]>
    private let wakeUp: AsyncStream<[DispatchAction]>.Continuation
    private let alarm: Alarm

    /// - Parameters:
    ///   - timeout: of one attempt.
    ///   - record: takes what is to be written down.
    init(
        _ channels: [any Channel], timeout: Duration, on loop: any ProbeLoop, _ clock: NodeClock, beat: Beat,
        record: @escaping @Sendable ([LedgerItem]) -> Void
    ) {
        self.channels = Dictionary(uniqueKeysWithValues: channels.map { ($0.id, $0) })
        self.timeout = timeout
        self.clock = clock
        self.record = record
        self.beat = beat
        let (stream, continuation) = AsyncStream.makeStream(of: [DispatchAction].self)
        wakeUps = stream
        wakeUp = continuation
        alarm = Alarm(on: loop, clock) { continuation.yield([]) }
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

    func cancel(_ ids: [NotificationID]) {
        state.withLock { state in ids.forEach { state.dispatch.cancel($0) } }
    }

    func claimed(_ claims: [(notification: NotificationID, isGranted: Bool)]) {
        guard !claims.isEmpty else { return }
        let actions = state.withLock { state in
            claims.flatMap { state.dispatch.claimed($0.notification, isGranted: $0.isGranted) }
        }
        wakeUp.yield(actions)
    }

    /// Sends something past the outbox, once: what the server must say when it cannot write.
    func sendStraight(_ notification: Notification) {
        wakeUp.yield([.send(notification)])
    }

    /// Runs until `stop`; attempts that were begun end first, or with their timeout.
    func run() async {
        await withDiscardingTaskGroup { group in
            tick()
            for await actions in wakeUps {
                for case .send(let notification) in actions {
                    group.addTask { await self.send(notification) }
                }
                tick()
            }
        }
    }

    /// Begins nothing any more.
    func stop() {
        state.withLock { $0.isStopped = true }
        wakeUp.finish()
    }

    private func tick() {
        let now = clock.now()
        beat.strike(now)
        let (actions, next) = state.withLock { state in
            (state.isStopped ? [] : state.dispatch.tick(at: now), state.dispatch.nextDue)
        }
        let claims = actions.compactMap { action -> LedgerItem? in
            if case .claim(let id) = action { return .claim(id) }
            return nil
        }
        if !claims.isEmpty { record(claims) }
        let sends = actions.filter { if case .send = $0 { true } else { false } }
        if !sends.isEmpty { wakeUp.yield(sends) }
        alarm.set(min(next ?? now + .seconds(1), now + .seconds(1)))
    }

    private func send(_ notification: Notification) async {
        let outcome: DeliveryOutcome =
            if let channel = channels[notification.channel] {
                await channel.send(
                    notification.id, body: notification.body, at: clock.now(), timeout: timeout)
            } else {
                .refused(httpStatus: nil, message: "no such channel")
            }
        let now = clock.now()
        let ended = state.withLock { state in
            var generator = SystemRandomNumberGenerator()
            return state.dispatch.sent(notification.id, outcome, at: now, using: &generator)
        }
        record(
            ended.compactMap { action in
                if case .ended(let attempt, let notification) = action {
                    .attempt(attempt, of: notification)
                } else {
                    nil
                }
            })
        wakeUp.yield([])
    }
}
