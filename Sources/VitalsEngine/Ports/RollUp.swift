package import VitalsCore

/// How far a store has come with making hours of runs and misses, and days of hours.
package struct RollUp: Sendable, Equatable {
    /// Of every health check, all that began before this is in its hours.
    package let hoursUntil: Timestamp
    /// And all that began before this in its days.
    package let daysUntil: Timestamp
    /// Whether nothing is left that was over.
    package let isDone: Bool

    package init(hoursUntil: Timestamp, daysUntil: Timestamp, isDone: Bool) {
        self.hoursUntil = hoursUntil
        self.daysUntil = daysUntil
        self.isDone = isDone
    }
}

/// The hours or days of one health check, by their starts.
package struct Tallies: Sendable, Equatable {
    /// Those that have anything to tell.
    package let pieces: [RolledUp]
    /// All that began before this is in them; nothing while none was made yet.
    package let until: Timestamp?

    package init(_ pieces: [RolledUp], until: Timestamp?) {
        self.pieces = pieces
        self.until = until
    }
}
