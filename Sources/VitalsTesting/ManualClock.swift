import Synchronization
package import VitalsCore
package import VitalsEngine

/// The machine's clocks, moved by hand; the wall clock may also be stepped by itself.
package final class ManualClock: Sendable {
    private struct Reading {
        var wall: Timestamp
        var boot: Int64 = 0
    }

    private let reading: Mutex<Reading>

    package init(_ wall: Timestamp = Fixture.at(0)) {
        reading = Mutex(Reading(wall: wall))
    }

    /// What the wall clock shows.
    package var wall: Timestamp { reading.withLock(\.wall) }

    /// Microseconds since boot.
    package var boot: Int64 { reading.withLock(\.boot) }

    /// As a node is given it.
    package var machine: MachineClock {
        MachineClock(wall: { self.wall }, boot: { self.boot })
    }

    /// Time passes: both clocks move.
    package func advance(by duration: Duration) {
        precondition(duration >= .zero)
        reading.withLock { reading in
            reading.wall = reading.wall + duration
            reading.boot += duration.microseconds
        }
    }

    /// Somebody sets the wall clock, forward or back; no time passes.
    package func stepWall(by duration: Duration) {
        reading.withLock { $0.wall = $0.wall + duration }
    }
}
