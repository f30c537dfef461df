import FoundationEssentials
import NIOCore
import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

@Suite("Mail, to a real server")
struct SMTPTests {
    /// One mail as the server kept it.
    private struct Kept: Decodable {
        let helo: String
        let user: String?
        let tls: Bool
        let sender: String
        let recipients: [String]
        let subject: String
        let from: String
        let to: String
        let headers: [String: String]
        let defects: [String]
        let text: String
        let raw: String
    }

    private static let at = Timestamp(microseconds: 1_795_219_203_120_000)

    private func mail(
        to recipients: [String] = ["ops@example.com"], subject: String = "[Vitals] DOWN - Orders",
        text: String = "It is down.\n"
    ) throws -> MailMessage {
        MailMessage(
            from: try Mailbox(parsing: "Vitals <vitals@example.com>"),
            to: try recipients.map { try Mailbox(parsing: $0) }, subject: subject, text: text, id: "01JD",
            thread: "01JC", sentAt: Self.at)
    }

    private func send(
        _ mail: MailMessage, port: Int, _ security: SMTPErrand.Security = .none,
        login: SMTPErrand.Login? = nil,
        authority: String? = nil, host: String = "localhost", timeout: Duration = .seconds(30)
    ) async throws -> MailRun {
        let network = try TestNetwork()
        let errand = SMTPErrand(
            security: security, name: "vitals.test", login: login, sender: mail.from.address,
            recipients: mail.to.map(\.address), message: mail.wire)
        let target = ProbeTarget(
            .host(host, port: port),
            tls: TLSSettings(security == .none ? .disable : .verifyFull, authorities: authority),
            startsWithTLS: security == .tls, readLimit: 1 << 18, secrets: login?.secrets ?? [])
        return await Caller(loops: network.loops).call(target, SMTPDialogue(errand), timeout: timeout) {
            result, dialogue in
            MailRun(
                fault: result.fault?.message, isFinal: dialogue.isFinal, accepted: dialogue.accepted,
                refusals: dialogue.refusals)
        }
    }

    private func only(_ server: MailServer) throws -> Kept {
        let mails = server.mails
        try #require(mails.count == 1, "\(mails.count) mails; \(server.output)")
        return try JSONDecoder().decode(Kept.self, from: Data(mails[0].utf8))
    }

    private static let login = SMTPErrand.Login(user: MailServer.user, password: Secret(MailServer.password))

    @Test("a mail arrives as it was meant")
    func arrives() async throws {
        let server = try await MailServer()
        let text = "It is down.\n\n.\n.. dots\nÄrger = 100 % \(String(repeating: "long ", count: 50))\n"
        let mail = try mail(
            to: ["ops@example.com", "Änne Öl <a.b+c@example.org>"],
            subject:
                "[Vitals] DOWN - Größe der Bestellungen, und ein langer Name, der nicht in eine Zeile paßt 🚒",
            text: text)
        let run = try await send(mail, port: server.port)
        #expect(run.fault == nil)
        #expect(run.accepted.map(\.text) == ["ops@example.com", "a.b+c@example.org"])
        let kept = try only(server)
        #expect(kept.defects == [])
        #expect(kept.helo == "vitals.test")
        #expect(kept.sender == "vitals@example.com")
        #expect(kept.recipients == ["ops@example.com", "a.b+c@example.org"])
        #expect(kept.from == "Vitals <vitals@example.com>")
        #expect(kept.to == "ops@example.com, Änne Öl <a.b+c@example.org>")
        #expect(kept.subject == mail.subject)
        #expect(kept.text == text)
        #expect(kept.headers["Message-ID"] == "<01JD@example.com>")
        #expect(kept.headers["References"] == "<01JC@example.com>")
        #expect(kept.headers["In-Reply-To"] == "<01JC@example.com>")
        #expect(kept.headers["Auto-Submitted"] == "auto-generated")
        #expect(kept.headers["Date"] == "Sat, 21 Nov 2026 00:00:03 +0000")
        let lines = kept.raw.split(separator: "\r\n", omittingEmptySubsequences: false)
        #expect(lines.allSatisfy { $0.utf8.count <= 78 && $0.utf8.allSatisfy { $0 < 0x80 } })
    }

    @Test("it goes under TLS where that is wanted", arguments: [SMTPErrand.Security.startTLS, .tls])
    func secured(_ security: SMTPErrand.Security) async throws {
        let authority = try await TestAuthority()
        let server = try await MailServer(
            MailServer.Settings(security: security.rawValue, wantsLogin: true),
            try await authority.issue(for: ["localhost"]))
        let run = try await send(
            mail(), port: server.port, security, login: Self.login, authority: authority.certificate)
        #expect(run.fault == nil)
        let kept = try only(server)
        #expect(kept.tls)
        #expect(kept.user == "ann by PLAIN")
    }

    @Test("a login by LOGIN, where PLAIN is not offered")
    func loginByLogin() async throws {
        let server = try await MailServer(MailServer.Settings(wantsLogin: true, withheld: ["PLAIN"]))
        #expect(try await send(mail(), port: server.port, login: Self.login).fault == nil)
        #expect(try only(server).user == "ann by LOGIN")
    }

    @Test("a wrong password is refused for good, and shown nowhere")
    func wrongPassword() async throws {
        let server = try await MailServer(MailServer.Settings(wantsLogin: true))
        let login = SMTPErrand.Login(user: "ann", password: Secret("wr0ngWr0ng"))
        let run = try await send(mail(), port: server.port, login: login)
        #expect(run.isFinal)
        #expect(run.fault?.hasPrefix("refused the login: 535") == true, "\(run.fault ?? "")")
        #expect(server.mails == [])
    }

    @Test("no login on offer, no mail; nothing is said for good")
    func noLogin() async throws {
        let server = try await MailServer(MailServer.Settings(withheld: ["PLAIN", "LOGIN"]))
        let run = try await send(mail(), port: server.port, login: Self.login)
        #expect(run.fault == "offers no login by PLAIN or LOGIN")
        #expect(!run.isFinal)
        #expect(server.mails == [])
    }

    @Test("without STARTTLS on offer nothing is sent in clear text")
    func noStartTLS() async throws {
        let server = try await MailServer()
        let run = try await send(mail(), port: server.port, .startTLS, login: Self.login)
        #expect(run.fault == "does not offer STARTTLS")
        #expect(!run.isFinal)
        #expect(server.mails == [])
    }

    @Test("a stranger's certificate is not trusted, whatever his name")
    func stranger() async throws {
        let authority = try await TestAuthority()
        let server = try await MailServer(
            MailServer.Settings(security: "starttls"), try await authority.issue(for: ["localhost"]))
        let run = try await send(mail(), port: server.port, .startTLS)
        #expect(run.fault?.contains("no trusted authority") == true)
        let other = try await send(
            mail(), port: server.port, .startTLS, authority: authority.certificate, host: "127.0.0.1")
        #expect(other.fault?.contains("not for 127.0.0.1") == true)
        #expect(server.mails == [])
    }

    @Test("those who are taken get it, and the others are named")
    func someRefused() async throws {
        let server = try await MailServer()
        let mail = try mail(to: ["nobody@example.com", "ops@example.com", "later@example.com"])
        let run = try await send(mail, port: server.port)
        #expect(run.fault == nil)
        #expect(run.accepted.map(\.text) == ["ops@example.com"])
        #expect(run.refusals.map(\.recipient.local) == ["nobody", "later"])
        #expect(run.refusals.map(\.reply.code) == [550, 451])
        #expect(try only(server).recipients == ["ops@example.com"])
    }

    @Test(
        "for nobody it is for good only if it is for everybody",
        arguments: [(["nobody@e.org", "nobody2@e.org"], true), (["nobody@e.org", "later@e.org"], false)])
    func nobody(_ recipients: [String], _ isFinal: Bool) async throws {
        let server = try await MailServer()
        let run = try await send(mail(to: recipients), port: server.port)
        #expect(run.fault == "takes it for nobody")
        #expect(run.isFinal == isFinal)
        #expect(server.mails == [])
    }
}
