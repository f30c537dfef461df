import Testing
import VitalsCore
import VitalsTesting

@Suite("Instants are microseconds since the epoch")
struct TimestampTests {
    @Test(
        "an instant is written as RFC 3339 in UTC, with milliseconds that are cut, not rounded",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"),
            (999, "1970-01-01T00:00:00.000Z"),
            (1_999, "1970-01-01T00:00:00.001Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (-1_001, "1969-12-31T23:59:59.998Z"),
            (-86_400_000_000, "1969-12-31T00:00:00.000Z"),
            (1_795_255_203_120_000, "2026-11-21T10:00:03.120Z"),
            (1_735_689_599_999_999, "2024-12-31T23:59:59.999Z"),
            (1_735_689_600_000_000, "2025-01-01T00:00:00.000Z"),
            (1_709_164_800_000_000, "2024-02-29T00:00:00.000Z"),
            (1_709_251_200_000_000, "2024-03-01T00:00:00.000Z"),
            (951_782_400_000_000, "2000-02-29T00:00:00.000Z"),
            (4_107_542_399_000_000, "2100-02-28T23:59:59.000Z"),
            (4_107_542_400_000_000, "2100-03-01T00:00:00.000Z"),
            (-2_203_891_200_000_000, "1900-03-01T00:00:00.000Z"),
            (-62_135_596_800_000_000, "0001-01-01T00:00:00.000Z"),
            (253_402_300_799_999_999, "9999-12-31T23:59:59.999Z"),
        ] as [(Int64, String)])
    func iso8601(microseconds: Int64, text: String) {
        #expect(Timestamp(microseconds: microseconds).iso8601 == text)
    }

    @Test(
        "an instant is read as RFC 3339 writes it, in any zone, to the microsecond",
        arguments: [
            ("1970-01-01T00:00:00Z", 0),
            ("1970-01-01t00:00:00.5z", 500_000),
            ("1970-01-01T00:00:00.123456789Z", 123_456),
            ("1970-01-01T01:00:00+01:00", 0),
            ("1969-12-31T18:29:59-05:30", -1_000_000),
            ("2024-02-29T00:00:00Z", 1_709_164_800_000_000),
            ("2026-11-21T10:00:03.120Z", 1_795_255_203_120_000),
            ("0000-01-01T00:00:00Z", -62_167_219_200_000_000),
            ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
        ] as [(String, Int64)])
    func reading(text: String, microseconds: Int64) {
        #expect(Timestamp(iso8601: text)?.microseconds == microseconds)
    }

    @Test(
        "anything else is no instant",
        arguments: [
            "", "now", "0", "1795255203", "2026-11-21", "2026-11-21T10:00:03", "2026-11-21T10:00Z",
            "2026-11-21 10:00:03Z", "2026-11-21T10:00:03 01:00", "2026-11-21T10:00:03+0100",
            "2026-11-21T10:00:03.Z", "2026-11-21T10:00:03ZZ", "2026-02-29T00:00:00Z", "2026-02-31T00:00:00Z",
            "2026-04-31T00:00:00Z", "2026-00-01T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-00T00:00:00Z",
            "2026-01-32T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z",
            "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+00:60", "+026-01-01T00:00:00Z",
            "2026-1-01T00:00:00Z", "٢٠٢٦-01-01T00:00:00Z",
            "2026-11-21T10:00:03." + String(repeating: "0", count: 100) + "Z",
        ])
    func refusing(text: String) {
        #expect(Timestamp(iso8601: text) == nil)
    }

    @Test("what is written is read back, cut to milliseconds")
    func readingBack() {
        var generator = SeededGenerator(seed: 9)
        for _ in 0..<5_000 {
            let at = Timestamp(
                microseconds: .random(in: -62_167_219_200_000...253_402_300_799_999, using: &generator)
                    * 1_000)
            #expect(Timestamp(iso8601: at.iso8601) == at)
        }
    }

    @Test("every day from 1890 to 2130 follows the day before it in the calendar")
    func calendarDays() {
        var (year, month, day) = (1890, 1, 1)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        var at = Timestamp(microseconds: -29_219 * 86_400_000_000)
        while year < 2130 {
            let midnight = "\(year)-\(two(month))-\(two(day))T00:00:00.000Z"
            // The macro is too slow for ninety thousand days.
            guard at.iso8601 == midnight else {
                Issue.record("\(at.iso8601) should be \(midnight)")
                return
            }
            let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
            let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            day += 1
            if day > days[month - 1] { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
            at = at + .seconds(86_400)
        }
    }

    @Test("instants written down sort as they follow each other")
    func sorted() {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<2_000 {
            let at = Timestamp(microseconds: .random(in: 0...200_000_000_000_000_000, using: &generator))
            let after = at + .milliseconds(Int.random(in: 1...1_000_000_000, using: &generator))
            #expect(at < after)
            #expect(at.iso8601 < after.iso8601)
        }
    }

    @Test("what is added can be taken away again, and is what lies between")
    func arithmetic() {
        let at = Timestamp.second(5)
        #expect(at + .milliseconds(1_500) == .second(6.5))
        #expect(at - .milliseconds(1_500) == .second(3.5))
        #expect(Timestamp.second(6.5) - at == .milliseconds(1_500))
        #expect(at - Timestamp.second(6.5) == .milliseconds(-1_500))
    }

    @Test(
        "a duration has whole microseconds, rounded towards zero, and milliseconds with their fraction",
        arguments: [
            (.zero, 0, 0), (.microseconds(1), 1, 0.001), (.nanoseconds(1_999), 1, 0.001),
            (.nanoseconds(-1_999), -1, -0.001), (.milliseconds(-1_500), -1_500_000, -1_500),
            (.microseconds(410), 410, 0.41), (.seconds(86_400), 86_400_000_000, 86_400_000),
        ] as [(Duration, Int64, Double)])
    func durations(duration: Duration, microseconds: Int64, milliseconds: Double) {
        #expect(duration.microseconds == microseconds)
        #expect(duration.milliseconds == milliseconds)
    }
}
