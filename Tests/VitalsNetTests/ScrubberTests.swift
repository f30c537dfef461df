import NIOCore
import Testing
import VitalsCore

@testable import VitalsNet

@Suite struct ScrubberTests {
    @Test(arguments: [
        ("p@ss:w0rd/x", "login p@ss:w0rd/x failed", "login ••• failed"),
        ("p@ss:w0rd/x", "login p%40ss%3Aw0rd%2Fx failed", "login ••• failed"),
        ("p@ss:w0rd/x", "login p%40ss%3aw0rd%2fx failed", "login ••• failed"),
        ("pa@w0rd", "could not translate host name \"w0rd@h\"", "could not translate host name \"•••@h\""),
        ("aaa", "aaaa", "•••a"), ("ab", "no secret here", "no secret here"),
        ("", "left as it is", "left as it is"),
        ("pässword", "got pässword", "got •••"), ("100%", "100% and 100%25", "••• and •••"),
    ])
    func aSecretIsHiddenInEveryForm(_ secret: String, _ text: String, _ expected: String) {
        #expect(Scrubber([Secret(secret)]).scrub(text) == expected)
    }

    @Test func theLongerSecretIsHiddenWhole() {
        #expect(Scrubber([Secret("abcd"), Secret("abcdef")]).scrub("abcdef abcd") == "••• •••")
    }

    @Test func listsAndTextsOfFactsAreHiddenToo() {
        let target = ProbeTarget(.host("127.0.0.1", port: 1), secrets: [Secret("s3\ncret")])
        #expect(target.shown(.list(["a\u{1B}[2J", "s3\ncret"])) == .list(["a [2J", "•••"]))
        #expect(target.shown(.text("s3\ncret!")) == .text("•••!"))
        #expect(target.shown(.number(3)) == .number(3))
        #expect(target.shown("xs3\ncret", bytes: 4) == "x…")
    }

    @Test(
        arguments: [
            (0, "0 ms"), (420, "0.4 ms"), (250_000, "250 ms"), (1_000_000, "1 s"), (2_500_000, "2.5 s"),
            (999_990, "1000 ms"),
        ] as [(Int64, String)])
    func durationsAreShort(_ microseconds: Int64, _ text: String) {
        #expect(Duration.microseconds(microseconds).shortText == text)
    }

    @Test func whatOthersSendIsMadePrintable() {
        #expect(Printable.text("a\u{1B}[2Jb\r\nc\u{202E}d é") == "a [2Jb  c d é")
        #expect(Printable.prefix("ääää", bytes: 8) == "ääää")
        #expect(Printable.prefix("äääää", bytes: 8) == "ää…")
    }

    @Test func aPhaseEnteredAgainAddsToWhatItHad() {
        var clock = PhaseClock(startingIn: .connect, at: .uptimeNanoseconds(1_000))
        clock.enter(.greeting, at: .uptimeNanoseconds(2_000))
        clock.enter(.tls, at: .uptimeNanoseconds(3_000))
        clock.enter(.greeting, at: .uptimeNanoseconds(5_000))
        let (latency, phases) = clock.stop(at: .uptimeNanoseconds(6_000))
        #expect(latency == .microseconds(5))
        #expect(
            phases == [
                PhaseTiming(.connect, .microseconds(1)), PhaseTiming(.greeting, .microseconds(2)),
                PhaseTiming(.tls, .microseconds(2)),
            ])
    }
}
