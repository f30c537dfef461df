import NIOCore
import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

@Suite("A TCP check with a script")
struct TCPScriptTests {
    private func step(
        _ send: TargetText? = nil, _ expect: TargetText? = nil, matches: TargetText? = nil
    ) -> Settings.Value {
        var step = Settings()
        if let matches { step.set("matches", .text(matches)) }
        if let send { step.set("send", .text(send)) }
        if let expect { step.set("expect", .text(expect)) }
        return .object(step)
    }

    private func probe(
        _ network: TestNetwork, _ port: Int, _ steps: [Settings.Value], _ more: [String: Settings.Value] = [:]
    ) throws -> TCPProbe {
        var settings = Settings(target: TargetText("localhost:\(port)"), as: "address")
        settings.set("steps", .list(steps))
        for (name, value) in more { settings.set(name, value) }
        return try TCPProbe(settings, loops: network.loops)
    }

    @Test("talks to a real server, in the clear and under TLS")
    func real() async throws {
        let authority = try await TestAuthority()
        let identity = try await authority.issue(for: ["localhost"])
        let smtp = try await SMTPServer(identity)
        let network = try TestNetwork()
        let mail = await network.run(
            try probe(
                network, smtp.port,
                [step(nil, "220 "), step("EHLO a\\r\\n", "250 HELP"), step("QUIT\r\n", "221 Bye")]))
        #expect(mail.verdict == "pass", "\(mail)")
        #expect(mail.phases.map(\.phase) == [.resolve, .connect, .greeting, .request])

        let nginx = try await Nginx([identity])
        let tls: [String: Settings.Value] = [
            "tls": .flag(true), "ca": .text(TargetText(authority.certificate)),
        ]
        let get = "GET / HTTP/1.0\\r\\n\\r\\n" as TargetText
        let secure = try probe(network, nginx.securePorts[0], [step(get, "secure")], tls)
        let result = await network.run(secure)
        #expect(result.verdict == "pass", "\(result)")
        #expect(result.facts[.certificateNames] == .list(["localhost"]))
        let plain = await network.run(try probe(network, nginx.port, [step(get, "secure")]))
        #expect(plain.verdict == "unexpected_reply in request")
        #expect(
            plain.fault?.message.hasPrefix(
                "expected “secure” before the end of the connection, but “HTTP/1.1 200") == true)
    }

    @Test("says at the deadline what came instead, or that nothing came")
    func deadline() async throws {
        let network = try TestNetwork()
        let other = try await ScriptedPeer(.reply("-ERR no\u{1}\u{FF}"))
        let steps = [step("PING s3cret\\r\\n", "+PONG")]
        let result = await network.run(try probe(network, other.port, steps), timeout: .milliseconds(400))
        #expect(result.verdict == "unexpected_reply in request")
        #expect(result.fault?.message == "expected “+PONG” within the timeout, but “-ERR no ÿ” came")
        #expect(other.received == "PING s3cret\r\n")

        let silent = try await ScriptedPeer(.silence)
        for steps in [steps, [step(nil, "220")]] {
            let result = await network.run(
                try probe(network, silent.port, steps), timeout: .milliseconds(300))
            #expect(result.fault?.cause == .timeout)
        }
        let closing = try await ScriptedPeer(.closeAtOnce)
        let closed = await network.run(try probe(network, closing.port, [step(nil, "220")]))
        #expect(closed.fault?.cause == .reset)
    }

    @Test("finds what comes in pieces, and does not take more than it may")
    func bounds() async throws {
        let network = try TestNetwork()
        let slow = try await ScriptedPeer(.trickle("aaa", "aab and more"))
        let found = await network.run(try probe(network, slow.port, [step("x", "aaaab"), step(nil, "more")]))
        #expect(found.verdict == "pass", "\(found)")
        let flood = try await ScriptedPeer(.flood("a", "b"))
        let result = await network.run(try probe(network, flood.port, [step("x", "never")]))
        #expect(result.verdict == "unexpected_reply in request")
        #expect(result.fault?.message == "sent more than 65536 bytes")
    }

    @Test("finds by a regular expression, in pieces too, and goes on behind what it matched")
    func patterns() async throws {
        let network = try TestNetwork()
        let slow = try await ScriptedPeer(.trickle("v=1", "2.5;mode=up and more"))
        let good = [
            step("x", matches: "v=\\d+\\.\\d"), step(nil, matches: "mode=(up|down)"), step(nil, "and more"),
        ]
        #expect(await network.run(try probe(network, slow.port, good)).verdict == "pass")
        let peer = try await ScriptedPeer(.replyAndClose("250-a\r\n250 b\r\n"))
        let lines = [step("x", matches: "(?m)^250-a\r?$"), step(nil, matches: "250 [a-c]")]
        let read = await network.run(try probe(network, peer.port, lines))
        #expect(read.verdict == "pass", "\(read)")
        let other = await network.run(try probe(network, peer.port, [step("x", matches: "^550")]))
        #expect(other.verdict == "unexpected_reply in request")
        #expect(other.fault?.message.hasPrefix("expected “^550” before the end of the connection") == true)
    }

    @Test("looks at the same bytes not too often, but at the last of them")
    func trials() throws {
        let settings = Settings(["matches": .text("ab{200}c")])
        let script = try TCPScript([settings])
        var dialogue = TCPDialogue(script)
        _ = dialogue.opened()
        let text = String(repeating: "x", count: 2_000) + "a" + String(repeating: "b", count: 200) + "c"
        var steps: [ProbeStep] = []
        for byte in text.utf8 {
            var input = ByteBuffer(bytes: [byte])
            steps += dialogue.received(&input)
        }
        #expect(steps + dialogue.ended() == [.pass()])
    }

    @Test("shows no secret that was said, even where the server repeats it")
    func secrets() async throws {
        let network = try TestNetwork()
        let secret = "s3cr\\nt"
        let text = TargetText("AUTH \(secret)\\n", variables: [5..<12])
        for padding in [0, 1_010, 1_015, 1_020, 2_000] {
            let reply = String(repeating: ".", count: padding) + "no \(secret)"
            let peer = try await ScriptedPeer(.reply(reply))
            let result = await network.run(
                try probe(network, peer.port, [step(text, "OK")]), timeout: .milliseconds(300))
            #expect(peer.received == "AUTH \(secret)\n")
            #expect(result.fault?.cause == .unexpectedReply)
            for text in [result.fault?.message ?? "", result.trace] {
                #expect(!text.contains("s3c"), "\(text)")
            }
        }
    }

    @Test(
        "reads bytes that are hard to write",
        arguments: [
            ("a\\r\\n\\t\\0\\e\\\\b", [97, 13, 10, 9, 0, 27, 92, 98]), ("\\x00\\xfF", [0, 255]),
            ("\r\n", [13, 10]),
            ("é", [0xC3, 0xA9]), ("", []),
        ] as [(String, [UInt8])])
    func escapes(text: String, bytes: [UInt8]) throws {
        #expect(try EscapedBytes.parse(TargetText(text)) == bytes)
    }

    @Test("refuses what means no byte", arguments: ["\\", "\\q", "\\x", "\\x1", "\\xg0", "\\x+1", "a\\"])
    func badEscapes(text: String) {
        #expect(throws: TargetError.self) { try EscapedBytes.parse(TargetText(text)) }
    }

    @Test("is refused where a step or a setting would do nothing")
    func refused() throws {
        let network = try TestNetwork()
        for steps in [
            [step()], [step("x", "")], [step("\\q")], [step("x", "a", matches: "a")],
            [step(nil, matches: "(")],
            [step(TargetText(String(repeating: "x", count: 5_000)))],
        ] {
            #expect(throws: TargetError.self) { try probe(network, 1, steps) }
        }
        #expect(throws: TargetError.self) { try probe(network, 1, [], ["ca": .text("/x")]) }
    }

    @Test("is another one whenever its script differs, and the one that it was without any")
    func identity() throws {
        let network = try TestNetwork()
        let scripts = [
            [], [step("a")], [step(nil, "a")], [step(nil, matches: "a")], [step("a", "b")],
            [step("a"), step("b")], [step("ab")],
            [step("a"), step(nil, "b")],
        ]
        let identities = try scripts.map { try probe(network, 1, $0).identity }
        #expect(Set(identities).count == scripts.count)
        #expect(identities[0] == "tcp localhost:1")
        #expect(try probe(network, 1, [], ["tls": .flag(true)]).identity != identities[0])
    }

    @Test("keeps the first kilobyte of what came, over all of its steps")
    func firstBytes() {
        let script = try? TCPScript([
            Settings(["expect": .text("b")]), Settings(["expect": .text("end")]),
        ])
        var dialogue = TCPDialogue(script ?? .empty)
        _ = dialogue.opened()
        var input = ByteBuffer(string: "ab" + String(repeating: "c", count: 2_000) + "end and more")
        #expect(dialogue.received(&input) == [.pass()])
        #expect(dialogue.firstBytes == Array("ab".utf8) + Array(repeating: UInt8(ascii: "c"), count: 1_022))
    }
}
