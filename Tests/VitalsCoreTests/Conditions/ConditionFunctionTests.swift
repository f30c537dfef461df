import Testing

@testable import VitalsCore

@Suite("The functions of conditions")
struct ConditionFunctionTests {
    private static let document = #"{"a":[1,2,3],"o":{"x": 1},"s":"日本語","n":1.50,"t":true,"z":null,"e":[]}"#

    @Test("len and has", arguments: lengths)
    func ofLengths(example: ConditionCase) throws {
        try example.check()
    }

    private static let lengths: [ConditionCase] =
        [
            ("len([BODY].a) == 3", .holds), ("len([BODY].e) == 0", .holds), ("len([BODY].s) == 3", .holds),
            ("len([BODY].o) == 7", .holds), ("len([BODY].n) == 4", .holds), ("len([BODY].t) == 4", .holds),
            ("len([BODY].z) == 4", .holds), ("len([BODY].a) >= len([BODY].s)", .holds),
            ("5 > len([BODY].a)", .holds), ("len( [BODY].a ) == any(2, 3)", .holds),
            ("len([BODY].q) == 0", .error("there is no `q`")), ("len([BODY].a) == pat(3)", .holds),
            ("has([BODY].z)", .holds), ("has([BODY].a[2])", .holds), ("has([BODY].a[3])", .fails),
            ("has([BODY].a.b)", .fails), ("has([BODY].q) != true", .holds),
            ("false == has([BODY].q)", .holds),
            ("not has([BODY].q)", .holds), ("has([BODY].q) == any(true, false)", .holds),
        ].map { ConditionCase($0, .body(document), $1) }
        + [
            ConditionCase("len([BODY]) == 2", .body("[1, 2]"), .holds),
            ConditionCase("len([BODY]) == 7", .body(#"{"a": 1}"#), .holds),
            ConditionCase("len([BODY]) == 3", .body(#""abc""#), .holds),
            ConditionCase("len([BODY]) == 8", .body(" not JSON\n"), .holds),
            ConditionCase("len([HEADER].x) == 2", .headers(("X", "ab")), .holds),
            ConditionCase("len([IP]) == 9", .address("127.0.0.1"), .holds),
            ConditionCase("[BODY][1].id == 7", .body(#"[{"id":1},{"id":7}]"#), .holds),
            ConditionCase("[BODY].[1].id == 7", .body(#"[{"id":1},{"id":7}]"#), .holds),
        ]

    @Test("pat", arguments: globs)
    func ofGlobs(example: ConditionCase) throws {
        try example.check()
    }

    private static let globs: [ConditionCase] =
        [
            ("pat(*)", "", true), ("pat(*)", "a\nb", true), ("pat()", "", true), ("pat()", "a", false),
            ("pat(abc)", "abc", true), ("pat(abc)", "abcd", false), ("pat(a*c)", "abbbc", true),
            ("pat(a*c)", "ac", true),
            ("pat(a*c)", "acd", false), ("pat(ab*ba)", "aba", false), ("pat(*a*b*)", "xxaxxbxx", true),
            ("pat(*a*b*)", "xxbxxaxx", false), ("pat(a**b)", "ab", true), ("pat(*aab*)", "aaaab", true),
            ("pat(*abab*ab)", "abacababab", true), (#"pat(a\*b)"#, "a*b", true),
            (#"pat(a\*b)"#, "axb", false),
            (#"pat(a\\*)"#, #"a\b"#, true), (#"pat(C:\x*)"#, #"C:\xy"#, true), ("pat(é*)", "éa", true),
            ("pat(a?)", "ab", false),
            ("pat([a])", "[a]", true), ("pat(*(c) 2024*)", "x (c) 2024 y", true),
            ("pat(*:)*)", "a :) b", true),
            ("pat(*:(*)", "a :( b", true), (#"pat("*:) x*")"#, "a :) x b", true), ("pat(* b*)", "a bc", true),
            ("pat( a*)", "a", false),
        ].map { ConditionCase("[HEADER].x == \($0.0)", .headers(("x", $0.1)), $0.2 ? .holds : .fails) } + [
            ConditionCase("pat(a*) == [BODY]", .body("abc"), .holds),
            ConditionCase("[BODY] != pat(a*)", .body("b"), .holds),
            ConditionCase("[BODY].a == pat([1,*)", .body(document), .holds),
            ConditionCase("[BODY].o == pat(*\"x\":1*)", .body(document), .holds),
            ConditionCase("[BODY].n == pat(1.50)", .body(document), .holds),
            ConditionCase("[BODY].t == pat(tr*)", .body(document), .holds),
            ConditionCase("[BODY].z == pat(n*)", .body(document), .holds),
            ConditionCase("[BODY].q == pat(*)", .body(document), .error("there is no `q`")),
        ]

    @Test("a long text with a hostile pattern takes no long time")
    func linear() throws {
        let text = String(repeating: "a", count: 200_000)
        let pattern = String(repeating: "*aaaaaaaab", count: 100)
        try ConditionCase("[BODY] == pat(\(pattern))", .body(text), .fails).check()
    }

    @Test("matches", arguments: patterns)
    func ofPatterns(example: ConditionCase) throws {
        try example.check()
    }

    private static let patterns: [ConditionCase] = [
        ConditionCase("[BODY].s == matches(^日.語$)", .body(document), .holds),
        ConditionCase("[BODY].n == matches(^1)", .body(document), .holds),
        ConditionCase("[STATUS] == matches(^2..$)", .status(204), .holds),
        ConditionCase("[STATUS] != matches(^5)", .status(204), .holds),
        ConditionCase("matches(b+) == [BODY]", .body("abbc"), .holds),
        ConditionCase("[BODY] == matches((?i)HELLO|bye)", .body("say hello"), .holds),
        ConditionCase(#"[BODY] == matches(\(\d+\))"#, .body("f(12)"), .holds),
        ConditionCase(#"[BODY] == matches("[)] and (\"x\")")"#, .body(#") and "x""#), .holds),
        ConditionCase(
            "[BODY] == matches(a b) and [STATUS] == 1", Observation(status: 1, body: Array("a b".utf8)),
            .holds),
        ConditionCase("[BODY] == matches(^(a|b)+$) or [CONNECTED]", .body("abba"), .holds),
        ConditionCase(
            "[BODY] == matches((a?){900}b)", .body(String(repeating: "a", count: 20_000)),
            .error("too many steps")),
    ]

    @Test("any", arguments: choices)
    func ofChoices(example: ConditionCase) throws {
        try example.check()
    }

    private static let choices: [ConditionCase] = [
        ConditionCase("[STATUS] == any(200,201)", .status(201), .holds),
        ConditionCase("[STATUS] != any(200, 201)", .status(201), .fails),
        ConditionCase("[STATUS] != any(200, 201)", .status(500), .holds),
        ConditionCase("any(200, 201) == [STATUS]", .status(200), .holds),
        ConditionCase("[STATUS] == any(200)", .status(200), .holds),
        ConditionCase("[STATUS] == any(pat(2*), 404)", .status(204), .holds),
        ConditionCase("[STATUS] == any(0xC8, 404)", .status(200), .holds),
        ConditionCase("[BODY] == any(matches(^a+$), pat(b*), c d)", .body("c d"), .holds),
        ConditionCase("[BODY] == any(matches(^(a,b)+$), x)", .body("a,ba,b"), .holds),
        ConditionCase(#"[BODY] == any("a, b", "c)")"#, .body("c)"), .holds),
        ConditionCase(#"[BODY] == any("a, b", "c)")"#, .body("b"), .fails),
        ConditionCase(#"[BODY] == any(a"b, c)"#, .body(#"a"b"#), .holds),
        ConditionCase("[BODY].a[0] == any([BODY].a[1], [BODY].a[0])", .body(document), .holds),
        ConditionCase("[BODY].a[0] == any([BODY].q, 1)", .body(document), .holds),
        ConditionCase("[BODY].a[0] == any([BODY].q, 2)", .body(document), .error("there is no `q`")),
        ConditionCase("any([BODY].a[0], x) == x", .body(document), .holds),
        ConditionCase("[BODY] == any(f(x), and, a == b)", .body("a == b"), .holds),
        ConditionCase("[BODY] == any(f(x), and, a == b)", .body("and"), .holds),
    ]
}
