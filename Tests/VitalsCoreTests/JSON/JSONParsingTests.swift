import Testing

@testable import VitalsCore

@Suite("Reading JSON")
struct JSONParsingTests {
    @Test(
        "a text becomes its value",
        arguments: [
            ("1", .integer(1)), ("-0", .decimal("-0")), (" \t\r\n[ ] ", []), ("{ }", [:]), ("null", nil),
            (#"{"a":[true,false,{"b":"c"}],"d":{}}"#, ["a": [true, false, ["b": "c"]], "d": [:]]),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", .decimal("9223372036854775808")), ("1.50", .decimal("1.50")),
            ("1E+2", .decimal("1E+2")), ("0.1e-7", .decimal("0.1e-7")), ("0", .integer(0)),
            (#""""#, ""), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""é数🙂""#, "é数🙂"),
            (#""\u00e9\uD83d\uDE42""#, "é🙂"), (#""\ud83dx""#, "\u{FFFD}x"), (#""\ude42""#, "\u{FFFD}"),
            (#""\ud83d\u0041""#, "\u{FFFD}A"), (#""\ud83d\n""#, "\u{FFFD}\n"), ("\u{FEFF}[1]", [1]),
        ] as [(String, JSON)])
    func value(text: String, expected: JSON) throws {
        #expect(try JSON(parsing: Array(text.utf8)) == expected)
    }

    @Test(
        "what is no JSON is told with its place, what stands there and what was meant",
        arguments: [
            ("", "line 1, column 1: found the end, expected a value"),
            ("nul", "line 1, column 4: found the end, expected `null`"),
            ("trUe", "line 1, column 3: found `U`, expected `true`"),
            ("falsy", "line 1, column 5: found `y`, expected `false`"),
            ("[1,]", "line 1, column 4: found `]`, expected a value"),
            ("[1 2]", "line 1, column 4: found `2`, expected `,` or `]`"),
            ("{\n \"é\" 1}", "line 2, column 6: found `1`, expected `:`"),
            ("{\"a\":1,}", "line 1, column 8: found `}`, expected a name in quotes"),
            ("{1:1}", "line 1, column 2: found `1`, expected a name in quotes"),
            ("{\"a\":1]", "line 1, column 7: found `]`, expected `,` or `}`"),
            ("01", "line 1, column 2: found `1`, expected nothing more"),
            ("1.", "line 1, column 3: found the end, expected a digit"),
            ("-", "line 1, column 2: found the end, expected a digit"),
            ("1e+", "line 1, column 4: found the end, expected a digit"),
            ("+1", "line 1, column 1: found `+`, expected a value"),
            ("\"\n\"", "line 1, column 2: found the byte 0x0a, expected `\\n`, `\\u00..` or another escape"),
            (
                "\"\\n\n\"",
                "line 1, column 4: found the byte 0x0a, expected `\\n`, `\\u00..` or another escape"
            ),
            ("\"\\q\"", "line 1, column 3: found `q`, expected one of `\"\\/bfnrtu` after a backslash"),
            ("\"\\", "line 1, column 3: found the end, expected an escape"),
            ("\"\\u12g4\"", "line 1, column 6: found `g`, expected four hexadecimal digits"),
            ("\"a", "line 1, column 3: found the end, expected the end of a string"),
            ("\"\\t", "line 1, column 4: found the end, expected the end of a string"),
            ("[", "line 1, column 2: found the end, expected a value"),
            ("<html>", "line 1, column 1: found `<`, expected a value"),
        ])
    func error(text: String, expected: String) {
        let error = #expect(throws: JSONError.self) { try JSON(parsing: Array(text.utf8)) }
        #expect(error?.message == expected)
        #expect((0...text.utf8.count).contains(error?.offset ?? -1))
    }

    @Test("a string that is not UTF-8 is refused, with or without escapes", arguments: ["", "\\n"])
    func utf8(escape: String) {
        let bytes = Array("[1,\"\(escape)".utf8) + [0xFF] + Array("\"]".utf8)
        let error = #expect(throws: JSONError.self) { try JSON(parsing: bytes) }
        #expect(error?.message == "line 1, column 5: found a string that is not UTF-8, expected UTF-8")
    }

    @Test("the last of several members of one name wins, in the place of the first; or they are refused")
    func repeated() throws {
        let text = Array(#"{"a":1,"b":2,"a":3,"é":4,"e\#u{301}":5}"#.utf8)
        #expect(
            try JSON(parsing: text)
                == .object([
                    JSON.Member(name: "a", value: 3), JSON.Member(name: "b", value: 2),
                    JSON.Member(name: "é", value: 4), JSON.Member(name: "e\u{301}", value: 5),
                ]))
        let error = #expect(throws: JSONError.self) { try JSON(parsing: text, .strict) }
        #expect(
            error?.message == "line 1, column 14: found a name for the second time, expected each name once")
        let half = #expect(throws: JSONError.self) {
            try JSON(parsing: Array(#""a\ud83d""#.utf8), .strict)
        }
        #expect(
            half?.message
                == "line 1, column 3: found half of a surrogate pair, expected both of its halves")
    }

    @Test("128 arrays stand inside each other, and no more; a million openings are refused at once")
    func nesting() throws {
        let deepest = String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
        #expect(try JSON(parsing: Array(deepest.utf8)).text == deepest)
        for opening in ["[", "{\"a\":"] {
            let error = #expect(throws: JSONError.self) {
                try JSON(parsing: Array(String(repeating: opening, count: 1_000_000).utf8))
            }
            #expect(error?.offset == 128 * opening.utf8.count)
        }
    }

    @Test("a number shows as it was read")
    func numbers() throws {
        let text = #"[1.50,12345678901234567890,-0,1E5]"#
        #expect(try JSON(parsing: Array(text.utf8)).text == text)
    }

    @Test("however many members and items there are, the time is in proportion")
    func large() throws {
        let members = (0..<50_000).map { "\"name\($0)\":[\($0)]" }.joined(separator: ",")
        guard case .object(let found) = try JSON(parsing: Array("{\(members)}".utf8)) else {
            Issue.record("no object")
            return
        }
        #expect(found.count == 50_000)
        #expect(found.last == JSON.Member(name: "name49999", value: [49_999]))
    }
}
