import Synchronization
import VitalsCore

/// The last sign of life of a part of the node that must never stop.
final class Beat: Sendable {
    private let last: Mutex<(sign: Timestamp, next: Timestamp)>

    init(_ now: Timestamp) {
        last = Mutex((now, now))
    }

    func strike(_ now: Timestamp) {
        last.withLock { $0 = (max($0.sign, now), max($0.sign, now)) }
    }

    /// There is nothing to do until `due`.
    func expect(_ due: Timestamp) {
        last.withLock { $0.next = due }
    }

    /// How long ago the next sign should have been given; negative: it is still to come.
    func delay(at now: Timestamp) -> Duration {
        last.withLock { now - $0.next }
    }

    /// How long ago it was.
    func age(at now: Timestamp) -> Duration {
        last.withLock { now - $0.sign }
    }
}
