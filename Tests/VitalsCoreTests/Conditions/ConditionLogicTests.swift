import Testing

@testable import VitalsCore

@Suite("and, or, not")
struct ConditionLogicTests {
    /// `t` holds, `f` fails, `e` is an error.
    private static let parts: [Character: String] = [
        "t": "[STATUS] == 200", "f": "[STATUS] == 500", "e": "[BODY].x == 1",
    ]

    @Test(
        "an error stays one unless the other side decides, and is never made good by `not`",
        arguments: [
            ("t and t", "t"), ("t and f", "f"), ("f and t", "f"), ("f and f", "f"), ("t and e", "e"),
            ("e and t", "e"),
            ("f and e", "f"), ("e and f", "f"), ("e and e", "e"), ("t or t", "t"), ("t or f", "t"),
            ("f or t", "t"),
            ("f or f", "f"), ("t or e", "t"), ("e or t", "t"), ("f or e", "e"), ("e or f", "e"),
            ("e or e", "e"),
            ("not t", "f"), ("not f", "t"), ("not e", "e"), ("not not t", "t"), ("not (t and f)", "t"),
            ("not (f or e)", "e"), ("t or t and f", "t"), ("(t or t) and f", "f"), ("f and f or t", "t"),
            ("f and (f or t)", "f"), ("not f and t", "t"), ("not (f and t)", "t"), ("not t or t", "t"),
            ("not (t or t)", "f"), ("((t))", "t"), ("( t )", "t"), ("t and (not f) and (t or e)", "t"),
            ("e or e or t", "t"), ("t and e and f", "f"), ("not(t)", "f"), ("(t)and(t)", "t"),
            ("(f)or(t)", "t"),
        ])
    func table(form: String, expected: String) throws {
        let result = try Condition(parsing: Self.spelled(form)).evaluate(
            on: Observation(status: 200, body: Array("{}".utf8)))
        #expect(String(result.verdict.name.prefix(1)) == ["t": "h", "f": "f", "e": "e"][expected])
    }

    /// With a condition in place of each letter that stands alone.
    private static func spelled(_ form: String) -> String {
        let characters = Array(" \(form) ")
        return characters.indices.dropFirst().dropLast().map { index in
            let isAlone = !characters[index - 1].isLetter && !characters[index + 1].isLetter
            return isAlone
                ? parts[characters[index], default: String(characters[index])] : String(characters[index])
        }.joined()
    }

    @Test(
        "stand between conditions, not inside their texts",
        arguments: [
            ConditionCase(#"[BODY] == "black and white""#, .body("black and white"), .holds),
            ConditionCase("[BODY] == android or [BODY] == orange", .body("orange"), .holds),
            ConditionCase("[BODY] == John  Doe and [CONNECTED]", .body("John  Doe"), .holds),
            ConditionCase("([BODY] == f(x))", .body("f(x)"), .holds),
            ConditionCase("([BODY] == pat(a*) or [BODY] == pat((b)*))", .body("(b)c"), .holds),
            ConditionCase("  [STATUS]   ==\t200\n", .status(200), .holds),
            ConditionCase("([BODY] == any(a, (b)) and [CONNECTED])", .body("(b)"), .holds),
            ConditionCase("[BODY] == a)", .body("a)"), .holds),
            ConditionCase(#"[BODY] == "a" b"#, .body(#""a" b"#), .holds),
            ConditionCase(
                "[CONNECTED] and has([BODY]) and not [STATUS] == 1", Observation(status: 2, body: [1]), .holds
            ),
            ConditionCase("[BODY] == AND OR", .body("AND OR"), .holds),
        ])
    func ofWords(example: ConditionCase) throws {
        try example.check()
    }

    @Test("what was seen stands beside what asked for it, and long values are cut")
    func seen() throws {
        let observation = Observation(
            status: 500, body: Array(#"{"a":"x\ny","l":[1]}"#.utf8), latency: .microseconds(612_500))
        for (text, expected) in [
            ("[STATUS] == 200", "[STATUS] (500) == 200"), ("200  ==  [status]", "200 == [status] (500)"),
            ("[BODY].a == x", "[BODY].a (x y) == x"), ("[BODY].q == x", "[BODY].q (missing) == x"),
            ("[RESPONSE_TIME] < 500", "[RESPONSE_TIME] (612.5ms) < 500"),
            ("len([BODY].l) > 3", "len([BODY].l) (1) > 3"), ("has([BODY].q)", "has([BODY].q) (false)"),
            ("[IP] == any([STATUS], x)", "[IP] (missing) == any([STATUS] (500), x)"),
            ("not [CONNECTED]", "not [CONNECTED] (true)"),
            (
                "[STATUS] == 1 and (has([IP]) or not ([STATUS] == 3 and [CONNECTED]))",
                "[STATUS] (500) == 1 and (has([IP]) (false) "
                    + "or not ([STATUS] (500) == 3 and [CONNECTED] (true)))"
            ),
            (#"[BODY].a == "x y""#, #"[BODY].a (x y) == "x y""#),
            ("[BODY] == pat(*q)", #"[BODY] ({"a":"x\ny","l":[1]}) == pat(*q)"#),
            ("[BODY] == matches(^q)", #"[BODY] ({"a":"x\ny","l":[1]}) == matches(^q)"#),
        ] {
            #expect(try Condition(parsing: text).evaluate(on: observation).seen == expected)
        }
        let long = String(repeating: "é", count: 200)
        let cut = try Condition(parsing: "[BODY] == x").evaluate(on: .body(long))
        #expect(cut.seen == "[BODY] (\(String(repeating: "é", count: 128))…) == x")
        let hidden = try Condition(parsing: "[BODY] == x").evaluate(on: .body("a\u{1B}[0m\u{202E}\u{2028}b"))
        #expect(hidden.seen == "[BODY] (a\u{FFFD}[0m\u{FFFD} b) == x")
        #expect(
            try Condition(parsing: "[BODY].x > 1").evaluate(on: .body("<")).message
                == "[BODY].x (unknown) > 1: the body is not JSON: line 1, column 1: "
                + "found `<`, expected a value"
        )
    }

    @Test("an explanation shows each part after those that it is made of")
    func explanation() throws {
        let condition = try Condition(parsing: "[STATUS] == 200 and not ([BODY].a > 3 or has([BODY].b))")
        let explanation = condition.explain(on: Observation(status: 200, body: Array(#"{"b":1}"#.utf8)))
        let steps = explanation.steps.map { "\($0.depth) \($0.part): \($0.finding)" }
        #expect(
            steps == [
                "2 [STATUS]: 200", "1 [STATUS] (200) == 200: holds",
                "4 [BODY].a: missing: there is no `a`", "3 [BODY].a (missing) > 3: error: there is no `a`",
                "4 has([BODY].b): true", "3 has([BODY].b) (true): holds",
                "2 [BODY].a (missing) > 3 or has([BODY].b) (true): holds",
                "1 not ([BODY].a (missing) > 3 or has([BODY].b) (true)): fails",
                "0 [STATUS] (200) == 200 and not ([BODY].a (missing) > 3 or has([BODY].b) (true)): fails",
            ])
        #expect(explanation.verdict == .fails)
        #expect(explanation.condition == condition.text)
    }
}
