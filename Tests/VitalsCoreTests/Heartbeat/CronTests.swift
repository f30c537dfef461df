import Testing
import VitalsCore

@Suite("A cron expression")
struct CronTests {
    /// Berlin in 2026: summer time from 29 March, 1:00 UTC, to 25 October, 1:00 UTC.
    private static let berlin = TimeZoneRules("Europe/Berlin") { instant in
        (1_774_746_000..<1_792_890_000).contains(instant) ? 7_200 : 3_600
    }

    private static func instant(_ text: String) -> Timestamp {
        let numbers = text.split { !$0.isNumber }.compactMap { Int64($0) }
        // Days from civil, as Howard Hinnant has it.
        let year = numbers[1] <= 2 ? numbers[0] - 1 : numbers[0]
        let month = (numbers[1] + 9) % 12
        let dayOfYear = (153 * month + 2) / 5 + numbers[2] - 1
        let days = year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
        return Timestamp(microseconds: (days * 86_400 + numbers[3] * 3_600 + numbers[4] * 60) * 1_000_000)
    }

    @Test(
        "comes next when it should",
        arguments: [
            ("* * * * *", "2026-11-21 10:00", "2026-11-21 10:01"),
            ("*/15 * * * *", "2026-11-21 10:46", "2026-11-21 11:00"),
            ("5/20 * * * *", "2026-11-21 10:26", "2026-11-21 10:45"),
            ("0 3 * * *", "2026-11-21 03:00", "2026-11-22 03:00"),
            ("30 2,14 * * *", "2026-11-21 10:00", "2026-11-21 14:30"),
            ("0 9-17/4 * * mon-fri", "2026-11-20 17:00", "2026-11-23 09:00"),
            ("0 0 * * 7", "2026-11-21 10:00", "2026-11-22 00:00"),
            ("0 0 * * Sat-Sun", "2026-11-21 10:00", "2026-11-22 00:00"),
            ("0 0 * * 5-7", "2026-11-21 10:00", "2026-11-22 00:00"),
            ("0 0 29 feb *", "2026-11-21 10:00", "2028-02-29 00:00"),
            ("0 0 29 2 *", "2096-02-29 00:00", "2104-02-29 00:00"),
            ("0 0 13 * fri", "2026-11-14 00:00", "2026-11-20 00:00"),
            ("0 0 13 * */2", "2026-11-14 00:00", "2026-12-13 00:00"),
            ("0 0 31 * *", "2026-11-21 10:00", "2026-12-31 00:00"),
            ("0 0 1 jan *", "2026-01-01 00:00", "2027-01-01 00:00"),
            ("@hourly", "2026-11-21 10:00", "2026-11-21 11:00"),
            ("@Daily", "2026-11-21 10:00", "2026-11-22 00:00"),
            ("@weekly", "2026-11-21 10:00", "2026-11-22 00:00"),
            ("@monthly", "2026-11-21 10:00", "2026-12-01 00:00"),
            ("@yearly", "2026-11-21 10:00", "2027-01-01 00:00"),
            ("59 23 31 12 *", "1969-06-01 00:00", "1969-12-31 23:59"),
        ])
    func next(text: String, after: String, expected: String) throws {
        let expression = try CronExpression(text, in: .utc)
        #expect(expression.next(after: Self.instant(after))?.iso8601 == Self.instant(expected).iso8601)
    }

    @Test(
        "keeps the time of its place when clocks are changed",
        arguments: [
            // Skipped, so it runs when clocks are put forward, and at its own time the day after.
            ("30 2 * * *", "2026-03-29 00:00", "2026-03-29 01:00"),
            ("30 2 * * *", "2026-03-29 01:00", "2026-03-30 00:30"),
            ("0 3 * * *", "2026-03-28 12:00", "2026-03-29 01:00"),
            ("0 2-3 * * *", "2026-03-29 00:59", "2026-03-29 01:00"),
            ("0 2-3 * * *", "2026-03-29 01:00", "2026-03-30 00:00"),
            // Shown twice, so it runs the first time only.
            ("30 2 * * *", "2026-10-24 12:00", "2026-10-25 00:30"),
            ("30 2 * * *", "2026-10-25 00:30", "2026-10-26 01:30"),
            ("0 12 * * *", "2026-07-01 12:00", "2026-07-02 10:00"),
            ("0 12 * * *", "2026-12-01 12:00", "2026-12-02 11:00"),
        ])
    func zones(text: String, after: String, expected: String) throws {
        let expression = try CronExpression(text, in: Self.berlin)
        #expect(expression.next(after: Self.instant(after))?.iso8601 == Self.instant(expected).iso8601)
    }

    @Test("always comes later, and never twice at one time")
    func walk() throws {
        for text in ["*/7 * * * *", "30 1-3 * * *", "0 0 29 2 *"] {
            let expression = try CronExpression(text, in: Self.berlin)
            var now = Self.instant("2026-03-28 00:00")
            for _ in 0..<600 {
                guard let next = expression.next(after: now) else { break }
                #expect(next > now)
                now = next
            }
        }
    }

    @Test(
        "that is none is refused, with a reason",
        arguments: [
            "", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *", "* * * 13 *",
            "* * * * 8", "a * * * *", "*/0 * * * *", "5-1 * * * *", ", * * * *", "1, * * * *", "1- * * * *",
            "-1 * * * *", "*-5 * * * *", "1/ * * * *", "1-2-3 * * * *", "*/2/2 * * * *",
            "99999999999 * * * *",
            "0 0 30 2 *", "0 0 31 4,6 *", "@reboot", "* * * jun-jan *", "* * L * *", "١ * * * *",
            String(repeating: "*", count: 300),
        ])
    func refused(text: String) {
        let error = #expect(throws: CronError.self) { try CronExpression(text, in: .utc) }
        #expect(error?.message.isEmpty == false)
    }
}
