import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

@Suite("A WebSocket server that does not behave")
struct WebSocketHostileTests {
    private static let any: [String: Settings.Value] = ["steps": .list([.object(["any": .flag(true)])])]

    @Test(
        "is told by what it sends",
        arguments: [
            ("c100", "unexpected_reply in read", "sent a frame with reserved bits"),
            ("818001020304", "unexpected_reply in read", "masked a frame"),
            ("827f000000007fffffff", "unexpected_reply in read", "sent a message of more than 1048576 bytes"),
            ("8101ff", "unexpected_reply in read", "sent a text that is not UTF-8"),
            ("880203f5", "backend_unavailable in read", "closed with 1013"),
            ("880203e8", "unexpected_reply in read", "closed with 1000 while we waited for a message"),
        ])
    func frames(hex: String, verdict: String, words: String) async throws {
        let server = try await WebSocketServer()
        let network = try TestNetwork()
        // Without a ping, whose pong would come between the bytes.
        let quiet = Self.any.merging(["ping": .flag(false)]) { $1 }
        for slow in ["", "&slow=1"] {
            let url = "ws://127.0.0.1:\(server.port)/raw?hex=\(hex)\(slow)"
            let result = await network.run(try network.webSocket(TargetText(url), quiet))
            #expect(result.verdict.hasPrefix(verdict), "\(result)")
            #expect(result.fault?.message.contains(words) == true, "\(result)")
        }
    }

    @Test("has the time of the run and no more, and no more bytes than that")
    func bounds() async throws {
        let server = try await WebSocketServer()
        let network = try TestNetwork()
        let base = "ws://127.0.0.1:\(server.port)"
        let endless = await network.run(try network.webSocket("\(base)/endless", Self.any))
        #expect(endless.verdict == "unexpected_reply in read", "\(endless)")
        #expect(endless.fault?.message == "sent more than 10000 frames")
        // Half of a frame, and nothing more.
        let half = await network.run(
            try network.webSocket("\(base)/raw?hex=810568", Self.any.merging(["ping": .flag(false)]) { $1 }),
            timeout: .seconds(3))
        #expect(half.verdict == "timeout in read")
        let gone = await network.run(try network.webSocket("\(base)/hangup", Self.any))
        #expect(gone.verdict == "reset in read (1006)")
        let small = await network.run(
            try network.webSocket(
                "\(base)/greet", Self.any.merging(["max_message_bytes": .integer(5)]) { $1 }))
        #expect(small.fault?.message == "sent a message of more than 5 bytes")
    }

    @Test("is no WebSocket server at all")
    func others() async throws {
        let network = try TestNetwork()
        let cases: [(ScriptedPeer.Script, String)] = [
            (.greet("SSH-2.0-OpenSSH_9\r\n"), "protocol_mismatch in first_byte"),
            (.replyAndClose("+OK hi\r\n"), "protocol_mismatch in first_byte"),
            (.closeAtOnce, "reset in first_byte"), (.silence, "timeout in first_byte"),
            (
                .reply(String(repeating: "HTTP/1.1 100 C\r\n\r\n", count: 50)),
                "unexpected_reply in first_byte"
            ),
            (.flood("HTTP/1.1 101 S\r\n", "X-A: b\r\n"), "unexpected_reply in first_byte"),
            (
                .trickle("HTTP/1.1 403 No\r\n\r\n", String(repeating: "x", count: 500)),
                "http_status in first_byte (403)"
            ),
        ]
        for (script, verdict) in cases {
            let peer = try await ScriptedPeer(script)
            let result = await network.run(
                try network.webSocket("ws://127.0.0.1:\(peer.port)/"), timeout: .seconds(3))
            #expect(result.verdict.hasPrefix(verdict), "\(result)")
        }
    }

    @Test("shows no secret that it was told, wherever what came is cut", arguments: [0, 490, 505, 511, 600])
    func cutSecrets(padding: Int) async throws {
        let server = try await WebSocketServer()
        let network = try TestNetwork()
        let pad = String(repeating: ".", count: padding)
        let text = TargetText("\(pad)say t0p-s3cr3t", variables: [padding + 4..<padding + 14])
        let probe = try network.webSocket(
            "ws://127.0.0.1:\(server.port)/echo",
            ["steps": .list([.object(["send": .text(text), "equals": .text("never")])])])
        let result = await network.run(probe, timeout: .seconds(3))
        #expect(result.verdict == "unexpected_reply in read")
        #expect(!"\(result)".contains("t0p"), "\(result)")
        #expect(!probe.scrubbed("t0p-s3cr3t").contains("s3cr3t"))
    }

    @Test("shows no secret of the URL with which it closes")
    func closingSecrets() async throws {
        let server = try await WebSocketServer()
        let network = try TestNetwork()
        let url = TargetText(
            "ws://127.0.0.1:\(server.port)/bye?with=4000&token=t0p-s3cr3t&reason=you-said-t0p-s3cr3t")
        let closed = await network.run(
            try network.webSocket(
                url, ["steps": .list([.object(["send": .text("x"), "equals": .text("y")])])]))
        #expect(closed.verdict == "unexpected_reply in read (4000)")
        #expect(closed.fault?.message.contains("(“you-said-•••”)") == true, "\(closed)")
        #expect(!"\(closed)".contains("t0p-s3cr3t"), "\(closed)")
    }
}
