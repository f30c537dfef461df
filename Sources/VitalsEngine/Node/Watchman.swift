import Synchronization
import VitalsCore

/// Calls the dead-man's switch as `Vigil` says; decides nothing, and holds nothing up.
final class Watchman: Sendable {
    private let deadman: DeadmanSwitch
    private let timeout: Duration
    private let clock: NodeClock
    private let journal: Journal
    private let vigil: Mutex<Vigil>
    private let wakeUps: AsyncStream<Void>
    private let wakeUp: AsyncStream<Void>.Continuation
    private let alarm: Alarm

    /// - Parameter timeout: of one call; shorter where calls are closer together.
    init(
        _ deadman: DeadmanSwitch, timeout: Duration, on loop: any ProbeLoop, _ clock: NodeClock,
        _ journal: Journal
    ) {
        self.deadman = deadman
        self.timeout = min(timeout, deadman.every)
        self.clock = clock
        self.journal = journal
        vigil = Mutex(Vigil(every: deadman.every, at: clock.now()))
        let (stream, continuation) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        wakeUps = stream
        wakeUp = continuation
        alarm = Alarm(on: loop, clock) { continuation.yield() }
    }

    /// Runs until `stop`; a call under way is cut short then.
    ///
    /// - Parameter isWell: whether all that must never stop goes on.
    func run(isWell: @escaping @Sendable () -> Bool) async {
        await withDiscardingTaskGroup { group in
            wakeUp.yield()
            for await _ in wakeUps {
                let now = clock.now()
                let (isToCall, next) = vigil.withLock { vigil in
                    (vigil.look(isWell: isWell(), at: now), vigil.next(after: now))
                }
                if isToCall { group.addTask { await self.call() } }
                alarm.set(next)
            }
            group.cancelAll()
        }
    }

    /// Nobody is called any more.
    func stop() {
        wakeUp.finish()
    }

    private func call() async {
        let outcome = await deadman.call(timeout)
        guard !Task.isCancelled else { return }
        switch vigil.withLock({ $0.ended(outcome, at: clock.now()) }) {
        case .failing(let message): journal.deadmanFailed(message)
        case .working: journal.deadmanRecovered()
        case nil: break
        }
    }
}
