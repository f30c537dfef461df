import NIOCore
import Synchronization
import VitalsCore

/// What the thread that does a run's work and the event loop that waits for it know of each other.
final class RunTicket: Sendable {
    private let state: Mutex<State>
    private let timeout: TimeAmount

    private struct State {
        var clock: PhaseClock?
        let first: Phase
        var isCancelled = false
        var isOver = false
    }

    init(startingIn phase: Phase, timeout: TimeAmount) {
        state = Mutex(State(first: phase))
        self.timeout = timeout
    }

    // MARK: On the thread

    /// Work begins.
    ///
    /// - Returns: whether anybody still waits for it.
    func begin(at now: NIODeadline) -> Bool {
        state.withLock { state in
            guard !state.isCancelled else { return false }
            state.clock = PhaseClock(startingIn: state.first, at: now)
            return true
        }
    }

    /// From here on the time counts for this phase.
    func enter(_ phase: Phase) {
        state.withLock { $0.clock?.enter(phase, at: .now()) }
    }

    /// Whether the work is to end, soon: nobody waits for it.
    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// When the work must have ended; counted from its beginning.
    var due: NIODeadline {
        state.withLock { ($0.clock?.startedAt ?? .now()) + timeout }
    }

    /// The work on the thread is done, or never began.
    ///
    /// - Returns: whether it was abandoned before.
    func end() -> Bool {
        state.withLock { state in
            state.isOver = true
            return state.isCancelled
        }
    }

    // MARK: On the event loop

    /// When the work began; nothing while it waits for a thread.
    var startedAt: NIODeadline? { state.withLock { $0.clock?.startedAt } }

    /// Where it is.
    var phase: Phase { state.withLock { $0.clock?.current ?? $0.first } }

    /// Tells the work to end.
    ///
    /// - Returns: whether it holds a thread at this moment.
    func cancel() -> Bool {
        state.withLock { state in
            state.isCancelled = true
            return state.clock != nil && !state.isOver
        }
    }

    /// From the work's beginning to `now`, and what each phase had of it. The wait for a thread is ours.
    func times(at now: NIODeadline) -> (latency: Duration, phases: [PhaseTiming]) {
        state.withLock { $0.clock?.stop(at: now) } ?? (.zero, [])
    }
}
