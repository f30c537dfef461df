import Synchronization

/// Tells the thread that does the heavy work whether anybody still waits for it: without that, runs that
/// gave up would leave a queue that only grows.
final class CancellableWork: Sendable {
    private let state = Atomic(false)

    var isCancelled: Bool { state.load(ordering: .relaxed) }

    func cancel() { state.store(true, ordering: .relaxed) }
}
