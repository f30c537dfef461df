/// What one run measured of a vital.
package struct VitalReading: Sendable, Equatable {
    package let at: Timestamp
    /// Nothing: the run measured others.
    package let value: Double?

    package init(at: Timestamp, value: Double?) {
        self.at = at
        self.value = value
    }
}
