/// When a job runs, as `crontab` writes it: minute, hour, day of the month, month, day of the week, in the
/// time of a place. Names, lists, ranges, steps, and `@daily` and the like.
///
/// Where both days are limited, either is enough, as ever in cron.
package struct CronExpression: Sendable, Equatable {
    package let text: String
    package let zone: TimeZoneRules
    /// One bit for each value.
    private let minutes: UInt64
    private let hours: UInt64
    private let days: UInt64
    private let months: UInt64
    private let weekdays: UInt64
    private let isAnyDay: Bool
    private let isAnyWeekday: Bool

    /// The longest wait is for a 29 February, which a century may leave out.
    private static let mostDaysAhead: Int64 = 366 * 8 + 31
    private static let longest = 256

    private static let nicknames = [
        "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
        "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
    ]

    /// - Throws: what is wrong with it, for its author.
    package init(_ text: String, in zone: TimeZoneRules) throws(CronError) {
        guard text.utf8.count <= Self.longest else {
            throw CronError("a cron expression has at most \(Self.longest) characters")
        }
        self.text = text
        self.zone = zone
        let written = Self.nicknames[text.lowercased()] ?? text
        let fields = written.split(whereSeparator: { $0 == " " || $0 == "\t" })
        guard fields.count == 5 else {
            throw CronError(
                "a cron expression has five fields (minute, hour, day, month, weekday) or is one of @hourly, "
                    + "@daily, @weekly, @monthly, @yearly")
        }
        minutes = try CronField.minute.parse(fields[0])
        hours = try CronField.hour.parse(fields[1])
        days = try CronField.day.parse(fields[2])
        months = try CronField.month.parse(fields[3])
        weekdays = try CronField.weekday.parse(fields[4])
        isAnyDay = fields[2].hasPrefix("*")
        isAnyWeekday = fields[4].hasPrefix("*")
        guard !isAnyWeekday || hasPossibleDay else { throw CronError("no month has such a day") }
    }

    private var hasPossibleDay: Bool {
        (1...12).contains { month in
            months >> UInt64(month) & 1 == 1
                && (1...CivilDay.mostDays(inMonth: month)).contains { days >> UInt64($0) & 1 == 1 }
        }
    }

    /// The first time after an instant; nothing when there is none in eight years.
    package func next(after instant: Timestamp) -> Timestamp? {
        let now = CivilDay.divide(instant.microseconds, by: 1_000_000).quotient
        let local = zone.local(now)
        let today = CivilDay.divide(local, by: 86_400).quotient
        for number in today...(today + Self.mostDaysAhead) where isOn(CivilDay(number)) {
            for hour in 0..<24 where hours >> UInt64(hour) & 1 == 1 {
                let start = number * 86_400 + Int64(hour) * 3_600
                guard start + 3_599 > local else { continue }
                for minute in 0..<60 where minutes >> UInt64(minute) & 1 == 1 {
                    let shown = start + Int64(minute) * 60
                    guard shown > local else { continue }
                    let found = Timestamp(microseconds: zone.instant(showing: shown) * 1_000_000)
                    if found > instant { return found }
                }
            }
        }
        return nil
    }

    private func isOn(_ day: CivilDay) -> Bool {
        guard months >> UInt64(day.month) & 1 == 1 else { return false }
        let isDay = days >> UInt64(day.day) & 1 == 1
        let isWeekday = weekdays >> UInt64(day.weekday) & 1 == 1
        return isAnyDay || isAnyWeekday ? isDay && isWeekday : isDay || isWeekday
    }
}

/// What is wrong with a cron expression.
package struct CronError: Error, Equatable {
    package let message: String

    init(_ message: String) {
        self.message = message
    }
}

/// One of the five fields.
struct CronField {
    let name: String
    let range: ClosedRange<Int>
    var names: [String] = []

    static let minute = CronField(name: "minute", range: 0...59)
    static let hour = CronField(name: "hour", range: 0...23)
    static let day = CronField(name: "day of the month", range: 1...31)
    static let month = CronField(
        name: "month", range: 1...12,
        names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
    /// 7 is Sunday as well as 0.
    static let weekday = CronField(
        name: "weekday", range: 0...7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"])

    /// - Returns: one bit for each value.
    func parse(_ text: Substring) throws(CronError) -> UInt64 {
        var bits: UInt64 = 0
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            bits |= try parsePart(part)
        }
        return range.upperBound == 7 && bits >> 7 & 1 == 1 ? (bits | 1) & 0x7F : bits
    }

    private func parsePart(_ part: Substring) throws(CronError) -> UInt64 {
        let pieces = part.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = pieces.first else { throw complaint() }
        var step = 1
        if pieces.count == 2 {
            guard let number = Self.number(pieces[1]), number > 0 else { throw complaint() }
            step = number
        }
        let ends = first.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        var low = range.lowerBound
        // The second Sunday would be counted apart from the first.
        var high = range.upperBound == 7 ? 6 : range.upperBound
        if first != "*" {
            low = try value(ends[0])
            if ends.count == 2 {
                high = try value(ends[1])
                if range.upperBound == 7, high == 0, low > 0 { high = 7 }
            } else if pieces.count == 1 {
                high = low
            } else {
                high = max(high, low)
            }
        }
        guard low <= high else { throw CronError("the range of the \(name) ends before it begins") }
        return stride(from: low, through: high, by: step).reduce(0) { $0 | 1 << UInt64($1) }
    }

    private func value(_ text: Substring) throws(CronError) -> Int {
        if let place = names.firstIndex(of: text.lowercased()) { return place + range.lowerBound }
        guard let number = Self.number(text), range.contains(number) else { throw complaint() }
        return number
    }

    private static func number(_ text: Substring) -> Int? {
        guard (1...3).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }

    private func complaint() -> CronError {
        let names = names.isEmpty ? "" : " or \(names[0]) to \(names[names.count - 1])"
        return CronError(
            "the \(name) is made of numbers from \(range.lowerBound) to \(range.upperBound)\(names), of *, "
                + "ranges (1-5), steps (*/2) and lists (1,3)")
    }
}
