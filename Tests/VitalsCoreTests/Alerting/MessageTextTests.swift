import Testing
import VitalsCore

@Suite("A message in words")
struct MessageTextTests {
    private static func body(
        type: String = "down", name: String = "Orders database", reason: String = "null", run: String = "null"
    ) -> String {
        #"""
        {"id":"01JD","type":"\#(type)","at":"2026-11-21T10:00:03.120Z","episode":"01JC","reason":\#(reason),
        "system":{"id":"orders","name":"\#(name)"},"health_check":{"id":"orders.sql",
        "check":{"id":"sql","kind":"postgres"},"target":"db1:5432/orders","since":"2026-11-21T10:00:00.000Z",
        "consecutive_failures":3,"last_run":\#(run)},"previous_state":"healthy","state":"unhealthy"}
        """#
    }

    private static let run = #"""
        {"at":"2026-11-21T10:00:03.000Z","cause":"refused","phase":"connect","code":"ECONNREFUSED",
        "message":"connection refused by db1","latency_ms":1.5}
        """#

    private func words(_ body: String) -> MessageText { MessageText(Message(reading: body)) }

    @Test(
        "the subject says what happened, and to what",
        arguments: [
            ("down", "[Vitals] DOWN - Orders database"), ("degraded", "[Vitals] DEGRADED - Orders database"),
            ("recovered", "[Vitals] RECOVERED - Orders database"),
            ("ended", "[Vitals] ENDED - Orders database"), ("stale", "[Vitals] STALE - Orders database"),
            ("later", "[Vitals] NEWS - Orders database"),
        ])
    func subjects(_ type: String, _ subject: String) {
        #expect(words(Self.body(type: type)).subject == subject)
    }

    @Test(
        "of the whole service it says so in words of its own (S22)",
        arguments: [
            ("down", "unhealthy", "healthy", "DOWN - The whole service is down", "error (was: operational)"),
            (
                "degraded", "degraded", "unknown", "DEGRADED - The whole service is degraded",
                "degraded (was: unknown)"
            ),
            (
                "recovered", "healthy", "unhealthy", "RECOVERED - The whole service has recovered",
                "operational (was: error)"
            ),
        ])
    func wholeService(type: String, state: String, before: String, subject: String, line: String) {
        let run = Self.run.replacing("refused by db1", with: "orders: FAIL, 2 OK")
        let body = Self.body(type: type, name: "The whole service", run: run)
            .replacing("\"kind\":\"postgres\"", with: "\"kind\":\"service\"")
            .replacing("\"previous_state\":\"healthy\"", with: "\"previous_state\":\"\(before)\"")
            .replacing("\"state\":\"unhealthy\"", with: "\"state\":\"\(state)\"")
        let words = words(body)
        #expect(words.subject == "[Vitals] \(subject)")
        #expect(words.body.contains("State:    \(line)\n"))
        #expect(words.body.contains("orders: FAIL, 2 OK\n"))
        #expect(words.body.contains("took 1.5 ms"))
        #expect(!words.body.contains("Cause:"))
    }

    @Test(
        "of itself the server says what is wrong",
        arguments: [
            ("test", "[Vitals] TEST - this channel works"),
            ("store_unwritable", "[Vitals] SELF - the store cannot be written"),
            ("delivery_refused_ops", "[Vitals] SELF - messages are refused by the channel ops"),
            ("delivery_given_up_ops", "[Vitals] SELF - no message reaches the channel ops"),
            ("something_new", "[Vitals] SELF - something new"),
        ])
    func itself(_ reason: String, _ subject: String) {
        let body = #"{"id":"1","type":"self","at":"2026-11-21T10:00:03.120Z","reason":"\#(reason)"}"#
        #expect(words(body).subject == subject)
        #expect(words(body).body.contains("2026-11-21 10:00:03 UTC"))
    }

    @Test("a blank name falls back to the id, in subject and body", arguments: ["", " ", "\\t"])
    func blankName(_ name: String) {
        let words = words(Self.body(name: name))
        #expect(words.subject == "[Vitals] DOWN - orders")
        #expect(words.body.hasPrefix("orders is down.\n"))
    }

    @Test("the body says all that is known")
    func body() {
        #expect(
            words(Self.body(run: Self.run)).body == """
                Orders database is down.

                State:    unhealthy (was: healthy)
                System:   Orders database (orders)
                Check:    sql (postgres)
                Target:   db1:5432/orders
                Cause:    connection refused, while connecting (ECONNREFUSED)
                Message:  connection refused by db1
                Since:    2026-11-21 10:00:00 UTC
                Checked:  2026-11-21 10:00:03 UTC, took 1.5 ms
                Failures: 3

                """)
    }

    @Test(
        "whatever is no message is still said to be something",
        arguments: [
            "", "null", "[]", "{\"type\":1}", "{\"system\":[]}", "{\"health_check\":{\"id\":\"a.b\"}}",
        ])
    func garbage(_ body: String) {
        let words = words(body)
        #expect(words.subject.hasPrefix("[Vitals] NEWS - "))
        #expect(!words.body.isEmpty)
    }

    @Test("each cause and each phase has words of its own")
    func causes() {
        #expect(Set(Cause.allCases.map(\.words)).count == Cause.allCases.count)
        for cause in Cause.allCases { #expect(!cause.words.contains("_")) }
        #expect(Set(Phase.allCases.map(\.words)).count == Phase.allCases.count)
    }
}
