/// Ties instants to the machine's clocks: the wall clock at an anchor plus the boot-time clock since then.
/// Instants never go back within a process.
package struct Anchor: Sendable, Equatable {
    /// The last instant given out, and the reading of the boot-time clock it was given out for.
    private var last: Timestamp
    private var boot: Int64
    /// How far the wall clock may be ahead before it is taken for a step: far above what a clock is slewed by
    /// between two readings, far below what a person would call a jump.
    private static let tolerance: Duration = .milliseconds(250)
    private static let farthestAhead: Duration = .seconds(3_600)

    package init(wall: Timestamp, boot: Int64) {
        last = wall
        self.boot = boot
    }

    /// Begins after the newest stored instant, if that is at most an hour ahead; else the clock is not to be
    /// believed, and nothing is returned.
    package init?(wall: Timestamp, boot: Int64, newestStored: Timestamp?) {
        guard let newestStored, newestStored >= wall else {
            self.init(wall: wall, boot: boot)
            return
        }
        guard newestStored - wall <= Self.farthestAhead else { return nil }
        self.init(wall: newestStored + .microseconds(1), boot: boot)
    }

    /// The instant now, and by how much a forward step of the wall clock has just moved it.
    ///
    /// A backward step is ignored until the wall clock has caught up.
    package mutating func now(wall: Timestamp, boot: Int64) -> (instant: Timestamp, step: Duration) {
        // Whatever is handed in: instants never go back.
        last = last + .microseconds(max(0, boot - self.boot))
        self.boot = max(boot, self.boot)
        let step = wall - last
        guard step > Self.tolerance else { return (last, .zero) }
        last = wall
        return (last, step)
    }
}
