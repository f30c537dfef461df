import Synchronization
import VitalsCore

/// The node's own time: instants that never go back.
final class NodeClock: Sendable {
    private struct Reading {
        var anchor: Anchor
        var step: Duration = .zero
    }

    private let machine: MachineClock
    private let reading: Mutex<Reading>

    init(_ machine: MachineClock, anchor: Anchor) {
        self.machine = machine
        reading = Mutex(Reading(anchor: anchor))
    }

    func now() -> Timestamp {
        reading.withLock { reading in
            let (now, step) = reading.anchor.now(wall: machine.wall(), boot: machine.boot())
            reading.step += step
            return now
        }
    }

    /// By how much forward steps of the wall clock have moved it since this was last asked.
    func takeStep() -> Duration {
        reading.withLock { reading in
            defer { reading.step = .zero }
            return reading.step
        }
    }
}
