import Testing

@testable import VitalsCore

@Suite("Numbers that are never rounded")
struct ExactNumberTests {
    @Test(
        "are in their order",
        arguments: [
            ("0", "-0"), ("1", "1.0"), ("1e2", "100"), ("100e-2", "1"), ("0.1", "0.10"), ("-5", "-5.00"),
            ("0.000", "0e7"), ("12345678901234567890123456789012345678901234567890", nil),
        ].map { ($0.0, $0.1 ?? $0.0) })
    func equal(left: String, right: String) throws {
        let left = try #require(ExactNumber(left))
        let right = try #require(ExactNumber(right))
        #expect(left == right)
        #expect(!(left < right) && !(right < left))
    }

    @Test(
        "differ where doubles do not",
        arguments: [
            ("9007199254740992", "9007199254740993"), ("0.1", "0.1000000000000000000000000000001"),
            ("-1", "0"), ("0", "1e-1000000"), ("-2", "-1"), ("9", "10"), ("99.9", "100"), ("1e-3", "0.01"),
            ("-10", "-9.5"), ("18446744073709551615", "18446744073709551616"),
            ("99999999999999999999999999999999999999", "1e38"),
            ("-1e40", "-99999999999999999999999999999999999999"), ("-1e40", "1"),
            ("123456789012345678901234567890123456789.1", "123456789012345678901234567890123456789.2"),
            ("0.99999999999999999999999999999999999999999999", "1"),
        ])
    func ordered(less: String, more: String) throws {
        let less = try #require(ExactNumber(less))
        let more = try #require(ExactNumber(more))
        #expect(less < more)
        #expect(!(more < less))
        #expect(less != more)
    }

    @Test(
        "are nothing else",
        arguments: [
            "", "-", "+1", ".5", "1.", "1e", "1e+", "1 ", " 1", "NaN", "inf", "0x10", "1e1000001",
            "1e-9223372036854775808", "1e99999999999999999999", "1_000", "--1", "1.2.3",
            String(repeating: "1", count: 4_097), String(repeating: "1", count: 10_000),
        ])
    func refused(text: String) {
        #expect(ExactNumber(text) == nil)
    }

    @Test(
        "whole ones may be hexadecimal, octal or binary",
        arguments: [
            ("200", 200), ("-5", -5), ("0", 0), ("0x1F4", 500), ("0XfF", 255), ("0o755", 493), ("0b11", 3),
            ("-0x10", -16),
        ])
    func whole(text: String, expected: Int) {
        #expect(ExactNumber(integer: text) == ExactNumber(expected))
    }

    @Test(
        "and are nothing else",
        arguments: ["", "-", "007", "0x", "0xg", "0x-1", "0x+1", "1.0", "1e2", "0o8", "+1"])
    func notWhole(text: String) {
        #expect(ExactNumber(integer: text) == nil)
    }

    @Test("a duration is milliseconds, to the attosecond")
    func milliseconds() {
        #expect(ExactNumber(milliseconds: .seconds(2)) == ExactNumber(2_000))
        #expect(ExactNumber(milliseconds: .microseconds(412)) == ExactNumber("0.412"))
        #expect(
            ExactNumber(milliseconds: Duration(secondsComponent: 0, attosecondsComponent: 1))
                == ExactNumber("1e-15"))
        #expect(ExactNumber(milliseconds: .seconds(-1)) < ExactNumber(0))
    }
}

@Suite("Written durations")
struct WrittenDurationTests {
    @Test(
        "are read exactly",
        arguments: [
            ("48h", .seconds(172_800)), ("1h30m", .seconds(5_400)), ("1m30s", .seconds(90)),
            ("500ms", .milliseconds(500)), ("1.5s", .milliseconds(1_500)), ("-2m", .seconds(-120)),
            ("3us", .microseconds(3)), ("3µs", .microseconds(3)), ("3\u{3BC}s", .microseconds(3)),
            ("7ns", .nanoseconds(7)), ("14d", .seconds(14 * 86_400)), ("0s", .zero),
            ("1h0.000000001s", .seconds(3_600) + .nanoseconds(1)),
            ("999999999999s", .seconds(999_999_999_999)),
        ] as [(String, Duration)])
    func read(text: String, expected: Duration) {
        #expect(Duration(written: text) == expected)
    }

    @Test(
        "are nothing else",
        arguments: [
            "", "-", "5", "h", "1.s", ".5s", "1..5s", "5 s", "5sec", "5H", "+5s", "1000000000000s",
            "0.0000000001s", "1h-1m", "1.2.3s",
            String(repeating: "1s", count: 40),
        ])
    func refused(text: String) {
        #expect(Duration(written: text) == nil)
    }

    @Test(
        "are shown as people read them",
        arguments: [
            (.zero, "0ms"), (.microseconds(412), "0.412ms"), (.milliseconds(612), "612ms"),
            (.microseconds(612_500), "612.5ms"), (.milliseconds(12_300), "12.3s"), (.seconds(59), "59s"),
            (.seconds(60), "1m"), (.seconds(178_200), "49h30m"), (.seconds(3_601), "1h1s"),
            (.seconds(-3_600), "-1h"), (.milliseconds(-5), "-5ms"), (.nanoseconds(10), "0ms"),
        ] as [(Duration, String)])
    func shown(duration: Duration, expected: String) {
        #expect(duration.written == expected)
    }
}
