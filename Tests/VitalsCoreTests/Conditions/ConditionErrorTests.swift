import Testing

@testable import VitalsCore

@Suite("What is no condition")
struct ConditionErrorTests {
    @Test("is refused with the column, what was found and what was meant", arguments: refusals)
    func refused(text: String, column: Int, message: String) {
        let error = #expect(throws: ConditionError.self) { try Condition(parsing: text) }
        #expect(error?.column == column, "\(error?.message ?? "")")
        #expect(error?.message.contains(message) ?? false, "\(error?.message ?? "")")
    }

    private static let refusals: [(String, Int, String)] = [
        ("", 1, "an empty condition"), (" \n", 3, "an empty condition"),
        ("[STATUS]", 9, "found the end, expected one of == != < <= > >="),
        ("[STATUS] 200", 10, "found `200`, expected one of =="),
        ("[STATUS]==200", 9, "`==` needs a blank before and after it"),
        ("[STATUS] ==200", 10, "`==` needs a blank"), ("[STATUS]== 200", 9, "`==` needs a blank"),
        ("[STATUS] = 200", 10, "`=` is no operator"), ("[STATUS] =~ 2", 10, "`=~` is no operator"),
        ("[STATUS] <> 2", 10, "`<>` is no operator"), ("[STATUS] ==", 10, "`==` needs a blank"),
        ("[STATUS] == ", 13, "found the end, expected a value"),
        ("== 200", 1, "`== 200` is compared with nothing"),
        ("200", 1, "`200` is compared with nothing"), ("200==[STATUS]", 1, "is compared with nothing"),
        ("[STATSU] == 200", 1, "unknown name [STATSU]; did you mean [STATUS]?"),
        ("[Reponse_Time] < 1", 1, "did you mean [RESPONSE_TIME]?"),
        ("[WHATEVER] == 1", 1, "there are [STATUS], [RESPONSE_TIME], [IP]"),
        ("[HEADERS].x == 1", 1, "did you mean [HEADER]?"), ("[1] == 1", 1, "expected a name like [STATUS]"),
        ("[STATUS == 1", 1, "expected a name like [STATUS]"), ("[BODY].x == []", 13, "stands in quotes"),
        ("[STATUS].x == 1", 1, "[STATUS] has no parts"), ("[IP][0] == 1", 1, "[IP] has no parts"),
        ("[HEADER] == 1", 1, "takes one name"), ("[HEADER].a.b == 1", 1, "takes one name"),
        ("[PHASE] < 1", 1, "takes one name"), ("[PHASE].tsl < 1s", 1, "did you mean [PHASE].tls?"),
        ("[PHASE].xyzzy < 1s", 1, "there are resolve, connect, tls"), ("[PHASE][0] < 1", 1, "takes one name"),
        ("[ROWS] == 1", 7, "rows are no value"), ("[ROWS][0] == 1", 10, "rows are no value"),
        ("[ROWS].total == 1", 1, "asked as [ROWS].count or [ROWS][0].column"),
        ("[ROWS][0].a.b == 1", 1, "asked as"), ("[BODY]. == 1", 8, "expected a name after the dot"),
        ("[BODY].a==1", 9, "operators need blanks"), ("[BODY].a[x] == 1", 10, "a number from 0"),
        ("[BODY].a[-1] == 1", 10, "a number from 0"), ("[BODY].a[1 == 1", 9, "`[` without a `]`"),
        ("[BODY].a[9999999999] == 1", 10, "a number from 0"), (#"[BODY]["a == 1"#, 8, "never closed"),
        ("len([BODY] == 1", 12, "expected `)`"), ("len(abc) == 3", 5, "expected what len() asks for"),
        ("len([STATUS]) == 3", 5, "[STATUS] has no length"), ("len([ROWS].count) == 3", 5, "has no length"),
        ("len([ROWS][0]) == 3", 5, "has no length"), ("length([BODY]) == 3", 1, "did you mean `len`?"),
        ("frobnicate([BODY]) == 3", 1, "there are len, has, pat, any and matches"),
        ("[BODY] == pat(a", 11, "`pat(` without a `)`"), ("[BODY] == any(a,)", 17, "expected a value"),
        ("[BODY] == any()", 15, "expected a value"), ("[BODY] == any(any(a))", 15, "stands in no other"),
        (#"[BODY] == any([IP] x)"#, 15, "expected `,` or `)`"),
        ("[BODY] == matches((a)", 19, "character 1: `(` without a `)`"),
        ("[BODY] == matches([)", 19, "character 2: `[` without"),
        ("[STATUS] == ok", 13, "`ok` is not a number, as [STATUS] is"),
        (#"[STATUS] == "200""#, 13, "is not a number, without quotes"),
        ("[STATUS] == 5m", 13, "is not a number"),
        ("[STATUS] < 5m", 12, "is not a number"), ("[STATUS] == any(200, ok)", 22, "`ok` is not a number"),
        ("[RESPONSE_TIME] < fast", 19, "`fast` is no number or duration"),
        ("[RESPONSE_TIME] == fast", 20, "is not a duration, like 500ms"),
        ("[CONNECTED] == yes", 16, "is not true or false"),
        ("[CONNECTED] < 1", 1, "is true or false, so that nothing"),
        ("has([BODY].a) > 1", 1, "is true or false"),
        ("[CONNECTED] == pat(t*)", 16, "is no text"), ("[RESPONSE_TIME] == matches(5)", 20, "is no text"),
        ("[BODY] < pat(a*)", 10, "goes with == and != only"),
        ("any(1, 2) < [BODY]", 1, "goes with == and !="),
        ("[BODY] < abc", 10, "`abc` is no number or duration"), ("1 == 1", 1, "neither side asks"),
        ("any([STATUS], 2) == any(1, 2)", 21, "one side must be a value"),
        ("pat(a*) == abc", 1, "neither side asks"), ("[BODY] == a == b", 13, "a second operator"),
        ("([STATUS] == 1", 1, "`(` without a `)`"), ("[STATUS] == 1) and [CONNECTED]", 13, "is not a number"),
        ("[CONNECTED])", 12, "`)` without a `(`"), ("([CONNECTED] x)", 14, "found `x)`, expected one of =="),
        ("[CONNECTED] and", 16, "expected a value"), ("not", 4, "expected a value"),
        ("()", 2, "expected a value"),
        ("([CONNECTED]) x", 15, "expected `and`, `or` or the end"),
        ("([CONNECTED]) )", 15, "`)` without a `(`"),
        ("([CONNECTED] == true [IP])", 17, "is not true or false"),
        ("([CONNECTED]) == true", 15, "a second operator"),
        (String(repeating: "(", count: 60), 51, "at most 50"),
        (String(repeating: "not ", count: 60), 200, "at most 50"),
        (String(repeating: "x", count: 5_000), 1, "at most 4096 bytes"),
    ]

    @Test("tells what a condition asks for, so that a probe keeps and refuses the right things")
    func needs() throws {
        for (text, needs) in [
            ("[STATUS] == 200", [.status]), ("[BODY].a == [HEADER].b", [.body, .headers]),
            ("len([BODY]) > 1 and not has([ROWS])", [.body, .rows]),
            ("[IP] == any([STATUS], 1)", [.address, .status]),
            ("[PHASE].tls < [RESPONSE_TIME] or [CONNECTED]", [.phases, .latency, .connected]),
            ("[CERTIFICATE_EXPIRATION] > 1h and [DNS_RCODE] == NOERROR", [.certificate, .dnsCode]),
        ] as [(String, ConditionNeeds)] {
            #expect(try Condition(parsing: text).needs == needs)
        }
        let conditions = try Conditions(
            failing: [Condition(parsing: "[STATUS] == 200")], warning: [Condition(parsing: "[BODY] == x")])
        #expect(conditions.needs == [.body, .status])
        #expect(conditions.needs.subtracting(.always).names == ["[STATUS]", "[BODY]"])
        #expect(Conditions().needs == [])
        #expect(Conditions().isEmpty && !conditions.isEmpty)
    }

    @Test("conditions are the same when they are written the same, but for the blanks around them")
    func equality() throws {
        #expect(try Condition(parsing: " [STATUS] == 200 ") == Condition(parsing: "[STATUS] == 200"))
        #expect(try Condition(parsing: "[STATUS] == 200") != Condition(parsing: "[STATUS] == 201"))
    }
}
