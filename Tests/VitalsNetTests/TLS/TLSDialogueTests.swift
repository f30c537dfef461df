import NIOCore
import Testing
import VitalsCore

@testable import VitalsNet

@Suite("A dialogue that asks for TLS")
struct TLSDialogueTests {
    /// What became of a dialogue that was told these things, one after the other: `tls_unsupported (454)`,
    /// `TLS` where it begins, or `waits`.
    private func outcome(_ upgrade: StartTLS, _ words: [String]) -> (text: String, sent: String) {
        var dialogue = TLSDialogue(upgrade, days: .usual)
        var input = ByteBuffer()
        var steps = dialogue.opened()
        for word in words {
            input.writeBytes(word.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
            steps += dialogue.received(&input)
        }
        let sent = steps.map { step in
            switch step {
            case .send(let bytes): String(buffer: bytes)
            case .fail(_, _, _, let farewell): farewell.map { String(buffer: $0) } ?? ""
            default: ""
            }
        }
        for step in steps {
            switch step {
            case .startTLS: return ("TLS", sent.joined())
            case .fail(let cause, let code, _, _):
                return (cause.rawValue + (code.map { " (\($0))" } ?? ""), sent.joined())
            default: continue
            }
        }
        return ("waits", sent.joined())
    }

    @Test(
        "goes on, waits or gives up as the server answers",
        arguments: [
            (StartTLS.smtp, [], "waits", ""),
            (.smtp, ["220 mail ESMTP\r\n"], "waits", "EHLO localhost\r\n"),
            (
                .smtp, ["220-a\r\n220", "-b\r\n220 c\n", "250-mail\r\n250-starttls\r\n250 SIZE 10\r\n"],
                "waits", "EHLO localhost\r\nSTARTTLS\r\n"
            ),
            (
                .smtp, ["220 a\r\n", "250 STARTTLS\r\n", "220 Go\r\n"], "TLS",
                "EHLO localhost\r\nSTARTTLS\r\n"
            ),
            (
                .smtp, ["220 a\r\n", "250 STARTTLS\r\n", "220 Go\r\n250 injected\r\n"], "unexpected_reply",
                "EHLO localhost\r\nSTARTTLS\r\nQUIT\r\n"
            ),
            (
                .smtp, ["220 a\r\n", "250-x\r\n250 PIPELINING\r\n"], "tls_unsupported",
                "EHLO localhost\r\nQUIT\r\n"
            ),
            (
                .smtp, ["220 a\r\n", "250 STARTTLS\r\n", "454 no TLS now\r\n"], "tls_unsupported (454)",
                "EHLO localhost\r\nSTARTTLS\r\nQUIT\r\n"
            ),
            (
                .smtp, ["220 a\r\n", "500 what?\r\n"], "tls_unsupported (500)",
                "EHLO localhost\r\nQUIT\r\n"
            ),
            (.smtp, ["421 busy\r\n"], "backend_unavailable (421)", ""),
            (.smtp, ["554 not you\r\n"], "host_blocked (554)", ""),
            (.smtp, ["2xx\r\n"], "protocol_mismatch", ""), (.smtp, ["220~\r\n"], "protocol_mismatch", ""),
            (.smtp, ["* OK\r\n"], "protocol_mismatch", ""), (.smtp, ["HTTP/1.1"], "protocol_mismatch", ""),
            (
                .imap, ["* OK hi\r\n", "* CAPABILITY IMAP4rev1\r\na1 ok Begin\r\n"], "TLS",
                "a1 STARTTLS\r\n"
            ),
            (
                .imap, ["* OK hi\r\n", "a1 OK Begin\r\n* injected\r\n"], "unexpected_reply",
                "a1 STARTTLS\r\na2 LOGOUT\r\n"
            ),
            (
                .imap, ["* OK hi\r\n", "a1 BAD what\r\n"], "tls_unsupported",
                "a1 STARTTLS\r\na2 LOGOUT\r\n"
            ),
            (.imap, ["* PREAUTH hi\r\n"], "tls_unsupported", ""),
            (.imap, ["* BYE busy\r\n"], "backend_unavailable", ""),
            (.imap, ["* OK hi\r\n", "a7 OK\r\n"], "protocol_mismatch", "a1 STARTTLS\r\na2 LOGOUT\r\n"),
            (.imap, ["*\r\n"], "protocol_mismatch", ""), (.imap, ["220 x\r\n"], "protocol_mismatch", ""),
            (.pop3, ["+OK hi\r\n", "+OK Begin\r\n"], "TLS", "STLS\r\n"),
            (.pop3, ["+OK hi\r\n", "+OK\r\n+OK\r\n"], "unexpected_reply", "STLS\r\nQUIT\r\n"),
            (.pop3, ["+OK hi\r\n", "-ERR no\r\n"], "tls_unsupported", "STLS\r\nQUIT\r\n"),
            (.pop3, ["-ERR busy\r\n"], "backend_unavailable", ""),
            (.pop3, ["+OK hi\r\n", "what\r\n"], "protocol_mismatch", "STLS\r\nQUIT\r\n"),
            (.postgres, ["S"], "TLS", "\0\0\0\u{8}\u{4}\u{fffd}\u{16}/"),
            (.postgres, ["N"], "tls_unsupported", "\0\0\0\u{8}\u{4}\u{fffd}\u{16}/"),
            (.postgres, ["Sinjected"], "protocol_mismatch", "\0\0\0\u{8}\u{4}\u{fffd}\u{16}/"),
        ] as [(StartTLS, [String], String, String)])
    func answers(_ upgrade: StartTLS, _ words: [String], _ expected: String, _ sent: String) {
        let outcome = outcome(upgrade, words)
        #expect(outcome.text == expected)
        #expect(outcome.sent == sent)
    }

    @Test("reads no line without an end, and no lines without an end")
    func bounded() {
        let line = String(repeating: "x", count: 5_000)
        let lines = String(repeating: "220-hello\r\n", count: 1_000)
        #expect(outcome(.smtp, ["220 " + line]).text == "unexpected_reply")
        #expect(outcome(.smtp, [lines]).text == "unexpected_reply")
        #expect(
            outcome(.imap, ["* OK hi\r\n"] + Array(repeating: "* x\r\n", count: 500)).text
                == "unexpected_reply")
    }

    @Test("cut between any two bytes, the answers mean the same")
    func pieces() {
        let words = "220-a\r\n220 b\r\n250-c\r\n250 STARTTLS\r\n220 Go\r\n"
        let whole = outcome(.smtp, words.map { String($0) })
        #expect(whole.text == "TLS")
        #expect(whole.sent == "EHLO localhost\r\nSTARTTLS\r\n")
    }

    @Test(
        "warns and fails when fewer days are left than it was told",
        arguments: [
            (22, nil), (21, nil), (20, .vital), (7, .vital), (6, .tlsCertExpired), (-1, .tlsCertExpired),
        ] as [(Int, Cause?)])
    func days(_ left: Int, _ cause: Cause?) {
        #expect(CertificateDays.usual.cause(of: left) == cause)
    }
}
