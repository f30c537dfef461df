import Foundation
import Testing

@testable import VitalsCore

@Suite("A file of the time zone database")
struct TimeZoneFileTests {
    private static func bytes(_ name: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/\(name)")))
    }

    @Test(
        "says what others say of the place",
        arguments: [
            "Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Kathmandu", "America/Sao_Paulo",
            "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "Europe/Dublin", "Asia/Tokyo",
        ])
    func offsets(_ name: String) throws {
        let file = try TimeZoneFile(parsing: Self.bytes(name))
        let zone = try #require(TimeZone(identifier: name))
        // From 1950, every five days and some hours, until 2020: after that one of them may know more.
        for instant in stride(from: Int64(-631_152_000), to: 1_577_836_800, by: 443_217) {
            let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant)))
            #expect(file.offset(at: instant) == Int64(offset), "\(name) at \(instant)")
        }
    }

    @Test(
        "goes on by its rule for ever",
        arguments: ["Europe/Berlin", "America/New_York", "Australia/Sydney"])
    func future(_ name: String) throws {
        let file = try TimeZoneFile(parsing: Self.bytes(name))
        let zone = try #require(TimeZone(identifier: name))
        for instant in stride(from: Int64(1_798_761_600), to: 3_500_000_000, by: 997_321) {
            let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant)))
            #expect(file.offset(at: instant) == Int64(offset), "\(name) at \(instant)")
        }
    }

    @Test("that is cut off anywhere, or is none, is refused")
    func damaged() throws {
        let whole = try Self.bytes("Europe/Berlin")
        for count in 0..<whole.count - 1 {
            #expect(throws: TimeZoneError.self) { try TimeZoneFile(parsing: Array(whole.prefix(count))) }
        }
        #expect(throws: TimeZoneError("it counts leap seconds")) {
            try TimeZoneFile(parsing: Self.withLeapSecond(whole))
        }
        #expect(throws: TimeZoneError("it does not begin as one")) {
            try TimeZoneFile(parsing: Array("no time zone".utf8))
        }
        #expect(throws: TimeZoneError("it is too large")) {
            try TimeZoneFile(parsing: [UInt8](repeating: 0, count: 1 << 20))
        }
    }

    /// The same, whose second header says that there is one.
    private static func withLeapSecond(_ file: [UInt8]) throws -> [UInt8] {
        var file = file
        let magic = Array("TZif".utf8)
        let header = try #require(
            (44..<file.count - 44).first { Array(file[$0..<$0 + 4]) == magic })
        file[header + 31] = 1
        return file
    }

    @Test(
        "ends with a rule",
        arguments: [
            // 2026-01-15 and 2026-07-15, noon UTC.
            ("UTC0", 0, 0), ("CET-1CEST,M3.5.0,M10.5.0/3", 3_600, 7_200),
            ("AEST-10AEDT,M10.1.0,M4.1.0/3", 39_600, 36_000), ("<+0545>-5:45", 20_700, 20_700),
            ("IST-1GMT0,M10.5.0,M3.5.0/1", 0, 3_600), ("XXX3EDT4,0/0,J365/23", -14_400, -14_400),
            ("EET-2EEST,M3.4.4/50,M10.4.4/50", 7_200, 10_800), ("AAA-1BBB,J60/0,J300/0", 3_600, 7_200),
        ])
    func rules(_ text: String, _ winter: Int64, _ summer: Int64) throws {
        let rule = try PosixTimeZone(text)
        #expect(rule.offset(at: 1_768_478_400) == winter)
        #expect(rule.offset(at: 1_784_116_800) == summer)
    }

    @Test(
        "whose rule makes no sense is refused",
        arguments: [
            "", "C-1", "CET", "CET-25", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
            "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J1", "CET-1CEST,366,1",
            "CET-1CEST,M3.5.0,M10.5.0/168", "CET-1CEST,M3.5.0,M10.5.0/3,", "<CET-1", "CET-1:60",
        ])
    func badRules(_ text: String) {
        #expect(throws: TimeZoneError.self) { try PosixTimeZone(text) }
    }

    @Test("a cron expression goes by it when clocks are put forward and back")
    func cron() throws {
        let berlin = TimeZoneRules("Europe/Berlin", try TimeZoneFile(parsing: Self.bytes("Europe/Berlin")))
        let expression = try CronExpression("30 2 * * *", in: berlin)
        func next(_ text: String) throws -> String {
            let instant = try #require(Timestamp(iso8601: text))
            return try #require(expression.next(after: instant)).iso8601
        }
        #expect(try next("2027-03-27T12:00:00Z").hasPrefix("2027-03-28T01:00:00"))
        #expect(try next("2027-03-28T12:00:00Z").hasPrefix("2027-03-29T00:30:00"))
        #expect(try next("2027-10-30T12:00:00Z").hasPrefix("2027-10-31T00:30:00"))
        #expect(try next("2027-10-31T00:30:00Z").hasPrefix("2027-11-01T01:30:00"))
    }
}
