extension Timestamp {
    /// `2026-11-21T10:00:03.120Z`: RFC 3339, UTC, milliseconds, cut rather than rounded.
    ///
    /// The calendar arithmetic is Howard Hinnant's `civil_from_days`, proleptic Gregorian.
    package var iso8601: String {
        let (day, ofDay) = microseconds.quotientAndRemainder(flooring: 86_400_000_000)
        let era = (day + 719_468).quotientAndRemainder(flooring: 146_097)
        let yearOfEra =
            (era.remainder - era.remainder / 1_460 + era.remainder / 36_524 - era.remainder / 146_096) / 365
        let dayOfYear = era.remainder - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era.quotient * 400 + (month <= 2 ? 1 : 0)
        let dayOfMonth = dayOfYear - (153 * shifted + 2) / 5 + 1
        let milliseconds = ofDay / 1_000
        let seconds = milliseconds / 1_000
        let minutes = seconds / 60
        var text: [UInt8] = []
        text.reserveCapacity(24)
        Self.write(year, 4, then: "-", to: &text)
        Self.write(month, 2, then: "-", to: &text)
        Self.write(dayOfMonth, 2, then: "T", to: &text)
        Self.write(minutes / 60, 2, then: ":", to: &text)
        Self.write(minutes % 60, 2, then: ":", to: &text)
        Self.write(seconds % 60, 2, then: ".", to: &text)
        Self.write(milliseconds % 1_000, 3, then: "Z", to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// The number with at least so many digits, and what follows it.
    private static func write(
        _ number: Int64, _ width: Int, then mark: Unicode.Scalar, to text: inout [UInt8]
    ) {
        var divisor: Int64 = 1
        for _ in 1..<width { divisor *= 10 }
        while number / divisor >= 10 { divisor *= 10 }
        if number < 0 { text.append(UInt8(ascii: "-")) }
        while divisor > 0 {
            text.append(UInt8(ascii: "0") + UInt8((number / divisor % 10).magnitude))
            divisor /= 10
        }
        text.append(UInt8(ascii: mark))
    }
}

extension Int64 {
    fileprivate func quotientAndRemainder(flooring divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
