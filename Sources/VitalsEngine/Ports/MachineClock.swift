package import VitalsCore

/// The two clocks of the machine. Injected, so that tests may make them jump.
package struct MachineClock: Sendable {
    /// The wall clock, which may be stepped.
    package let wall: @Sendable () -> Timestamp
    /// Microseconds since boot, which never goes back and counts time asleep.
    package let boot: @Sendable () -> Int64

    package init(wall: @escaping @Sendable () -> Timestamp, boot: @escaping @Sendable () -> Int64) {
        self.wall = wall
        self.boot = boot
    }
}
