import Testing
import VitalsCore

@Suite("Requests that are sent again")
struct RequestLedgerTests {
    private static let first = RequestFingerprint("POST /a\n{}".utf8)
    private static let other = RequestFingerprint("POST /a\n{ }".utf8)

    private static func at(_ seconds: Int64) -> Timestamp { Timestamp(microseconds: seconds * 1_000_000) }

    private static func said(_ verdict: RequestLedger<String>.Verdict) -> String {
        switch verdict {
        case .isNew: "new"
        case .answered(let answer): answer
        case .inFlight: "in flight"
        case .another: "another"
        }
    }

    private static func ledger() -> RequestLedger<String> {
        RequestLedger(mostAnswers: 3, mostBytes: 100)
    }

    @Test("the first is carried out, the same gets its answer, another does not")
    func story() {
        var ledger = Self.ledger()
        #expect(Self.said(ledger.begin("k", Self.first, at: Self.at(0))) == "new")
        #expect(Self.said(ledger.begin("k", Self.first, at: Self.at(1))) == "in flight")
        #expect(Self.said(ledger.begin("k", Self.other, at: Self.at(1))) == "another")
        ledger.end("k", "made")
        #expect(Self.said(ledger.begin("k", Self.first, at: Self.at(2))) == "made")
        #expect(Self.said(ledger.begin("k", Self.other, at: Self.at(2))) == "another")
        #expect(Self.said(ledger.begin("l", Self.first, at: Self.at(2))) == "new")
    }

    @Test("what did nothing may be sent again, as something else, too")
    func nothing() {
        var ledger = Self.ledger()
        _ = ledger.begin("k", Self.first, at: Self.at(0))
        ledger.end("k", nil)
        #expect(Self.said(ledger.begin("k", Self.other, at: Self.at(1))) == "new")
    }

    @Test("an answer is kept for a day", arguments: [(86_399, "made"), (86_400, "new")] as [(Int64, String)])
    func lifetime(_ seconds: Int64, _ said: String) {
        var ledger = Self.ledger()
        _ = ledger.begin("k", Self.first, at: Self.at(0))
        ledger.end("k", "made")
        #expect(Self.said(ledger.begin("k", Self.first, at: Self.at(seconds))) == said)
    }

    @Test("only so many are kept, the newest")
    func bounded() {
        var ledger = Self.ledger()
        for key in ["a", "b", "c", "d"] {
            _ = ledger.begin(key, Self.first, at: Self.at(0))
            ledger.end(key, key)
        }
        #expect(ledger.count == 3)
        #expect(Self.said(ledger.begin("d", Self.first, at: Self.at(1))) == "d")
        #expect(Self.said(ledger.begin("a", Self.first, at: Self.at(1))) == "new")
    }

    @Test("only so many bytes are kept, and one answer that is larger than all is not")
    func bytes() {
        var ledger = Self.ledger()
        for (key, size) in [("a", 60), ("b", 60), ("c", 101)] {
            _ = ledger.begin(key, Self.first, at: Self.at(0))
            ledger.end(key, key, size: size)
            #expect(ledger.count == (key == "c" ? 0 : 1))
        }
        _ = ledger.begin("d", Self.first, at: Self.at(0))
        ledger.end("d", "d", size: 100)
        #expect(ledger.count == 1)
    }

    @Test(
        "fingerprints differ where requests do",
        arguments: [("", "a"), ("a", "b"), ("ab", "ba"), ("a", "aa"), ("\u{0}", ""), ("\u{0}", "\u{0}\u{0}")])
    func fingerprints(_ left: String, _ right: String) {
        #expect(RequestFingerprint(left.utf8) != RequestFingerprint(right.utf8))
        #expect(RequestFingerprint(left.utf8) == RequestFingerprint(left.utf8))
    }
}
