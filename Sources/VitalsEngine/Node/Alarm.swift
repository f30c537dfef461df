import Synchronization
import VitalsCore

/// One timer that can be set to an earlier instant: calls back once it has come.
final class Alarm: Sendable {
    private struct State {
        var due: Timestamp?
        var cancel: (@Sendable () -> Void)?
    }

    private let loop: any ProbeLoop
    private let clock: NodeClock
    private let ring: @Sendable () -> Void
    private let state = Mutex(State())

    /// - Parameter ring: called on the loop.
    init(on loop: any ProbeLoop, _ clock: NodeClock, ring: @escaping @Sendable () -> Void) {
        self.loop = loop
        self.clock = clock
        self.ring = ring
    }

    /// Rings at `due`, unless it is set to ring earlier.
    func set(_ due: Timestamp) {
        let now = clock.now()
        state.withLock { state in
            if let earlier = state.due, earlier <= due { return }
            state.cancel?()
            state.due = due
            state.cancel = loop.schedule(after: max(.zero, due - now)) { [weak self] in self?.fire(due) }
        }
    }

    private func fire(_ due: Timestamp) {
        let isCurrent = state.withLock { state in
            guard state.due == due else { return false }
            state.due = nil
            state.cancel = nil
            return true
        }
        if isCurrent { ring() }
    }
}
