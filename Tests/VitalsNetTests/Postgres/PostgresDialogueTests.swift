import NIOCore
import Testing
import VitalsCore

@testable import VitalsNet

@Suite("A dialogue with a PostgreSQL server")
struct PostgresDialogueTests {
    @Test("passes, tells what it learned, and says goodbye")
    func passes() throws {
        var script = try PostgresScript()
        for bytes in [ServerBytes.start, ServerBytes.identity, ServerBytes.one] { script.receive(bytes) }
        #expect(script.verdict == .pass(farewell: PostgresFrontend.terminate))
        let facts = script.steps.compactMap { step -> String? in
            if case .fact(let name, .text(let value)) = step { "\(name.rawValue)=\(value)" } else { nil }
        }
        #expect(facts == ["server_version=15.18", "role=primary", "system_identifier=7412345678901234567"])
        #expect(script.phase == .read)
    }

    @Test("asks for TLS with eight bytes, and believes exactly one in answer")
    func sslRequest() throws {
        let target = "postgres://u@h/d?sslmode=require"
        let request: [UInt8] = [0, 0, 0, 8, 4, 210, 22, 47]
        var script = try PostgresScript(target)
        #expect(script.sent == request)
        #expect(script.phase == .tls)
        script.receive([UInt8(ascii: "S")])
        #expect(script.steps.last == .startTLS)
        script.secure()
        #expect(script.phase == .authenticate)
        #expect(script.sent.dropFirst(8).starts(with: [0, 0, 0]))

        var injected = try PostgresScript(target)
        injected.receive([UInt8(ascii: "S")] + ServerBytes.ok)
        #expect(injected.cause == "protocol_mismatch")

        var refused = try PostgresScript(target)
        refused.receive([UInt8(ascii: "N")])
        #expect(refused.cause == "tls_unsupported")

        var error = try PostgresScript(target)
        error.receive(ServerBytes.error("53300", "sorry, too many clients already"))
        #expect(error.cause == "too_many_connections (53300)")
    }

    @Test("asks for nothing at startup that a pooler would refuse")
    func startup() throws {
        let script = try PostgresScript("postgres://ann@127.0.0.1/orders?application_name=x")
        let text = [
            "user", "ann", "database", "orders", "application_name", "x", "client_encoding", "UTF8", "",
        ]
        let body = ServerBytes.integer(196_608) + text.flatMap(ServerBytes.text)
        #expect(script.sent == ServerBytes.integer(body.count + 4) + body)
    }

    @Test(
        "knows what answers in the place of a server",
        arguments: [
            ("HTTP/1.1 400 Bad Request\r\n", "an HTTP server"),
            ("-ERR unknown command\r\n", "a Redis server"),
            ("SSH-2.0-OpenSSH_9.2\r\n", "an SSH server"),
            ("J\0\0\0\n10.11.19-MariaDB\0", "a MySQL or MariaDB server"),
            ("N\0\0\0\n8.0.36-0ubuntu\0", "a MySQL or MariaDB server"),
            ("E\0\0\0\u{ff}", "something that begins"), ("220 mail ESMTP\r\n", "an SMTP or FTP server"),
            ("\u{15}\u{3}\u{3}\0\u{2}", "expects TLS"), ("\u{1}\u{2}\u{3}", "begins with the bytes 01 02 03"),
        ])
    func foreign(bytes: String, name: String) throws {
        for mode in ["disable", "require"] { try foreign(bytes: bytes, name: name, mode: mode) }
    }

    private func foreign(bytes: String, name: String, mode: String) throws {
        var script = try PostgresScript("postgres://u@127.0.0.1/d?sslmode=\(mode)")
        script.receive(bytes.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
        if bytes.hasPrefix("E\0\0\0") {
            // A message that has not come to its end.
            #expect(script.cause == nil)
            return
        }
        #expect(script.cause == "protocol_mismatch")
        #expect(script.message.contains(name), "\(script.message)")
    }

    @Test("knows its own bytes", arguments: ["disable", "require"])
    func echo(mode: String) throws {
        var script = try PostgresScript("postgres://u@127.0.0.1/d?sslmode=\(mode)")
        script.receive(script.sent)
        #expect(script.cause == "protocol_mismatch")
        #expect(script.message.contains("echoes"))
    }

    @Test("understands a postmaster that cannot start a process")
    func oldError() throws {
        var script = try PostgresScript()
        script.receive(Array("Ecould not fork new process for connection: Cannot allocate memory\n\0".utf8))
        #expect(script.cause == "backend_unavailable")
        #expect(script.message.hasPrefix("could not fork"))
    }

    @Test("sends a password in clear text only where nobody can read along")
    func cleartext() throws {
        for (target, isSent) in [
            ("postgres://u:pencil@db1.example.com/d?sslmode=disable", false),
            ("postgres://u:pencil@127.0.0.1/d?sslmode=disable", true),
            ("postgres://u:pencil@/d?host=/tmp", true),
        ] {
            var script = try PostgresScript(target)
            script.receive(ServerBytes.authentication(3))
            let message = ServerBytes.message("p", ServerBytes.text("pencil"))
            #expect((script.sent.suffix(message.count) == message[...]) == isSent)
            #expect(script.cause == (isSent ? nil : "tls_unsupported"))
            #expect(isSent || script.message.contains("sslmode=require"))
        }
    }

    @Test(
        "refuses logins that it does not speak",
        arguments: [
            (ServerBytes.authentication(7), "GSSAPI"), (ServerBytes.authentication(9), "SSPI"),
            (ServerBytes.authentication(2), "Kerberos"), (ServerBytes.authentication(99), "number 99"),
            (ServerBytes.sasl("SCRAM-SHA-256-PLUS"), "offers only SCRAM-SHA-256-PLUS"),
        ])
    func unsupported(bytes: [UInt8], words: String) throws {
        var script = try PostgresScript()
        script.receive(bytes)
        #expect(script.cause == "auth_failed")
        #expect(script.message.contains(words))
    }

    @Test("takes no rows before it has asked for any")
    func earlyRow() throws {
        var script = try PostgresScript()
        script.receive(ServerBytes.ok + ServerBytes.row("1"))
        #expect(script.cause == "unexpected_reply")
        #expect(script.message == "the server sent rows that were not asked for")
    }

    @Test("blames itself when the keys of a login cannot be derived")
    func noKeys() throws {
        let target = try PostgresDSNParser.parse("postgres://u:pencil@127.0.0.1/d", defaultUser: nil)
        var dialogue = PostgresDialogue(PostgresLogin(target, keys: ScramKeyCache()), nonce: "abc")
        _ = dialogue.opened()
        var input = ByteBuffer(
            bytes: ServerBytes.sasl("SCRAM-SHA-256")
                + ServerBytes.authentication(11, Array("r=abcdef,s=QSXCR+Q6sek8bf92,i=4096".utf8)))
        _ = dialogue.received(&input)
        let steps = dialogue.computed(ScramKeys?.none as any Sendable)
        #expect(steps == [.fail(.internal, message: "the keys of the login could not be derived")])
    }

    @Test("bears a server that cannot say who it is", arguments: ["42883", "42501", "0A000", "XX000"])
    func unknownIdentity(code: String) throws {
        var script = try PostgresScript()
        script.receive(ServerBytes.start)
        script.receive(ServerBytes.error(code, "no such function", severity: "ERROR") + ServerBytes.ready)
        script.receive(ServerBytes.one)
        #expect(script.cause == "pass")
        #expect(script.steps.contains(.fact(.role, .text("primary"))))
    }

    @Test("does not bear a server that goes away while it is asked", arguments: ["57P01", "XX001"])
    func brokenIdentity(code: String) throws {
        var script = try PostgresScript()
        script.receive(ServerBytes.start)
        script.receive(ServerBytes.error(code, "gone"))
        #expect(script.cause?.hasSuffix("(\(code))") == true)
        #expect(script.phase == .session)
    }

    @Test("knows PgBouncer's own console")
    func console() throws {
        var script = try PostgresScript()
        script.receive(
            ServerBytes.ok + ServerBytes.parameter("server_version", "1.18.0/bouncer") + ServerBytes.ready)
        #expect(script.phase == .read)
        #expect(script.steps.contains(.fact(.pooler, .text("pgbouncer"))))
        let sent = String(decoding: script.sent, as: UTF8.self)
        #expect(sent.contains("SHOW VERSION") && !sent.contains("SELECT"), "it takes nothing else")
        script.receive(ServerBytes.description + ServerBytes.row("PgBouncer 1.18.0") + ServerBytes.done)
        script.receive(ServerBytes.ready)
        #expect(script.cause == "pass")
    }

    @Test("does not take another answer for the one it asked for")
    func wrongAnswer() throws {
        for answer in [
            ServerBytes.row("2"), ServerBytes.row(nil), [], ServerBytes.row("1") + ServerBytes.row("1"),
        ] {
            var script = try PostgresScript()
            for bytes in [
                ServerBytes.start, ServerBytes.identity, answer + ServerBytes.done + ServerBytes.ready,
            ] {
                script.receive(bytes)
            }
            #expect(script.cause == "unexpected_reply")
        }
    }

    @Test("says where the server hung up")
    func ended() throws {
        let parts = [[], ServerBytes.sasl("SCRAM-SHA-256"), ServerBytes.start, ServerBytes.identity]
        let moments = ["before answering", "during the login", "during a query", "during a query"]
        for (part, moment) in zip(parts, moments) {
            var script = try PostgresScript()
            if part == ServerBytes.identity { script.receive(ServerBytes.start) }
            script.receive(part)
            script.end()
            #expect(script.cause == "reset")
            #expect(script.message.hasSuffix(moment))
        }
    }

    @Test("at the deadline asks the server to give up a query, and nothing before there is one")
    func expires() throws {
        var early = try PostgresScript()
        early.receive(ServerBytes.ok)
        early.expire()
        #expect(!early.steps.contains { if case .errand = $0 { true } else { false } })

        var script = try PostgresScript()
        script.receive(ServerBytes.start)
        script.expire()
        let errands = script.steps.compactMap { if case .errand(let errand) = $0 { errand } else { nil } }
        var dialogue = try #require(errands.first).dialogue()
        guard case .send(let bytes)? = dialogue.opened().last else {
            Issue.record("nothing is sent")
            return
        }
        let body = ServerBytes.integer(80_877_102) + ServerBytes.integer(4711) + ServerBytes.integer(42)
        #expect(Array(bytes.readableBytesView) == ServerBytes.integer(16) + body)
        #expect(dialogue.ended() == [.pass()])
    }
}
