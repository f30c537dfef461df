/// A day of the proleptic Gregorian calendar, by Howard Hinnant's arithmetic.
package struct CivilDay: Equatable {
    /// Since 1970-01-01.
    package let number: Int64
    package let year: Int64
    /// From 1, as the day is.
    package let month: Int
    package let day: Int

    /// - Parameter number: days since 1970-01-01.
    package init(_ number: Int64) {
        self.number = number
        let (era, dayOfEra) = Self.divide(number + 719_468, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        day = Int(dayOfYear - (153 * shifted + 2) / 5 + 1)
        month = Int(shifted < 10 ? shifted + 3 : shifted - 9)
        year = yearOfEra + era * 400 + (shifted < 10 ? 0 : 1)
    }

    /// 0 is Sunday.
    var weekday: Int { Int(Self.divide(number + 4, by: 7).remainder) }

    /// Days since 1970-01-01.
    static func number(year: Int64, month: Int, day: Int) -> Int64 {
        let shifted = month > 2 ? year : year - 1
        let (era, yearOfEra) = divide(shifted, by: 400)
        let dayOfYear = Int64((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1)
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The most that a month has, in a leap year.
    static func mostDays(inMonth month: Int) -> Int {
        switch month {
        case 2: 29
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Rounded towards the past.
    static func divide(_ number: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
