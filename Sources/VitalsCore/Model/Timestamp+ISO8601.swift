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
        let date = "\(Self.pad(year, 4))-\(Self.pad(month, 2))-\(Self.pad(dayOfMonth, 2))"
        let milliseconds = ofDay / 1_000
        let (hour, minute) = (milliseconds / 3_600_000, milliseconds / 60_000 % 60)
        let second = "\(Self.pad(milliseconds / 1_000 % 60, 2)).\(Self.pad(milliseconds % 1_000, 3))"
        return "\(date)T\(Self.pad(hour, 2)):\(Self.pad(minute, 2)):\(second)Z"
    }

    private static func pad(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension Int64 {
    fileprivate func quotientAndRemainder(flooring divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
