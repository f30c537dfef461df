import Testing
import VitalsCore

@testable import VitalsEngine

@Suite("A condition of Gatus")
struct GatusConditionTests {
    @Test(
        "that means the same here stays as it is",
        arguments: [
            "[STATUS] == 200", "[STATUS] == any(200, 429)", "[BODY].user.name == john",
            "[BODY].data[0].id == 1", "[BODY].age == [BODY].id", "[IP] == pat(192.168.*)",
            "[CONNECTED] == true",
            "has([BODY].users) == true", "[CERTIFICATE_EXPIRATION] > 48h", "[DNS_RCODE] == NOERROR",
            "[BODY] == pat(*<h1>Example Domain</h1>*)",
        ])
    func same(text: String) {
        let condition = GatusCondition(text)
        #expect(condition.text == text)
        #expect(condition.differences == [])
    }

    @Test(
        "that the language here would read otherwise is put into quotes",
        arguments: [
            ("[BODY].title == black and white", #"[BODY].title == "black and white""#),
            ("[BODY].title == now or never", #"[BODY].title == "now or never""#),
            ("[BODY].title == not today", #"[BODY].title == "not today""#),
            ("[BODY].title == f(x", #"[BODY].title == "f(x""#),
            (#"[BODY].title == a "b" (c)"#, #"[BODY].title == "a \"b\" (c)""#),
            ("[BODY] == pat(*:)*)", #"[BODY] == pat("*:)*")"#),
            ("[BODY].x == a == b", "[BODY].x == a"), ("[BODY].x == a > b", #"[BODY].x == "a > b""#),
        ])
    func quoted(text: String, here: String) throws {
        #expect(GatusCondition(text).text == here)
        _ = try Condition(parsing: here)
    }

    @Test(
        "that comes out otherwise says how",
        arguments: [
            ("[BODY].x != 1", "where what it asks for is missing"),
            ("[STATUS] < 300", "Gatus takes what is missing as 0"),
            ("[CERTIFICATE_EXPIRATION] < 48h", "Gatus takes what is missing as 0"),
            ("300 > [STATUS]", "Gatus takes what is missing as 0"),
            ("[BODY].x > 1.5", "fractions count here"),
            ("[BODY].x > 3", "a text is above and below nothing"), ("[BODY].x == 010", "octal"),
            (#"[BODY].x == any("a, b", c)"#, "quotes in any()"),
            (#"[BODY].x == "a""#, "quotes around a text"),
            ("has([BODY].x) == false", "not JSON"), ("len([BODY].x) == 2", "counts bytes"),
            ("[BODY].x == pat(a?c)", "only `*` is special"), ("[BODY].x == 9007199254740993", "exactly"),
            ("[RESPONSE_TIME] < 500", "from the beginning of the run"),
            ("[CONNECTED] == false", "refused, reset, timed out"),
            ("[CONNECTED] != true", "refused, reset, timed out"),
        ])
    func differences(text: String, part: String) {
        let differences = GatusCondition(text).differences
        #expect(differences.contains { $0.contains(part) }, "\(differences)")
    }

    @Test(
        "of a DNS answer loses the dot at the end of names",
        arguments: [
            ("[BODY] == a.example.com.", "NS", "[BODY] == a.example.com"),
            ("[BODY] == pat(*.iana-servers.net.)", "ns", "[BODY] == pat(*.iana-servers.net)"),
            ("[BODY] == 192.0.2.1", "A", "[BODY] == 192.0.2.1"),
            ("[DNS_RCODE] == NOERROR", "NS", "[DNS_RCODE] == NOERROR"),
        ])
    func names(text: String, type: String, here: String) {
        #expect(GatusCondition(text, recordType: type).text == here)
    }

    @Test(
        "without an operator is left to the reader to refuse",
        arguments: ["[STATUS]", "", "==", "[STATUS]==200"])
    func none(text: String) {
        #expect(GatusCondition(text).text == text)
        #expect(GatusCondition(text).differences == [])
    }
}

@Suite("Durations of Go")
struct GatusDurationTests {
    @Test(
        "are read as Go reads them",
        arguments: [
            ("60s", 60_000_000), ("1m30s", 90_000_000), ("0.5h", 1_800_000_000), ("300ms", 300_000), ("0", 0),
            ("1.5s", 1_500_000), ("2us", 2), ("1h0m1s", 3_601_000_000), ("500ns", 1),
        ])
    func read(text: String, microseconds: Int) {
        #expect(GatusDuration.parse(text) == .microseconds(microseconds))
    }

    @Test(
        "that are none are not taken",
        arguments: ["", "60", "s", "1 s", "-1s", "1d", "1..2s", "99999999999h", "1s "])
    func refused(text: String) {
        #expect(GatusDuration.parse(text) == nil)
    }
}

@Suite("Variables of an imported configuration")
struct ImportVariablesTests {
    @Test(
        "become those of vitals.yaml, and all else stays what it is",
        arguments: [
            ("a ${NAME} b", "a ${NAME} b"), ("$HOST:$PORT", "${HOST}:${PORT}"), ("$NAME_2x", "${NAME_2x}"),
            ("pa$$word", "pa$$word"), ("$$NAME", "$$NAME"), ("$(date)", "$$(date)"), ("5$", "5$$"),
            ("a$ b", "a$$ b"), ("x${1}y$2z", "xyz"), ("${A B}", ""), ("${}", ""), ("${open", "open"),
            ("$?", ""),
            ("${9LIVES}", ""),
        ])
    func written(text: String, here: String) throws {
        let marked = try #require(ImportVariables.marked(text))
        #expect(ImportVariables.written(marked) == here)
    }

    @Test("are not made up by the marks themselves")
    func marks() {
        #expect(ImportVariables.marked("a\u{E000}b") == nil)
    }
}
