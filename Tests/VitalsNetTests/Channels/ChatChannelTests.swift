import Foundation
import Testing
import VitalsCore
import VitalsEngine

@testable import VitalsNet

/// Discord, Slack and ntfy, as their receivers see what is posted; read by Foundation's parser.
@Suite struct ChatChannelTests {
    static let down = #"""
        {"id":"01JD","type":"down","at":"2026-11-21T10:00:03.120Z","episode":"01JC","reason":null,
        "system":{"id":"orders","name":"Orders *main* <@everyone> & co"},
        "health_check":{"id":"orders.sql","check":{"id":"sql","kind":"postgres"},"target":"db1:5432/orders",
        "since":"2026-11-21T10:00:00.000Z","consecutive_failures":3,
        "last_run":{"at":"2026-11-21T10:00:03.000Z","cause":"refused","phase":"connect","code":"ECONNREFUSED",
        "message":"connection `refused` by [db1](http://evil.example)","latency_ms":1.5}},
        "previous_state":"healthy","state":"unhealthy","link":"https://vitals.example.com/orders"}
        """#

    private static let now = Timestamp(microseconds: 1_795_000_000_250_000)

    private func form(_ kind: String, _ caller: Caller) throws -> ChannelForm {
        let client = HTTPClient(caller)
        let forms = [
            DiscordChannel.form(client, userAgent: "vitals/test"),
            SlackChannel.form(client, userAgent: "vitals/test"),
            NtfyChannel.form(client, userAgent: "vitals/test"),
            WebhookChannel.form(client, userAgent: "vitals/test"),
        ]
        return try #require(forms.first { $0.kind == kind })
    }

    private func send(
        _ kind: String, _ settings: [String: Settings.Value], to script: ScriptedPeer.Script, path: String,
        body: String = ChatChannelTests.down
    ) async throws -> (outcome: DeliveryOutcome, head: [String], body: String) {
        let network = try TestNetwork()
        let peer = try await ScriptedPeer(script)
        var settings = Settings(settings)
        settings.set("url", .text(TargetText("http://127.0.0.1:\(peer.port)\(path)")))
        let channel = try form(kind, Caller(loops: network.loops)).make(ChannelID("ops"), settings)
        let outcome = await channel.send(
            NotificationID("01JD"), body: body, at: Self.now, timeout: .seconds(30))
        let parts = peer.received.components(separatedBy: "\r\n\r\n")
        return (
            outcome, parts[0].components(separatedBy: "\r\n"), parts.dropFirst().joined(separator: "\r\n\r\n")
        )
    }

    private static let taken = ScriptedPeer.Script.reply("HTTP/1.1 204 No Content\r\n\r\n")

    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test("Discord gets an embed that mentions nobody and holds no markup of others")
    func discord() async throws {
        let sent = try await send("discord", [:], to: Self.taken, path: "/api/webhooks/1/T0KEN")
        #expect(sent.outcome == .delivered(httpStatus: 204))
        #expect(sent.head.first == "POST /api/webhooks/1/T0KEN HTTP/1.1")
        let body = try object(sent.body)
        #expect(body["content"] as? String == #"\[Vitals\] DOWN - Orders \*main\* \<\@everyone\> & co"#)
        #expect((body["allowed_mentions"] as? [String: [String]]) == ["parse": []])
        let embed = try #require((body["embeds"] as? [[String: Any]])?.first)
        #expect(embed["color"] as? Int == 0xD9_2D20)
        #expect(embed["url"] as? String == "https://vitals.example.com/orders")
        #expect(embed["timestamp"] as? String == "2026-11-21T10:00:03.120Z")
        let text = try #require(embed["description"] as? String)
        #expect(text.contains("**State:** unhealthy \\(was: healthy\\)"))
        #expect(text.contains(#"connection \`refused\` by \[db1\]\(http://evil.example\)"#))
    }

    @Test("Slack gets blocks of plain text, and a text that is no markup")
    func slack() async throws {
        let sent = try await send("slack", [:], to: Self.taken, path: "/services/T/B/T0KEN")
        #expect(sent.outcome == .delivered(httpStatus: 204))
        let body = try object(sent.body)
        #expect(body["text"] as? String == "[Vitals] DOWN - Orders *main* &lt;@everyone&gt; &amp; co")
        #expect(body["mrkdwn"] as? Bool == false)
        let blocks = try #require(body["blocks"] as? [[String: Any]])
        #expect(blocks.map { $0["type"] as? String } == ["header", "section", "section", "context"])
        let fields = try #require(blocks[2]["fields"] as? [[String: Any]])
        #expect(fields.count <= 10)
        #expect(fields.allSatisfy { $0["type"] as? String == "plain_text" })
        #expect(fields.contains { $0["text"] as? String == "Failures\n3" })
    }

    @Test("ntfy gets the topic, a priority and a picture, and a token where there is one")
    func ntfy() async throws {
        let sent = try await send(
            "ntfy", ["token": .text("tk_s3cret")], to: Self.taken, path: "/my-topic")
        #expect(sent.outcome == .delivered(httpStatus: 204))
        #expect(sent.head.first == "POST / HTTP/1.1")
        #expect(sent.head.contains("Authorization: Bearer tk_s3cret"))
        let body = try object(sent.body)
        #expect(body["topic"] as? String == "my-topic")
        #expect(body["title"] as? String == "[Vitals] DOWN - Orders *main* <@everyone> & co")
        #expect(body["priority"] as? Int == 5)
        #expect(body["tags"] as? [String] == ["rotating_light"])
        #expect(body["click"] as? String == "https://vitals.example.com/orders")
        #expect((body["message"] as? String)?.contains("connection `refused`") == true)
        let basic = try await send(
            "ntfy", ["username": .text("ann"), "password": .text("pw")], to: Self.taken, path: "/t")
        #expect(basic.head.contains("Authorization: Basic YW5uOnB3"))
    }

    @Test(
        "each waits as long as it is asked to, and gives up on what is gone",
        arguments: ["discord", "slack", "ntfy"])
    func answers(_ kind: String) async throws {
        let slow = try await send(
            kind, [:], to: .reply("HTTP/1.1 429 Too Many\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n"),
            path: "/topic")
        #expect(slow.outcome == .failed(httpStatus: 429, message: "answered 429", retryAfter: .seconds(7)))
        let gone = try await send(
            kind, [:], to: .reply("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"), path: "/topic")
        #expect(gone.outcome == .refused(httpStatus: 404, message: "answered 404"))
    }

    @Test(
        "what cannot be reached is told of without what it is known by",
        arguments: ["discord", "slack", "ntfy"])
    func hidden(_ kind: String) async throws {
        let sent = try await send(kind, [:], to: .greet("T0KENT0KEN is not HTTP\r\n"), path: "/T0KENT0KEN")
        guard case .failed(nil, let message, nil) = sent.outcome else {
            Issue.record("\(sent.outcome)")
            return
        }
        #expect(message.hasPrefix("http://127.0.0.1:") && !message.contains("T0KEN"), "\(message)")
    }

    @Test("a webhook of one's own: method, headers and a body")
    func template() async throws {
        let template = #"{"text": "{{subject}}", "failures": {{failures}}, "in": {"a": "{{ system.name }}"}}"#
        let sent = try await send(
            "webhook",
            [
                "method": .text("PUT"), "template": .text(TargetText(template)),
                "headers": .pairs([Settings.Pair(name: "X-Key", value: "k3y")]),
            ], to: Self.taken, path: "/hook")
        #expect(sent.head.first == "PUT /hook HTTP/1.1")
        #expect(sent.head.contains("X-Key: k3y"))
        #expect(sent.head.contains("Content-Type: application/json"))
        #expect(sent.head.contains("webhook-id: 01JD"))
        let body = try object(sent.body)
        #expect(body["text"] as? String == "[Vitals] DOWN - Orders *main* <@everyone> & co")
        #expect(body["failures"] as? Int == 3)
        let form = try await send(
            "webhook",
            [
                "template": .text("text={{system.name}}"),
                "headers": .pairs([
                    Settings.Pair(name: "content-type", value: "application/x-www-form-urlencoded")
                ]),
            ], to: Self.taken, path: "/hook")
        #expect(form.body == "text=Orders%20%2Amain%2A%20%3C%40everyone%3E%20%26%20co")
        let get = try await send("webhook", ["method": .text("GET")], to: Self.taken, path: "/bell")
        #expect(get.head.first == "GET /bell HTTP/1.1" && get.body == "")
    }

    @Test(
        "settings that cannot be are refused, with the nearest name",
        arguments: [
            (["template": "{{sytem.name}}"], "puts in {{sytem.name}}, which no message has; did you mean"),
            (["template": "{{subject"], "opens {{ and never closes it"),
            (["template": "{\"a\": {{subject}}}"], "does not make JSON"),
            (["template": "1", "method": "GET"], "sends no body"),
            (["header": "a\r\nb"], "not of printable ASCII"),
        ])
    func refused(_ texts: [String: String], _ complaint: String) throws {
        let network = try TestNetwork()
        var settings = Settings(["url": .text("http://127.0.0.1:9/")])
        for (name, text) in texts {
            let value = TargetText(text)
            settings.set(
                name == "header" ? "headers" : name,
                name == "header" ? .pairs([Settings.Pair(name: "X-A", value: value)]) : .text(value))
        }
        let form = try form("webhook", Caller(loops: network.loops))
        let error = #expect(throws: TargetError.self) { try form.make(ChannelID("a"), settings) }
        #expect(error?.message.contains(complaint) == true, "\(error?.message ?? "")")
    }

    @Test(
        "headers that would make another request are not taken",
        arguments: [
            "Host", "content-length", "Transfer-Encoding", "webhook-id", "a b", "a:b", "", "ä",
        ])
    func reserved(_ name: String) throws {
        let settings = Settings(["headers": .pairs([Settings.Pair(name: name, value: "x")])])
        #expect(throws: TargetError.self) { try WebhookRequest(settings) }
    }
}
