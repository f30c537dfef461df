import Synchronization
import VitalsCore

/// The last sign of life of a part of the node that must never stop.
final class Beat: Sendable {
    private let last: Mutex<Timestamp>

    init(_ now: Timestamp) {
        last = Mutex(now)
    }

    func strike(_ now: Timestamp) {
        last.withLock { $0 = max($0, now) }
    }

    /// How long ago it was.
    func age(at now: Timestamp) -> Duration {
        last.withLock { now - $0 }
    }
}
