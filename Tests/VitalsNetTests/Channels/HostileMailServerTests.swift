import NIOCore
import Testing
import VitalsCore
import VitalsEngine

@testable import VitalsNet

/// Mail servers that do what none should.
@Suite struct HostileMailServerTests {
    private func send(
        _ script: ScriptedPeer.Script, _ security: SMTPErrand.Security = .none,
        timeout: Duration = .seconds(30)
    ) async throws -> (run: MailRun, received: String) {
        let network = try TestNetwork()
        let peer = try await ScriptedPeer(script)
        let address = try MailAddress(parsing: "a@example.com")
        let errand = SMTPErrand(
            security: security, name: "vitals.test",
            login: SMTPErrand.Login(user: "ann", password: Secret("s3cret-word")), sender: address,
            recipients: [address], message: ByteBuffer(string: ".\r\n"))
        let target = ProbeTarget(
            .host("127.0.0.1", port: peer.port),
            tls: TLSSettings(security == .none ? .disable : .require), startsWithTLS: security == .tls,
            readLimit: 1 << 18, secrets: errand.login?.secrets ?? [])
        let run = await Caller(loops: network.loops).call(target, SMTPDialogue(errand), timeout: timeout) {
            result, dialogue in
            MailRun(
                fault: result.fault?.message, isFinal: dialogue.isFinal, accepted: dialogue.accepted,
                refusals: dialogue.refusals)
        }
        return (run, peer.received)
    }

    @Test(
        "whatever is no SMTP ends at once, with a word for it",
        arguments: [
            ("SSH-2.0-OpenSSH_9.2\r\n", "said what is no SMTP"),
            (String(repeating: "220-a\r\n", count: 200), "said more than 100 lines at once"),
            (String(repeating: "x", count: 5_000), "said a line of more than 4096 bytes"),
            ("220-a\r\n250 b\r\n", "said what is no SMTP"), ("\r\n", "said what is no SMTP"),
            ("999 a\r\n", "said what is no SMTP"), ("554 no mail here\r\n", "greeted with 554 no mail here"),
            ("421 too busy\r\n", "greeted with 421 too busy"),
            ("220 a\r\n250 b\r\n250 c\r\n", "offers no login by PLAIN or LOGIN"),
        ])
    func noSMTP(_ greeting: String, _ fault: String) async throws {
        let (run, _) = try await send(.greet(greeting))
        #expect(run.fault?.hasPrefix(fault) == true, "\(run.fault ?? "passed")")
        #expect(run.isFinal == greeting.hasPrefix("5"))
        #expect(run.accepted == [])
    }

    @Test("replies before they are asked for are no TLS, and no mail")
    func injected() async throws {
        let (run, received) = try await send(
            .greet("220 a\r\n250-b\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n220 go\r\n250 injected\r\n"),
            .startTLS)
        #expect(run.fault == "said something between STARTTLS and TLS")
        #expect(!received.contains("AUTH"))
    }

    @Test("one that says nothing, drips or never stops ends in time")
    func endless() async throws {
        for script in [
            ScriptedPeer.Script.silence, .greet("220-"),
            .trickle("", String(repeating: "220-a\r\n", count: 99)),
        ] {
            let (run, _) = try await send(script, timeout: .milliseconds(300))
            #expect(run.fault?.contains("within 300 ms") == true, "\(run.fault ?? "passed")")
            #expect(!run.isFinal)
        }
    }

    @Test("one that hangs up or takes its leave in the middle may take it later")
    func hangsUp() async throws {
        let (closed, _) = try await send(.closeAtOnce)
        #expect(closed.fault?.contains("closed the connection") == true)
        #expect(!closed.isFinal)
        let (leaving, _) = try await send(
            .greet("220 a\r\n250-b\r\n250 AUTH PLAIN\r\n235 c\r\n250 d\r\n421 bye\r\n"))
        #expect(leaving.fault == "said 421 bye")
        #expect(!leaving.isFinal)
    }

    @Test("whoever repeats the password is not repeated")
    func repeats() async throws {
        let (run, _) = try await send(
            .greet(
                "220 a\r\n250-b\r\n250 AUTH PLAIN\r\n535 no: s3cret-word AGFubgBzM2NyZXQtd29yZA==\r\n"))
        #expect(run.fault == "refused the login: 535 no: ••• •••")
        #expect(run.isFinal)
    }

    @Test("an old server without EHLO gets a HELO")
    func oldServer() async throws {
        let network = try TestNetwork()
        let peer = try await ScriptedPeer(
            .greet("220 a\r\n502 what\r\n250 hello\r\n250 sender\r\n250 recipient\r\n354 go\r\n250 kept\r\n"))
        let address = try MailAddress(parsing: "a@example.com")
        let errand = SMTPErrand(
            security: .none, name: "vitals.test", login: nil, sender: address, recipients: [address],
            message: ByteBuffer(string: "x\r\n.\r\n"))
        let fault = await Caller(loops: network.loops).call(
            ProbeTarget(.host("127.0.0.1", port: peer.port)), SMTPDialogue(errand), timeout: .seconds(30)
        ) { result, _ in result.fault?.message }
        #expect(fault == nil)
        let sent =
            "EHLO vitals.test\r\nHELO vitals.test\r\nMAIL FROM:<a@example.com>\r\n"
            + "RCPT TO:<a@example.com>\r\nDATA\r\nx\r\n.\r\nQUIT\r\n"
        #expect(peer.received.hasPrefix(String(sent.dropLast(6))))
    }
}
