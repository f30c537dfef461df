/// Ties instants to the machine's clocks: the wall clock at an anchor plus the boot-time clock since then.
/// Instants never go back within a process.
package struct Anchor: Sendable, Equatable {
    private var wall: Timestamp
    private var boot: Int64
    /// How far the wall clock may be ahead before it is taken for a step: far above what a clock is slewed by
    /// between two readings, far below what a person would call a jump.
    private static let tolerance: Duration = .milliseconds(250)

    package init(wall: Timestamp, boot: Int64) {
        self.wall = wall
        self.boot = boot
    }

    /// Begins after the newest stored instant, if that is at most an hour ahead; else the clock is not to be
    /// believed, and nothing is returned.
    package init?(wall: Timestamp, boot: Int64, newestStored: Timestamp?) {
        let start = max(wall, newestStored.map { $0 + .microseconds(1) } ?? wall)
        guard start - wall <= .seconds(3_600) else { return nil }
        self.init(wall: start, boot: boot)
    }

    /// The instant now, and by how much a forward step of the wall clock has just moved it.
    ///
    /// A backward step is ignored until the wall clock has caught up.
    package mutating func now(wall: Timestamp, boot: Int64) -> (instant: Timestamp, step: Duration) {
        let expected = self.wall + .microseconds(max(0, boot - self.boot))
        let step = wall - expected
        guard step > Self.tolerance else { return (expected, .zero) }
        self.wall = wall
        self.boot = boot
        return (wall, step)
    }
}
