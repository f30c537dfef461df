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

extension Timestamp {
    /// Reads RFC 3339: `2026-11-21T10:00:03Z`, `2026-11-21T11:00:03.12+01:00`. What is finer than a
    /// microsecond is cut. Nothing for any other text, a day that is not in the calendar, or a leap second.
    ///
    /// The calendar arithmetic is Howard Hinnant's `days_from_civil`.
    package init?(iso8601 text: String) {
        var rest = Array(text.utf8.prefix(64))[...]
        guard let year = Self.number(4, &rest), Self.take("-", &rest), let month = Self.number(2, &rest),
            Self.take("-", &rest), let day = Self.number(2, &rest), Self.take("T", &rest),
            let hour = Self.number(2, &rest), Self.take(":", &rest), let minute = Self.number(2, &rest),
            Self.take(":", &rest), let second = Self.number(2, &rest), let fraction = Self.fraction(&rest),
            let offset = Self.offset(&rest), rest.isEmpty
        else { return nil }
        guard (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60 else {
            return nil
        }
        let shifted = month > 2 ? month - 3 : month + 9
        let era = (month > 2 ? year : year - 1).quotientAndRemainder(flooring: 400)
        let dayOfYear = (153 * shifted + 2) / 5 + day - 1
        let dayOfEra = era.remainder * 365 + era.remainder / 4 - era.remainder / 100 + dayOfYear
        let days = era.quotient * 146_097 + dayOfEra - 719_468
        let local = ((days * 24 + hour) * 60 + minute) * 60 + second
        self.init(microseconds: (local - offset * 60) * 1_000_000 + fraction)
        // A day that its month has not would be one of the next.
        let date = Timestamp(microseconds: local * 1_000_000).iso8601.prefix(10)
        guard date == text.prefix(10) else { return nil }
    }

    private static func number(_ digits: Int, _ rest: inout ArraySlice<UInt8>) -> Int64? {
        var number: Int64 = 0
        for _ in 0..<digits {
            guard let byte = rest.popFirst(), (0x30...0x39).contains(byte) else { return nil }
            number = number * 10 + Int64(byte - 0x30)
        }
        return number
    }

    private static func take(_ mark: Unicode.Scalar, _ rest: inout ArraySlice<UInt8>) -> Bool {
        guard let byte = rest.first, byte == UInt8(ascii: mark) || byte == UInt8(ascii: mark) | 0x20 else {
            return false
        }
        rest.removeFirst()
        return true
    }

    /// Microseconds: those after a dot; 0 without one.
    private static func fraction(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        guard take(".", &rest) else { return 0 }
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        rest.removeFirst(digits.count)
        guard !digits.isEmpty else { return nil }
        return (0..<6).reduce(Int64(0)) { value, place in
            let digit = place < digits.count ? digits[digits.startIndex + place] - 0x30 : 0
            return value * 10 + Int64(digit)
        }
    }

    /// Minutes east of Greenwich.
    private static func offset(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        if take("Z", &rest) { return 0 }
        guard let sign = rest.popFirst(), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
            let hours = number(2, &rest), take(":", &rest), let minutes = number(2, &rest), hours < 24,
            minutes < 60
        else { return nil }
        return (hours * 60 + minutes) * (sign == UInt8(ascii: "+") ? 1 : -1)
    }
}

extension Int64 {
    fileprivate func quotientAndRemainder(flooring divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
