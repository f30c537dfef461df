/// The slots of a health check: `phase + n × interval`, a pure function of its id and interval. No due time
/// is stored, a restart shifts nothing, and a slot's instant is the key under which its run is recorded.
package struct SlotGrid: Sendable, Equatable {
    /// Microseconds from the epoch to slot 0; at least 0, less than `interval`.
    package let phase: Int64
    /// Microseconds between two slots; positive.
    package let interval: Int64

    package init(_ id: HealthCheckID, every interval: Duration) {
        precondition(interval.microseconds > 0)
        self.interval = interval.microseconds
        let spread = StableHash.mix(StableHash.fnv1a(id.text))
        phase = Int64(spread % UInt64(interval.microseconds))
    }

    /// The newest slot that is due at `instant`.
    package func latest(at instant: Timestamp) -> Timestamp {
        let sinceZero = instant.microseconds - phase
        let number = sinceZero >= 0 ? sinceZero / interval : (sinceZero - interval + 1) / interval
        return Timestamp(microseconds: phase + number * interval)
    }

    /// The first slot after `instant`.
    package func next(after instant: Timestamp) -> Timestamp {
        Timestamp(microseconds: latest(at: instant).microseconds + interval)
    }

    /// How many slots there are from `first` to `last`, both of them slots; 0 when `last` is before `first`.
    package func count(from first: Timestamp, through last: Timestamp) -> Int {
        guard first <= last else { return 0 }
        return Int((last.microseconds - first.microseconds) / interval) + 1
    }
}
