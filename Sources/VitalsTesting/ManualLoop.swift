import Synchronization
import VitalsCore
import VitalsEngine

/// A probe loop that moves only when it is told to, on a clock moved by hand.
///
/// It is also an executor: tasks that prefer it run when the loop does, in the order in which they became
/// ready, so that a whole node lives in one thread and a test is the same each time.
package final class ManualLoop: ProbeLoop, TaskExecutor {
    private struct Timer {
        let due: Int64
        let work: @Sendable () -> Void
    }

    private struct State {
        var ready: [@Sendable () -> Void] = []
        var timers: [Int: Timer] = [:]
        var nextTimer = 0
    }

    package let clock: ManualClock
    private let state = Mutex(State())

    package init(_ clock: ManualClock = ManualClock()) {
        self.clock = clock
    }

    package func execute(_ work: @escaping @Sendable () -> Void) {
        state.withLock { $0.ready.append(work) }
    }

    package func schedule(
        after delay: Duration, _ work: @escaping @Sendable () -> Void
    ) -> @Sendable () -> Void {
        let due = clock.boot + max(delay, .zero).microseconds
        let number = state.withLock { state in
            state.nextTimer += 1
            state.timers[state.nextTimer] = Timer(due: due, work: work)
            return state.nextTimer
        }
        return { self.state.withLock { $0.timers[number] = nil } }
    }

    /// Runs a task's next part on this loop.
    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    /// Lets time pass, and everything happen that falls due meanwhile.
    package func run(for duration: Duration) {
        let end = clock.boot + duration.microseconds
        settle()
        while let timer = next(notAfter: end) {
            clock.advance(by: .microseconds(max(0, timer.due - clock.boot)))
            timer.work()
            settle()
        }
        clock.advance(by: .microseconds(max(0, end - clock.boot)))
        settle()
    }

    /// Lets time pass until `condition` holds, for `limit` at most.
    ///
    /// - Returns: whether it came to hold.
    package func run(within limit: Duration, until condition: () -> Bool) -> Bool {
        let end = clock.boot + limit.microseconds
        settle()
        while !condition() {
            guard let timer = next(notAfter: end) else { return false }
            clock.advance(by: .microseconds(max(0, timer.due - clock.boot)))
            timer.work()
            settle()
        }
        return true
    }

    /// The process stands still while time passes: what falls due meanwhile is only seen afterwards.
    package func freeze(for duration: Duration) {
        clock.advance(by: duration)
    }

    /// Does what is ready, without time passing.
    package func settle() {
        while let work = state.withLock({ $0.ready.isEmpty ? nil : $0.ready.removeFirst() }) {
            work()
        }
    }

    /// Takes out the first timer; of several at one instant the oldest.
    private func next(notAfter end: Int64) -> Timer? {
        state.withLock { state in
            let first = state.timers.min { ($0.value.due, $0.key) < ($1.value.due, $1.key) }
            guard let first, first.value.due <= end else { return nil }
            return state.timers.removeValue(forKey: first.key)
        }
    }
}
