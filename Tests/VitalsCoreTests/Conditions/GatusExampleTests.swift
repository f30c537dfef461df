import Testing

@testable import VitalsCore

@Suite("Every documented example of Gatus")
struct GatusExampleTests {
    @Test("of the table of conditions gives what is documented", arguments: table)
    func ofTable(example: ConditionCase) throws {
        try example.check()
    }

    private static let table: [ConditionCase] =
        [
            ("[STATUS] == 200", [200], [201, 404]), ("[STATUS] < 300", [200, 201, 299], [301, 302]),
            ("[STATUS] <= 299", [200, 201, 299], [301, 302]),
            ("[STATUS] > 400", [401, 402, 403, 404], [400, 200]),
            ("[STATUS] == any(200, 429)", [200, 429], [201, 400]),
        ].flatMap { text, holds, fails in
            holds.map { ConditionCase(text, .status($0), .holds) }
                + fails.map { ConditionCase(text, .status($0), .fails) }
        }
        + [100, 200, 300].map {
            ConditionCase("[RESPONSE_TIME] < 500", .latency(.milliseconds($0)), .holds)
        }
        + [500, 501].map { ConditionCase("[RESPONSE_TIME] < 500", .latency(.milliseconds($0)), .fails) }
        + [49, 50, 123].map {
            ConditionCase("[CERTIFICATE_EXPIRATION] > 48h", .certificate(.seconds($0 * 3_600)), .holds)
        }
        + [1, 24, 48].map {
            ConditionCase("[CERTIFICATE_EXPIRATION] > 48h", .certificate(.seconds($0 * 3_600)), .fails)
        }
        + [
            ConditionCase("[CONNECTED] == true", .connected(true), .holds),
            ConditionCase("[CONNECTED] == true", .connected(false), .fails),
            ConditionCase("[IP] == 127.0.0.1", .address("127.0.0.1"), .holds),
            ConditionCase("[IP] == 127.0.0.1", .address("0.0.0.0"), .fails),
            ConditionCase("[BODY] == 1", .body("1"), .holds),
            ConditionCase("[BODY] == 1", .body("{}"), .fails),
            ConditionCase("[BODY] == 1", .body("2"), .fails),
            ConditionCase("[BODY].user.name == john", .body(#"{"user":{"name":"john"}}"#), .holds),
            ConditionCase("[BODY].data[0].id == 1", .body(#"{"data":[{"id":1}]}"#), .holds),
            ConditionCase("[BODY].age == [BODY].id", .body(#"{"age":1,"id":1}"#), .holds),
            ConditionCase("len([BODY].data) < 5", .body(#"{"data":[{"id":1}]}"#), .holds),
            ConditionCase("len([BODY].name) == 8", .body(#"{"name":"john.doe"}"#), .holds),
            ConditionCase("len([BODY].name) == 8", .body(#"{"name":"bob"}"#), .fails),
            ConditionCase("has([BODY].errors) == false", .body(#"{"name":"john.doe"}"#), .holds),
            ConditionCase("has([BODY].errors) == false", .body(#"{"errors":[]}"#), .fails),
            ConditionCase("has([BODY].users) == true", .body(#"{"users":[]}"#), .holds),
            ConditionCase("has([BODY].users) == true", .body("{}"), .fails),
            ConditionCase("[BODY].name == pat(john*)", .body(#"{"name":"john.doe"}"#), .holds),
            ConditionCase("[BODY].name == pat(john*)", .body(#"{"name":"bob"}"#), .fails),
        ]
        + (1...5).map {
            ConditionCase("[BODY].id == any(1, 2)", .body(#"{"id":\#($0)}"#), $0 < 3 ? .holds : .fails)
        }

    @Test("of the functions and of each kind of target gives what is documented", arguments: others)
    func ofKinds(example: ConditionCase) throws {
        try example.check()
    }

    private static let others: [ConditionCase] = [
        // Functions.
        ConditionCase("len([BODY].username) > 8", .body(#"{"username":"john.smith"}"#), .holds),
        ConditionCase("[IP] == pat(192.168.*)", .address("192.168.0.232"), .holds),
        ConditionCase("[IP] == pat(192.168.*)", .address("10.0.0.1"), .fails),
        ConditionCase("[BODY].ip == any(127.0.0.1, ::1)", .body(#"{"ip":"::1"}"#), .holds),
        ConditionCase("[BODY].ip == any(127.0.0.1, ::1)", .body(#"{"ip":"127.0.0.2"}"#), .fails),
        ConditionCase("[STATUS] == pat(2*)", .status(204), .holds),
        // HTTP.
        ConditionCase("[BODY].status == UP", .body(#"{"status":"UP"}"#), .holds),
        ConditionCase("[BODY].status == UP", .body(#"{"status":"DOWN"}"#), .fails),
        ConditionCase("[RESPONSE_TIME] < 300", .latency(.milliseconds(299)), .holds),
        ConditionCase("[RESPONSE_TIME] < 150", .latency(.milliseconds(151)), .fails),
        ConditionCase(
            "[BODY] == pat(*<h1>Example Domain</h1>*)", .body("<html><h1>Example Domain</h1>\n</html>"),
            .holds),
        ConditionCase("[BODY] == pat(*<h1>Example Domain</h1>*)", .body("<h1>Other</h1>"), .fails),
        ConditionCase("[STATUS] == 201", .status(201), .holds),
        ConditionCase("len([BODY].id) > 0", .body(#"{"id":"a1"}"#), .holds),
        ConditionCase("[BODY].price == 24.99", .body(#"{"price":"24.99"}"#), .holds),
        ConditionCase("[BODY].price == 24.99", .body(#"{"price":24.99}"#), .holds),
        ConditionCase("[STATUS] == 204", .status(200), .fails),
        ConditionCase(
            "[BODY].data.users[0].gender == female", .body(#"{"data":{"users":[{"gender":"female"}]}}"#),
            .holds),
        ConditionCase("[STATUS] == 404", .status(404), .holds),
        // TCP, UDP, TLS: what came first; WebSocket: the answer.
        ConditionCase("[BODY] == pat(*served by*)", .body("Request served by 1"), .holds),
        ConditionCase("[BODY] == pat(*PONG*)", .body("+PONG\r\n"), .holds),
        // DNS.
        ConditionCase("[BODY] == 93.184.215.14", .dns("NOERROR", "93.184.215.14"), .holds),
        ConditionCase("[BODY] == 93.184.215.14", .dns("NOERROR", "93.184.215.15"), .fails),
        ConditionCase("[DNS_RCODE] == NOERROR", .dns("NOERROR"), .holds),
        ConditionCase("[DNS_RCODE] == NOERROR", .dns("NXDOMAIN"), .fails),
        // gRPC and SSH, whose answers look the same.
        ConditionCase("[BODY].status == SERVING", .body(#"{"status":"SERVING"}"#), .holds),
        ConditionCase("[STATUS] == 0", .status(0), .holds),
        ConditionCase("[BODY].memory.used > 500", .body(#"{"memory": {"used": 512}}"#), .holds),
        // TLS and STARTTLS.
        ConditionCase("[CERTIFICATE_EXPIRATION] > 240h", .certificate(.seconds(241 * 3_600)), .holds),
        ConditionCase("[CERTIFICATE_EXPIRATION] > 240h", .certificate(.seconds(-3_600)), .fails),
    ]
}

@Suite("Where conditions differ from those of Gatus, they do so on purpose")
struct DeliberateDifferenceTests {
    /// What differs, the condition, what is seen, what becomes of it here, and why.
    static let differences: [(ConditionCase, String)] = [
        (
            ConditionCase("[BODY].x != 1", .body("{}"), .error("there is no `x`")),
            "A missing value equals nothing and differs from nothing; Gatus takes it as a text."
        ),
        (
            ConditionCase("[BODY].x < 1", .body("{}"), .error("there is no `x`")),
            "A missing value is no 0."
        ),
        (
            ConditionCase("[STATUS] < 300", .nothing, .error("there is no status")),
            "A status that there is none of is no 0."
        ),
        (
            ConditionCase("[CERTIFICATE_EXPIRATION] < 48h", .certificate(nil), .error("no certificate")),
            "No certificate is not one that ends now."
        ),
        (
            ConditionCase("[BODY].x > 1.5", .body(#"{"x":1.9}"#), .holds),
            "Fractions count; Gatus cuts them off, so that 1.9 is not above 1.5."
        ),
        (
            ConditionCase("[BODY].x == 9007199254740993", .body(#"{"x":9007199254740992}"#), .fails),
            "Large integers are not rounded to doubles."
        ),
        (
            ConditionCase("[BODY].x > 3", .body(#"{"x":"many"}"#), .error("which nothing is above or below")),
            "A text has no order; Gatus takes it as 0."
        ),
        (
            ConditionCase("[BODY].x == 8", .body(#"{"x":"010"}"#), .fails),
            "A zero before a number does not make it octal; write 0o10."
        ),
        (
            ConditionCase(#"[BODY].x == any("a, b", c)"#, .body(#"{"x":"a, b"}"#), .holds),
            "Quotes keep a comma in any() together; in Gatus nothing does."
        ),
        (
            ConditionCase(#"[BODY].x == "a""#, .body(#"{"x":"a"}"#), .holds),
            "Quotes around a text are not a part of it."
        ),
        (
            ConditionCase("has([BODY].x) == false", .body("<h1>502</h1>"), .error("the body is not JSON")),
            "Of a body that is not JSON nothing is known, also not that something is missing."
        ),
        (
            ConditionCase("len([BODY].x) == 2", .body(#"{"x":"éü"}"#), .holds),
            "Length counts characters, as Gatus documents; it counts bytes."
        ),
        (
            ConditionCase("[BODY].x == pat(a?c)", .body(#"{"x":"abc"}"#), .fails),
            "Only `*` is special in pat(); `?` and `[` are themselves. matches() takes more."
        ),
        (
            ConditionCase("[BODY].title == rock and has([BODY].x)", .body(#"{"title":"rock"}"#), .fails),
            "`and`, `or` and `not` are words of the language; a text with them stands in quotes."
        ),
    ]

    @Test("in what becomes of them", arguments: differences.map(\.0))
    func ofVerdicts(example: ConditionCase) throws {
        try example.check()
    }

    @Test(
        "or in that they are refused, with a reason",
        arguments: [
            ("[DOMAIN_EXPIRATION] > 720h", "when a domain ends is not looked up"),
            ("[BODY].server_ip == [CONTEXT].server_ip", "there are no suites"),
            ("[BODY].x == [1 2]", "stands in quotes"), ("1 == 1", "neither side asks"),
            ("[STATUS] == ok", "is not a number"), ("[CONNECTED] == yes", "is not true or false"),
            ("[STATUS] > any(1, 2)", "goes with == and != only"),
            ("[STATUS] < pat(2*)", "goes with == and !="),
            ("[BODY].title == black and white", "`white` is compared with nothing"),
            ("[STATSU] == 200", "did you mean [STATUS]?"), ("[STATUS] == 200 == 200", "a second operator"),
        ])
    func refused(text: String, reason: String) {
        let error = #expect(throws: ConditionError.self) { try Condition(parsing: text) }
        #expect(error?.message.contains(reason) ?? false, "\(error?.message ?? "")")
    }
}
