/// The rule by which a time zone goes on for ever, as at the end of its file: `CET-1CEST,M3.5.0,M10.5.0/3`
/// (POSIX.1-2017, 8.3, with the wider hours of RFC 8536).
struct PosixTimeZone: Sendable, Equatable {
    /// When clocks are put forward or back, each year.
    struct Change: Sendable, Equatable {
        enum Day: Sendable, Equatable {
            /// 1 to 365; never 29 February.
            case julian(Int)
            /// 0 to 365.
            case ordinal(Int)
            /// Of a month the week, 5 being the last, and the weekday, 0 being Sunday.
            case weekday(month: Int, week: Int, day: Int)
        }

        let day: Day
        /// Seconds from midnight of what the wall shows before.
        let time: Int64
    }

    private struct Summer: Equatable {
        let offset: Int64
        let begins: Change
        let ends: Change
    }

    /// Seconds east of UTC.
    private let standard: Int64
    private let summer: Summer?

    /// - Throws: when it is none.
    init(_ text: String) throws(TimeZoneError) {
        var scanner = PosixScanner(text)
        try scanner.skipName()
        standard = -(try scanner.offset(hours: 24))
        guard !scanner.isAtEnd else {
            summer = nil
            return
        }
        try scanner.skipName()
        let offset = scanner.peeks(",") ? standard + 3_600 : -(try scanner.offset(hours: 24))
        try scanner.expect(",")
        let begins = try scanner.change()
        try scanner.expect(",")
        let ends = try scanner.change()
        guard scanner.isAtEnd else { throw TimeZoneError("the rule at its end goes on") }
        summer = Summer(offset: offset, begins: begins, ends: ends)
    }

    /// Seconds east of UTC at an instant, in seconds since the Unix epoch.
    func offset(at instant: Int64) -> Int64 {
        guard let summer else { return standard }
        let day = CivilDay.divide(instant + standard, by: 86_400).quotient
        let year = CivilDay(day).year
        var found = (at: Int64.min, offset: standard)
        // Of the years beside it too: at the turn of one the offsets may differ about which it is.
        for year in year - 1...year + 1 {
            let end = (at: Self.instant(summer.ends, year) - summer.offset, offset: standard)
            let begin = (at: Self.instant(summer.begins, year) - standard, offset: summer.offset)
            // Where summer is for ever, it ends and begins at one instant, and begins.
            for change in [end, begin] where change.at <= instant && change.at >= found.at { found = change }
        }
        return found.offset
    }

    /// What the wall shows, in seconds as if it were UTC.
    private static func instant(_ change: Change, _ year: Int64) -> Int64 {
        day(change.day, year) * 86_400 + change.time
    }

    /// Since 1970-01-01.
    private static func day(_ day: Change.Day, _ year: Int64) -> Int64 {
        let first = CivilDay.number(year: year, month: 1, day: 1)
        switch day {
        case .ordinal(let number):
            return first + Int64(number)
        case .julian(let number):
            let hasLeapDay = CivilDay.number(year: year, month: 3, day: 1) - first == 60
            return first + Int64(number) - (hasLeapDay && number >= 60 ? 0 : 1)
        case .weekday(let month, let week, let weekday):
            let begin = CivilDay.number(year: year, month: month, day: 1)
            let wait = (weekday - CivilDay(begin).weekday + 7) % 7
            var found = begin + Int64(wait + (week - 1) * 7)
            while CivilDay(found).month != month { found -= 7 }
            return found
        }
    }
}

/// Reads the parts of such a rule.
private struct PosixScanner {
    private var rest: ArraySlice<UInt8>

    init(_ text: String) {
        rest = Array(text.utf8)[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    func peeks(_ letter: Character) -> Bool { rest.first == letter.asciiValue }

    mutating func take(_ letter: Character) -> Bool {
        guard peeks(letter) else { return false }
        rest.removeFirst()
        return true
    }

    mutating func expect(_ letter: Character) throws(TimeZoneError) {
        guard take(letter) else { throw TimeZoneError("the rule at its end cannot be read") }
    }

    /// Three letters or more, or anything in angle brackets.
    mutating func skipName() throws(TimeZoneError) {
        let isQuoted = take("<")
        let name = rest.prefix { byte in
            isQuoted
                ? byte != UInt8(ascii: ">")
                : (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
        guard name.count >= 3 else { throw TimeZoneError("the rule at its end names no time") }
        rest = rest.dropFirst(name.count)
        if isQuoted { try expect(">") }
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    mutating func offset(hours: Int) throws(TimeZoneError) -> Int64 {
        let isNegative = take("-")
        if !isNegative { _ = take("+") }
        var seconds = Int64(try number(in: 0...hours)) * 3_600
        for scale in [60, 1] {
            guard take(":") else { break }
            seconds += Int64(try number(in: 0...59) * scale)
        }
        return isNegative ? -seconds : seconds
    }

    mutating func change() throws(TimeZoneError) -> PosixTimeZone.Change {
        let day: PosixTimeZone.Change.Day
        if take("M") {
            let month = try number(in: 1...12)
            try expect(".")
            let week = try number(in: 1...5)
            try expect(".")
            day = .weekday(month: month, week: week, day: try number(in: 0...6))
        } else if take("J") {
            day = .julian(try number(in: 1...365))
        } else {
            day = .ordinal(try number(in: 0...365))
        }
        return PosixTimeZone.Change(day: day, time: take("/") ? try offset(hours: 167) : 7_200)
    }

    private mutating func number(in range: ClosedRange<Int>) throws(TimeZoneError) -> Int {
        let digits = rest.prefix { (0x30...0x39).contains($0) }.prefix(4)
        rest = rest.dropFirst(digits.count)
        guard let number = Int(String(decoding: digits, as: UTF8.self)), range.contains(number) else {
            throw TimeZoneError("the rule at its end cannot be read")
        }
        return number
    }
}
