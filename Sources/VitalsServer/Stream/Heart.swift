import Synchronization

/// Knows whether the last heartbeat has been written yet.
final class Heart: Sendable {
    private let isWaiting = Mutex(false)

    /// Whether it beats: not while the beat before is still unheard.
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
