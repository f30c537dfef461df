import Synchronization
import VitalsCore

/// The node's own time: instants that never go back.
final class NodeClock: Sendable {
    /// The last reading, and what is to be said of it.
    struct Reading: Sendable {
        private var anchor: Anchor
        private var step: Duration = .zero

        init(_ anchor: Anchor) {
            self.anchor = anchor
        }

        mutating func now(wall: Timestamp, boot: Int64) -> Timestamp {
            let (now, step) = anchor.now(wall: wall, boot: boot)
            self.step += step
            return now
        }

        /// By how much forward steps of the wall clock have moved it since this was last asked.
        mutating func takeStep() -> Duration {
            defer { step = .zero }
            return step
        }
    }

    private let machine: MachineClock
    private let reading: Mutex<Reading>

    init(_ machine: MachineClock, anchor: Anchor) {
        self.machine = machine
        reading = Mutex(Reading(anchor))
    }

    func now() -> Timestamp {
        reading.withLock { $0.now(wall: machine.wall(), boot: machine.boot()) }
    }

    /// What the wall clock shows, which may be stepped back.
    func wall() -> Timestamp {
        machine.wall()
    }

    /// The instant now, and whether the wall clock was stepped forward since this was last asked: in one
    /// reading, so that the step is told with the instant that it led to.
    func read() -> (now: Timestamp, jumped: Bool) {
        reading.withLock { reading in
            let now = reading.now(wall: machine.wall(), boot: machine.boot())
            return (now, reading.takeStep() > .zero)
        }
    }
}
