import Testing

@testable import VitalsCore

@Suite("Regular expressions")
struct PatternTests {
    @Test(
        "find what comes first",
        arguments: [
            ("", "abc", ""), ("abc", "xxabcxx", "abc"), ("a.c", "abc", "abc"), ("a.c", "a\nc", nil),
            ("(?s)a.c", "a\nc", "a\nc"), ("^a", "ba", nil), ("^a", "ab", "a"), ("a$", "ab", nil),
            ("b$", "ab", "b"), ("(?m)^b", "a\nb", "b"), ("(?m)a$", "a\nb", "a"), ("a$", "a\n", nil),
            (#"\Ab"#, "a\nb", nil), (#"(?m)a\z"#, "a\nb", nil), ("a*", "aaa", "aaa"), ("a*?", "aaa", ""),
            ("a+?", "aaa", "a"), ("a+", "baaa", "aaa"), ("ab?c", "ac", "ac"), ("ab??", "ab", "a"),
            ("a{2}", "aaa", "aa"), ("a{2,}", "aaaa", "aaaa"), ("a{2,3}", "aaaa", "aaa"),
            ("a{2,3}?", "aaaa", "aa"), ("a{0}b", "ab", "b"), ("a{,2}", "a{,2}", "a{,2}"), ("{", "{", "{"),
            ("x{a}", "x{a}", "x{a}"), ("a|ab", "ab", "a"), ("ab|a", "ab", "ab"),
            ("(a|b)+c", "ababc", "ababc"),
            ("|a", "a", ""), ("(?:ab)+", "ababx", "abab"), ("(?<n>a)(?P<m>b)", "ab", "ab"),
            ("[a-c]+", "xabcd", "abc"), ("[^a-c]+", "abxyc", "xy"), ("[]a]+", "]a", "]a"),
            ("[^]a]", "]ab", "b"), ("[a-]+", "-a-", "-a-"), (#"[\d-]+"#, "1-2", "1-2"), (#"[\]]"#, "]", "]"),
            (#"[\x41-\x43]+"#, "ABCD", "ABC"), ("[[:alpha:]_]+", "1ab_2", "ab_"), ("[[:^digit:]]", "1a", "a"),
            (#"\d+"#, "ab123c", "123"), (#"\D+"#, "12ab3", "ab"), (#"\w+"#, "-ab_1-", "ab_1"),
            (#"\W"#, "ab c", " "), (#"\s+"#, "a \t\nb", " \t\n"), (#"\S+"#, "  ab ", "ab"),
            (#"[^\D]+"#, "ab12", "12"), (#"[\D]+"#, "12ab", "ab"),
            (#"\bfoo\b"#, "a foo b", "foo"), (#"\bfoo\b"#, "afoo", nil), (#"\Bo"#, "foo", "o"),
            (#"\.\*\+\?\(\)\[\]\{\}\|\^\$\\"#, #".*+?()[]{}|^$\"#, #".*+?()[]{}|^$\"#),
            (#"\t\n\r\f\v\a\0"#, "\t\n\r\u{C}\u{B}\u{7}\0", "\t\n\r\u{C}\u{B}\u{7}\0"),
            (#"\x{1F642}"#, "a🙂", "🙂"), ("🙂+", "a🙂🙂", "🙂🙂"), (".", "é", "é"), ("[à-ü]", "é", "é"),
            ("^.$", "数", "数"), ("(?i)hello", "HeLLo", "HeLLo"), ("(?i)É", "é", "é"),
            ("(?i)[a-z]+", "AbC", "AbC"),
            ("(?i)[^a]", "A", nil), ("(?i:a)b", "AB", nil), ("(?i:a)b", "Ab", "Ab"), ("a(?i)b|c", "aB", "aB"),
            ("(a(?i)b)c", "aBC", nil), ("(?i)a(?-i)b", "AB", nil), ("(?is)a.b", "A\nB", "A\nB"),
            ("()*a", "a", "a"), ("(a*)*b", "aab", "aab"), ("(a|a)*$", "aaa", "aaa"),
            ("a*a*b", "aaac", nil), ("x*", "", ""), ("^$", "", ""), ("ö", "o", nil), ("(?i)1", "1", "1"),
        ] as [(String, String, String?)])
    func finds(pattern: String, text: String, expected: String?) throws {
        let pattern = try Pattern(parsing: pattern)
        let bytes = Array(text.utf8)
        let found = try pattern.firstMatch(in: bytes)
        #expect(found.map { String(decoding: bytes[$0], as: UTF8.self) } == expected)
        #expect(try pattern.matches(bytes) == (expected != nil))
    }

    @Test(
        "that are none say where and why",
        arguments: [
            ("(a", 1, "`(` without"), ("a)", 2, "`)` without"), ("[a", 2, "`[` without"),
            ("*a", 1, "nothing before"),
            ("a**", 3, "a repetition of"), ("a+{2}", 3, "a repetition of"), (#"a\"#, 2, "nothing after"),
            (#"(a)\1"#, 4, "references"), (#"\p{L}"#, 1, "is not known"), ("(?=a)", 3, "only `(?:`"),
            ("(?<=a)", 4, "only `(?:`"), ("(?<n", 5, "only `(?:`"), ("(?i", 4, "`(?` without"),
            ("[b-a]", 5, "a range"),
            (#"[a-\d]"#, 4, "a range ends"), ("a{3,2}", 2, "`{m,n}`"), ("a{1001}", 2, "`{m,n}`"),
            (#"\xZ"#, 3, "`\\x`"), (#"\x{110000}"#, 3, "`\\x`"), ("[[:nope:]]", 2, "`[[:name:]]`"),
            ("((((a{9}){9}){9}){9}){9}", 1, "too large"), ("(((){1000}){1000}){1000}", 1, "too large"),
            (String(repeating: "(", count: 51), 52, "groups stand"), ("(?i-s-m)", 6, "only `(?:`"),
            (String(repeating: "a", count: 1_001), 1, "at most 1000 characters"),
        ])
    func refused(pattern: String, column: Int, message: String) {
        let error = #expect(throws: PatternError.self) { try Pattern(parsing: pattern) }
        #expect(error?.column == column, "\(error?.message ?? "")")
        #expect(error?.message.contains(message) ?? false, "\(error?.message ?? "")")
    }

    @Test("what is no UTF-8 is one replacement character a byte")
    func garbage() throws {
        let bytes: [UInt8] = [
            0xFF, 0xC3, 0x28, 0xE2, 0x82, 0xF5, 0xC0, 0x80, 0xED, 0xA0, 0x80, 0xE0, 0x80, 0x80,
        ]
        #expect(try Pattern(parsing: #"^[\x{FFFD}(]{14}$"#).firstMatch(in: bytes) == 0..<14)
        #expect(try Pattern(parsing: "x").firstMatch(in: bytes) == nil)
    }

    @Test(
        "are steady where others go back again and again",
        arguments: ["(a+)+$", "(a|aa)+$", "^(a*)*$", "(a|a|a|a)*b", "(.*)(.*)(.*)(.*)x"])
    func steady(pattern: String) throws {
        let text = Array(String(repeating: "a", count: 2_000).utf8) + [UInt8(ascii: "!")]
        #expect(try Pattern(parsing: pattern).matches(text) == false)
    }

    @Test("give up where the text is too long for them, and say so")
    func overrun() throws {
        let pattern = try Pattern(parsing: "(a?){500}b")
        let text = [UInt8](repeating: UInt8(ascii: "a"), count: 100_000)
        let error = #expect(throws: PatternOverrun.self) { try pattern.matches(text) }
        #expect(error?.message == "the pattern takes too many steps on this text")
        #expect(throws: PatternOverrun.self) { try pattern.firstMatch(in: text) }
    }

    @Test("skip what no match can begin with")
    func long() throws {
        let text = [UInt8](repeating: UInt8(ascii: "a"), count: 500_000) + Array("needle".utf8)
        #expect(try Pattern(parsing: "need[l]e$").firstMatch(in: text) == 500_000..<500_006)
    }

    @Test(
        "know whether more text could undo a match",
        arguments: [
            ("a", false), ("^a", false), ("a$", true), (#"a\b"#, true), (#"a\z"#, true), ("(?m)a$", true),
        ])
    func looksAhead(pattern: String, expected: Bool) throws {
        #expect(try Pattern(parsing: pattern).looksAhead == expected)
    }

    @Test("are the same when they are written the same")
    func equality() throws {
        #expect(try Pattern(parsing: "a+") == Pattern(parsing: "a+"))
        #expect(try Pattern(parsing: "a+") != Pattern(parsing: "aa*"))
    }
}
