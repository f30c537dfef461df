/// A gauge with two edges, so that a value that wavers about one of them does not fire again and again: it
/// fires beyond `edge`, holds in between, and is armed again on the far side of `clear`.
package struct Hysteresis: Sendable, Equatable {
    package let edge: Double
    package let clear: Double
    package private(set) var isFiring: Bool

    /// - Parameters:
    ///   - clear: below `edge` where high values are bad, above it where low ones are.
    ///   - isFiring: as it was left.
    package init(edge: Double, clear: Double, isFiring: Bool = false) {
        self.edge = edge
        self.clear = clear
        self.isFiring = isFiring
    }

    /// Takes in a value, for which `bad` is the wrong way.
    ///
    /// - Returns: whether it fires from now on; on an edge everything stays as it is, unless that is 0
    ///   and its own way back: what is counted gets no farther.
    package mutating func apply(_ value: Double, bad: FactShape.Direction) -> Bool {
        let holds = isFiring && (edge != 0 || clear != 0)
        switch bad {
        case .high: isFiring = value > edge || (holds && value >= clear)
        case .low: isFiring = value < edge || (holds && value <= clear)
        }
        return isFiring
    }
}
