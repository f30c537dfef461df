import VitalsCore
import VitalsTesting

/// What a simulation asks of chance.
extension SeededGenerator {
    /// One of 0 to `bound` - 1.
    mutating func below(_ bound: Int) -> Int {
        Int(next() % UInt64(bound))
    }

    /// True once in so many.
    mutating func oneIn(_ many: Int) -> Bool { below(many) == 0 }

    mutating func pick<Element>(_ items: [Element]) -> Element {
        items[below(items.count)]
    }

    /// Microseconds from 0 to twice the mean, short ones more often than long ones.
    mutating func microseconds(around mean: Duration) -> Int64 {
        let part = Double(next() >> 11) / Double(1 << 53)
        return Int64(Double(mean.microseconds) * 3 * part * part)
    }
}
