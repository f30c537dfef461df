import Synchronization

/// Knows whether the last heartbeat has been written yet: a client that has not taken it by the next is gone.
final class Heart: Sendable {
    private let isWaiting = Mutex(false)

    /// Whether the beat before this one was heard.
    func beat() -> Bool {
        isWaiting.withLock { isWaiting in
            guard !isWaiting else { return false }
            isWaiting = true
            return true
        }
    }

    func wasHeard() {
        isWaiting.withLock { $0 = false }
    }
}
