import NIOCore
import VitalsCore
import VitalsEngine

@testable import VitalsNet

extension FuzzTarget {
    /// Two bytes that choose what is asked for and the pieces, then what a server says from its answer to the
    /// handshake on. Where the first byte says so, that answer is a good one and not part of it.
    static let websocket = FuzzTarget(name: "websocket", feed: WebSocketTarget.feed)

    /// The same of a server that should speak as Supabase Realtime does.
    static let phoenix = FuzzTarget(name: "phoenix", feed: PhoenixTarget.feed)
}

/// What both have in common.
private enum SocketRun {
    static let nonce = Array("the sample nonce".utf8)
    static let good = Array(
        ("HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n").utf8)
    static let measuring = WebSocketMeasuring(isDue: false, now: { .now() })

    static func session(limit: Int) throws(BrokenPromise) -> WebSocketSession {
        guard let url = try? HTTPURL(parsing: "ws://h/", as: .webSocket) else {
            throw BrokenPromise(description: "a URL that is none")
        }
        return WebSocketSession(WebSocketRequest(url, userAgent: "test"), limit: limit, nonce: nonce) { 7 }
    }

    /// Feeds both, and holds them to the same verdict.
    static func feed<Dialogue: ProbeDialogue>(
        _ bytes: [UInt8], _ dialogue: () throws(BrokenPromise) -> Dialogue
    ) throws(BrokenPromise) {
        let said = (bytes[0] & 1 == 0 ? good : []) + bytes[2...]
        var whole = try DialogueRun(try dialogue(), computing: 0)
        try whole.receive(said)
        try whole.end()
        var pieces = try DialogueRun(try dialogue(), computing: 0)
        for piece in Pieces(of: said[...], seed: bytes[1]) { try pieces.receive(piece) }
        try pieces.end()
        try promise(pieces.ending == whole.ending, "whole: \(whole.ending), in pieces: \(pieces.ending)")
        try promise(pieces.steps == whole.steps, "other steps in pieces than whole")
        // Each ping is answered, and no more is said than that and the script.
        try promise(whole.sent.count <= 1_024 + said.count * 4, "\(whole.sent.count) bytes sent")
    }
}

private enum WebSocketTarget {
    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        guard bytes.count > 2 else { return }
        let kind = bytes[0]
        let steps = [
            Settings(["send": .text("x"), "expect": .text("a")]), Settings(["matches": .text("b+c")]),
            Settings(["send": .text("y"), "equals": .text("d")]),
        ]
        guard let script = try? WebSocketScript(kind & 2 == 0 ? steps : []) else {
            throw BrokenPromise(description: "no script")
        }
        try SocketRun.feed(bytes) { () throws(BrokenPromise) in
            WebSocketDialogue(
                try SocketRun.session(limit: kind & 4 == 0 ? 1 << 20 : 16), script,
                pingPayload: kind & 8 == 0 ? [1, 2] : nil, measuring: SocketRun.measuring)
        }
    }
}

private enum PhoenixTarget {
    private static let secret = "QXZJKVWQ9"

    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        guard bytes.count > 2 else { return }
        let depths = SupabaseDemand.Depth.allCases
        let depth = depths[Int(bytes[0] >> 1) % depths.count]
        try SocketRun.feed(bytes) { () throws(BrokenPromise) in
            SupabaseDialogue(
                try SocketRun.session(limit: 1 << 16),
                SupabaseDemand(depth, isPrivate: true, accessToken: Secret(secret), prober: "p", token: "t"),
                measuring: SocketRun.measuring)
        }
        let text = Array(bytes[2...])
        guard let message = PhoenixMessage(parsing: text) else { return }
        try promise(
            PhoenixMessage(parsing: message.bytes()) == message, "a message does not read back: \(message)")
    }
}
