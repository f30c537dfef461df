import Testing

@testable import VitalsCore

@Suite("What conditions compare")
struct ConditionValueTests {
    @Test("numbers, exactly", arguments: numbers)
    func ofNumbers(example: ConditionCase) throws {
        try example.check()
    }

    private static let numbers: [ConditionCase] =
        [
            ("1.5", "[BODY].x == 1.5", .holds), ("1.50", "[BODY].x == 1.5", .holds),
            ("15e-1", "[BODY].x == 1.5", .holds), ("1.5", "[BODY].x != 1.50", .fails),
            ("0.1", "[BODY].x < 0.10000000000000000001", .holds),
            ("0.3", "[BODY].x == 0.30000000000000004", .fails),
            ("18446744073709551615", "[BODY].x == 18446744073709551615", .holds),
            ("18446744073709551615", "[BODY].x < 18446744073709551616", .holds),
            ("-5", "[BODY].x < 0", .holds), ("-5", "[BODY].x >= -5", .holds), ("-0", "[BODY].x == 0", .holds),
            ("1e3", "[BODY].x == 1000", .holds), ("500", "[BODY].x == 0x1F4", .holds),
            ("493", "[BODY].x == 0o755", .holds), ("3", "[BODY].x == 0b11", .holds),
            ("255", "[BODY].x > 0xFE", .holds), ("7", "[BODY].x == 007", .holds),
            ("1", "[BODY].x == one", .fails),
            ("1", "[BODY].x != one", .holds), (#""1""#, "[BODY].x == 1", .holds),
            (#""1.0""#, "[BODY].x == 1", .fails), (#""1.10""#, "[BODY].x == 1.1", .fails),
            (#""0x10""#, "[BODY].x == 16", .holds), (#""9""#, "[BODY].x < 10", .holds),
            (#""1.10""#, "[BODY].x > 1.09", .holds), ("1", #"[BODY].x == "1""#, .fails),
            (#""1""#, #"[BODY].x == "1""#, .holds), ("300", "[BODY].x < 5m", .holds),
            (#""5m""#, "[BODY].x > 4m", .holds), (#""90s""#, "[BODY].x == 1m30s", .fails),
            (String(repeating: "9", count: 4_000), "[BODY].x > 1", .holds),
            (String(repeating: "9", count: 5_000), "[BODY].x > 1", .error("too long to be compared")),
            ("1e9999999", "[BODY].x > 1", .error("too long to be compared")),
        ].map { value, text, expected in ConditionCase(text, .body(#"{"x":\#(value)}"#), expected) }

    @Test("durations, exactly", arguments: durations)
    func ofDurations(example: ConditionCase) throws {
        try example.check()
    }

    private static let durations: [ConditionCase] =
        [
            ("[RESPONSE_TIME] < 0.5s", .holds), ("[RESPONSE_TIME] == 412.5ms", .holds),
            ("[RESPONSE_TIME] == 412.5", .holds), ("[RESPONSE_TIME] < 412.5000001", .holds),
            ("[RESPONSE_TIME] >= 412500us", .holds), ("[RESPONSE_TIME] > 412ms", .holds),
            ("[response_time] != 1s", .holds), ("500 > [RESPONSE_TIME]", .holds),
            ("[RESPONSE_TIME] == any(1s, 412.5)", .holds), ("[RESPONSE_TIME] < 0", .fails),
        ].map { ConditionCase($0, .latency(.microseconds(412_500)), $1) }
        + [
            ("[CERTIFICATE_EXPIRATION] > 14d", .holds), ("[CERTIFICATE_EXPIRATION] > 336h0m0.1s", .fails),
            ("[CERTIFICATE_EXPIRATION] > 0", .holds), ("has([CERTIFICATE_EXPIRATION])", .holds),
        ].map { ConditionCase($0, .certificate(.seconds(14 * 86_400) + .milliseconds(50)), $1) }
        + [
            ("[PHASE].tls < 20ms", .holds), ("[PHASE].TLS == 15ms", .holds),
            ("[PHASE].connect > 1ms", .holds),
            ("[PHASE].first_byte < 1s", .error("no such phase")), ("has([PHASE].body)", .fails),
            ("[PHASE].tls < [PHASE].connect", .fails), ("[PHASE].resolve == 3ms", .holds),
        ].map {
            ConditionCase(
                $0,
                Observation(phases: [
                    PhaseTiming(.resolve, .milliseconds(1)), PhaseTiming(.resolve, .milliseconds(2)),
                    PhaseTiming(.connect, .milliseconds(5)), PhaseTiming(.tls, .milliseconds(15)),
                ]), $1)
        }

    @Test("values of other kinds", arguments: kinds)
    func ofKinds(example: ConditionCase) throws {
        try example.check()
    }

    private static let document = """
        {"ok":true,"no":false,"none":null,"name":"john","list":[1,"a",{"b":2}],"object":{"a b":1,"c.d":2},
        "empty":"","t":"true","n":"null","é":"ü","quote":"a\\"b","path":"C:\\\\x","count":3,"": 9}
        """

    private static let kinds: [ConditionCase] = [
        ("[BODY].ok == true", .holds), ("[BODY].ok == TRUE", .fails), ("[BODY].ok != false", .holds),
        ("[BODY].no == true", .fails), ("[BODY].t == true", .holds), (#"[BODY].ok == "true""#, .fails),
        ("[BODY].ok > 0", .error("is true or false, which nothing")), ("[BODY].none == null", .holds),
        ("[BODY].none != null", .fails), ("[BODY].none == 0", .fails), ("[BODY].n == null", .holds),
        (#"[BODY].none == "null""#, .fails), ("[BODY].none < 1", .error("is null, which nothing")),
        ("[BODY].name == john", .holds), ("[BODY].name == John", .fails), (#"[BODY].name == "john""#, .holds),
        ("[BODY].name < 5", .error("`john` is a text, which nothing")), ("john == [BODY].name", .holds),
        ("[BODY].empty == \"\"", .holds), ("[BODY].é == ü", .holds), ("[BODY].é == u\u{308}", .fails),
        (#"[BODY].quote == "a\"b""#, .holds), (#"[BODY].quote == a"b"#, .holds),
        (#"[BODY].path == C:\x"#, .holds), (#"[BODY].path == "C:\\x""#, .holds),
        (#"[BODY].path == "C:\x""#, .holds),
        ("[BODY].list == 1", .error("an array equals nothing")),
        ("[BODY].object != 1", .error("an object equals")),
        ("[BODY].list > 1", .error("is an array, which nothing")),
        ("[BODY].list == [BODY].list", .error("an array")),
        ("[BODY].list[0] == 1", .holds), ("[BODY].list[1] == a", .holds), ("[BODY].list[2].b == 2", .holds),
        ("[BODY].list[3] == 1", .error("no [3], only 3 items")),
        ("[BODY].list.a == 1", .error("no `a` in an array")),
        ("[BODY].name.x == 1", .error("no `x` in a text")),
        ("[BODY].name[0] == j", .error("no [0] in a text")),
        ("[BODY].none.x == 1", .error("no `x` in null")),
        ("[BODY].count[0] == 1", .error("no [0] in a number")),
        (#"[BODY].object["a b"] == 1"#, .holds), (#"[BODY].object["c.d"] == 2"#, .holds),
        (#"[BODY]["object"]["c.d"] == 2"#, .holds), ("[BODY].object.c.d == 2", .error("there is no `c`")),
        ("[BODY].Name == john", .error("there is no `Name`")), (#"[BODY][""] == 9"#, .holds),
        ("[Body].name == john", .holds), ("[BODY].count == [BODY].list[0]", .fails),
        ("[BODY].t == [BODY].ok", .fails),
        ("[BODY].ok == [BODY].ok", .holds), ("[BODY].none == [BODY].none", .holds),
        ("[BODY].name == [BODY].missing", .error("there is no `missing`")),
        ("[BODY].none == [BODY].name", .fails),
    ].map { ConditionCase($0, .body(document), $1) }

    @Test("what is not there, or not whole", arguments: absent)
    func ofAbsent(example: ConditionCase) throws {
        try example.check()
    }

    private static let absent: [ConditionCase] = [
        ConditionCase("[BODY] == x", .nothing, .error("there is no body")),
        ConditionCase("[BODY].a == x", .nothing, .error("there is no body")),
        ConditionCase("[IP] == 1", .nothing, .error("there is no address")),
        ConditionCase("[DNS_RCODE] == NOERROR", .nothing, .error("there is no DNS response")),
        ConditionCase("[ROWS].count == 1", .nothing, .error("there are no rows")),
        ConditionCase("has([ROWS])", .nothing, .fails), ConditionCase("has([STATUS])", .nothing, .fails),
        ConditionCase("has([STATUS])", .status(1), .holds), ConditionCase("[CONNECTED]", .nothing, .holds),
        ConditionCase("not [CONNECTED]", .connected(false), .holds),
        ConditionCase("[CONNECTED] == false", .connected(false), .holds),
        ConditionCase("[BODY].a == 1", .body(""), .error("not JSON: line 1, column 1: found the end")),
        ConditionCase("[BODY].a == 1", .body("oops"), .error("not JSON: line 1, column 1: found `o`")),
        ConditionCase("has([BODY])", .body(""), .fails), ConditionCase("has([BODY])", .body("x"), .holds),
        ConditionCase("len([BODY]) == 0", .body(""), .holds),
        ConditionCase("[BODY] == \"\"", .body(" \n"), .holds),
        ConditionCase("[BODY] == a", .body("\u{FEFF}a"), .fails),
        ConditionCase("[BODY] == ab", .beginning("ab"), .error("only the first 2 bytes")),
        ConditionCase("[BODY] == pat(*ok*)", .beginning("all ok so far"), .holds),
        ConditionCase("[BODY] == pat(*ok)", .beginning("all ok"), .error("only the first 6 bytes")),
        ConditionCase("[BODY] == pat(*no*)", .beginning("all ok"), .error("only the first")),
        ConditionCase("[BODY] != pat(*ok*)", .beginning("all ok"), .fails),
        ConditionCase("[BODY] == matches(o+k)", .beginning("all ook"), .holds),
        ConditionCase("[BODY] == matches(ok$)", .beginning("all ok"), .error("only the first")),
        ConditionCase("[BODY] != matches(no)", .beginning("all ok"), .error("only the first")),
        ConditionCase("[BODY].a == 1", .beginning(#"{"a":1"#), .error("only the first 6 bytes")),
        ConditionCase("len([BODY]) > 1", .beginning("abc"), .error("only the first 3 bytes")),
        ConditionCase("[BODY] > 1", .beginning("2"), .error("only the first 1 bytes")),
        ConditionCase("has([BODY])", .beginning("a"), .holds),
        ConditionCase(
            "[BODY] == matches(a.b)", Observation(body: [0x61, 0xC3], isBodyCut: true),
            .error("only the first 2")),
        ConditionCase(
            "[BODY] == matches(a.)", Observation(body: [0x61, 0xE2, 0x82], isBodyCut: true), .error("first 3")
        ),
        ConditionCase(
            #"[BODY] == matches(^a\x{1F642}$)"#, Observation(body: [0x61, 0xF0, 0x9F, 0x99, 0x82]), .holds),
    ]
}
