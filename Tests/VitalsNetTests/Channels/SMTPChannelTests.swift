import Foundation
import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

@Suite("A channel by mail")
struct SMTPChannelTests {
    private static let now = Timestamp(microseconds: 1_795_219_203_120_000)

    private func settings(_ more: [String: Settings.Value] = [:]) -> Settings {
        Settings(
            [
                "host": .text("localhost"), "from": .text("Vitals <vitals@example.com>"),
                "to": .list([.text("ops@example.com; dev@example.com\nops@example.com")]),
            ].merging(more) { $1 })
    }

    private func channel(
        _ network: TestNetwork, _ more: [String: Settings.Value] = [:]
    ) throws(TargetError) -> any VitalsEngine.Channel {
        try SMTPChannel.form(Caller(loops: network.loops)).make(ChannelID("ops"), settings(more))
    }

    private func send(
        _ channel: any VitalsEngine.Channel, timeout: Duration = .seconds(30)
    ) async -> DeliveryOutcome {
        await channel.send(
            NotificationID("01JD"), body: ChatChannelTests.down, at: Self.now, timeout: timeout)
    }

    private func only(_ server: MailServer) throws -> [String: Any] {
        try #require(server.mails.count == 1)
        let mail = try JSONSerialization.jsonObject(with: Data(server.mails[0].utf8))
        return try #require(mail as? [String: Any])
    }

    @Test("a notification arrives as words, under its own id and that of its page")
    func arrives() async throws {
        let authority = try await TestAuthority()
        let server = try await MailServer(
            MailServer.Settings(security: "starttls", wantsLogin: true),
            try await authority.issue(for: ["localhost"]))
        let network = try TestNetwork()
        let channel = try channel(
            network,
            [
                "port": .integer(server.port), "username": .text(TargetText(MailServer.user)),
                "password": .text(TargetText(MailServer.password)),
                "ca": .text(TargetText(authority.certificate)),
            ])
        #expect(channel.warnings == [])
        #expect(await send(channel) == .delivered(httpStatus: nil))
        let mail = try only(server)
        #expect(mail["subject"] as? String == "[Vitals] DOWN - Orders *main* <@everyone> & co")
        #expect(mail["recipients"] as? [String] == ["ops@example.com", "dev@example.com"])
        let headers = try #require(mail["headers"] as? [String: String])
        #expect(headers["Message-ID"] == "<01JD@example.com>")
        #expect(headers["References"] == "<01JC@example.com>")
        let text = try #require(mail["text"] as? String)
        #expect(text.contains("State:    unhealthy (was: healthy)\n"))
        #expect(text.hasSuffix("https://vitals.example.com/orders\n"))
    }

    @Test("who was put off gets it by the next attempt, who has it does not get it twice")
    func putOff() async throws {
        let server = try await MailServer()
        let network = try TestNetwork()
        let channel = try channel(
            network,
            [
                "port": .integer(server.port), "security": .text("none"),
                "to": .list([.text("ops@e.org, later@e.org, nobody@e.org")]),
            ])
        let place = "localhost:\(server.port)"
        #expect(
            await send(channel)
                == .failed(
                    httpStatus: nil,
                    message: "\(place): delivered to 1, but not yet to all: "
                        + "later@e.org: 451 4.7.1 come back later; nobody@e.org: 550 5.1.1 no such user",
                    retryAfter: nil))
        #expect(
            await send(channel)
                == .delivered(
                    httpStatus: nil, note: "\(place): not to all: nobody@e.org: 550 5.1.1 no such user"))
        let recipients = try server.mails.map { mail in
            let object = try JSONSerialization.jsonObject(with: Data(mail.utf8)) as? [String: Any]
            return object?["recipients"] as? [String]
        }
        #expect(recipients == [["ops@e.org"], ["later@e.org"]])
    }

    @Test("a server that hangs ends in time and is tried again; a wrong password is not")
    func failures() async throws {
        let silent = try await ScriptedPeer(.silence)
        let network = try TestNetwork()
        let hanging = try channel(network, ["port": .integer(silent.port), "security": .text("none")])
        guard case .failed(nil, let message, nil) = await send(hanging, timeout: .milliseconds(300)) else {
            Issue.record("taken by nobody")
            return
        }
        #expect(message.hasPrefix("localhost:\(silent.port): no answer from"))
        let server = try await MailServer(MailServer.Settings(wantsLogin: true))
        let wrong = try channel(
            network,
            [
                "port": .integer(server.port), "security": .text("none"), "username": .text("ann"),
                "password": .text("wr0ng-one"),
            ])
        guard case .refused(nil, let refusal) = await send(wrong) else {
            Issue.record("let in by a wrong password")
            return
        }
        #expect(refusal.contains("refused the login: 535"))
    }

    @Test(
        "settings that cannot be are refused where they stand",
        arguments: [
            (["host": "a:25"], "host"), (["host": "a b"], "host"), (["from": "nobody"], "from"),
            (["username": "ann"], "username"), (["password": "pw"], "password"), (["helo": "a b"], "helo"),
        ] as [([String: String], String)])
    func refused(_ texts: [String: String], _ field: String) throws {
        let network = try TestNetwork()
        let error = #expect(throws: TargetError.self) {
            try channel(network, texts.mapValues { .text(TargetText($0)) })
        }
        #expect(error?.field == field)
        for to in ["", " ,;\n", "a@b.org c@d.org"] {
            let error = #expect(throws: TargetError.self) {
                try channel(network, ["to": .list([.text(TargetText(to))])])
            }
            #expect(error?.field == "to")
        }
    }

    @Test(
        "the words for security, their ports, and what is warned of",
        arguments: [
            (nil, 587, false), ("starttls", 587, false), ("tls", 465, false), ("ssl", 465, false),
            ("smtps", 465, false), ("implicit_tls", 465, false), ("ssl_tls", 465, false), ("none", 25, true),
            ("plain", 25, true), ("insecure", 25, true),
        ] as [(String?, Int, Bool)])
    func security(_ word: String?, _ port: Int, _ isWarned: Bool) throws {
        var more: [String: Settings.Value] = ["host": .text("mail.example.com")]
        if let word { more["security"] = .text(TargetText(word)) }
        let mail = try SMTPSettings(settings(more))
        #expect(mail.port == port)
        #expect(mail.warnings.isEmpty != isWarned)
        more["host"] = .text("127.0.0.1")
        #expect(try SMTPSettings(settings(more)).warnings == [])
        more["port"] = .integer(465)
        #expect(try SMTPSettings(settings(more)).warnings.isEmpty == (mail.security != .startTLS))
    }
}
