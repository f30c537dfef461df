import NIOCore
import Testing
import VitalsCore
import VitalsEngine

@testable import VitalsNet

@Suite("The handshake of a WebSocket")
struct WebSocketHandshakeTests {
    /// The key of the example in RFC 6455, 1.3, and what it is answered with.
    private static let nonce = Array("the sample nonce".utf8)
    private static let accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    private static let wellFormed = [
        "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: \(accept)",
    ]

    private func ending(_ answer: String, subprotocols: [String] = [], hangsUp: Bool = true) throws -> String
    {
        let url = try HTTPURL(parsing: "ws://h/chat", as: .webSocket)
        let request = WebSocketRequest(url, userAgent: "test", subprotocols: subprotocols)
        let session = WebSocketSession(request, nonce: Self.nonce) { 0 }
        var dialogue = WebSocketDialogue(
            session, pingPayload: nil, measuring: WebSocketMeasuring(isDue: false, now: { .now() }))
        var steps = dialogue.opened()
        var input = ByteBuffer(string: answer)
        steps += dialogue.received(&input)
        if steps.last?.isVerdict != true { steps += hangsUp ? dialogue.ended() : dialogue.timedOut() }
        switch steps.last {
        case .pass(let farewell): return "pass" + (farewell == nil ? " without a farewell" : "")
        case .fail(let cause, let code, let message, _):
            return "\(cause.rawValue) \(code ?? "-"): \(message)"
        default: return "none"
        }
    }

    private func head(_ headers: [String], _ line: String = "HTTP/1.1 101 Switching Protocols") -> String {
        ([line] + headers).map { $0 + "\r\n" }.joined() + "\r\n"
    }

    @Test("asks as the RFC has it, with headers of one's own")
    func request() throws {
        let url = try HTTPURL(parsing: "wss://H.example:8443/chat?a=b#c", as: .webSocket)
        let request = WebSocketRequest(
            url, userAgent: "vitals/test",
            headers: [HTTPHeader("Origin", "https://h"), HTTPHeader("host", "other")],
            subprotocols: ["b", "a"])
        #expect(
            String(buffer: request.bytes(key: "dGhlIHNhbXBsZSBub25jZQ=="))
                == "GET /chat?a=b HTTP/1.1\r\nHost: other\r\nUser-Agent: vitals/test\r\n"
                + "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: b, a\r\n"
                + "Origin: https://h\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        #expect(WebSocketHandshake.accept(of: "dGhlIHNhbXBsZSBub25jZQ==") == Self.accept)
        #expect(url.redacted == "wss://h.example:8443/chat?a=b")
        #expect(throws: TargetError.self) { try HTTPURL(parsing: "https://h/", as: .webSocket) }
        #expect(throws: TargetError.self) { try HTTPURL(parsing: "wss://h/") }
    }

    @Test("is good in whatever letters, and with more in the lists")
    func good() throws {
        #expect(try ending(head(Self.wellFormed)) == "pass")
        let other = [
            "upgrade: WebSocket", "connection: keep-alive, UPGRADE", "sec-websocket-accept: \(Self.accept)",
            "Sec-WebSocket-Protocol: b",
        ]
        #expect(
            try ending("HTTP/1.1 100 Continue\r\n\r\n" + head(other), subprotocols: ["a", "b"]) == "pass")
    }

    @Test("is refused where an answer of 101 is none, and says why", arguments: malformed)
    func bad(headers: [String], line: String, subprotocols: [String], expected: String) throws {
        #expect(try ending(head(headers, line), subprotocols: subprotocols).hasPrefix(expected))
    }

    private static let line = "HTTP/1.1 101 Switching Protocols"
    static let malformed: [([String], String, [String], String)] = [
        (
            wellFormed, "HTTP/1.0 101 Switching Protocols", [],
            "unexpected_reply 101: answered 101 by HTTP/1.0"
        ),
        (
            Array(wellFormed.dropFirst()), line, [],
            "unexpected_reply 101: answered 101 without `Upgrade: websocket`"
        ),
        (
            [wellFormed[0], wellFormed[2]], line, [],
            "unexpected_reply 101: answered 101 without `Connection: Upgrade`"
        ),
        (
            Array(wellFormed.dropLast()), line, [],
            "unexpected_reply 101: answered 101 with no Sec-WebSocket-Accept"
        ),
        (
            [wellFormed[0], wellFormed[1], "Sec-WebSocket-Accept: \(accept.lowercased())"], line, [],
            "unexpected_reply 101: answered 101 with another Sec-WebSocket-Accept"
        ),
        (
            wellFormed + ["Sec-WebSocket-Extensions: permessage-deflate"], line, [],
            "unexpected_reply 101: uses an extension"
        ),
        (
            wellFormed + ["Sec-WebSocket-Protocol: c"], line, ["a"],
            "unexpected_reply 101: chose the subprotocol “c”"
        ),
        (
            wellFormed + ["Sec-WebSocket-Protocol: a"], line, [],
            "unexpected_reply 101: chose the subprotocol “a”"
        ),
        (wellFormed, line, ["a", "b"], "protocol_mismatch 101: takes none of the subprotocols a, b"),
    ]

    @Test(
        "is refused by another status, whose body is waited for as far as it comes",
        arguments: [
            (
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
                "http_status 200: answered 200 to the wish for a WebSocket: it takes"
            ),
            ("HTTP/1.1 403 No\r\nContent-Length: 500\r\n\r\nhi", "http_status 403: answered 403 to the wish"),
            (
                "HTTP/1.0 400 No\r\n\r\n",
                "http_status 400: answered 400 to the wish for a WebSocket, by HTTP/1.0"
            ),
            ("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n", "auth_failed 401: answered 401"),
            ("HTTP/1.1 503 No\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "http_status 503: answered 503"),
            (
                "HTTP/1.1 301 No\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n",
                "http_status 301: answered 301 to the wish for a WebSocket: redirects"
            ),
            ("SSH-2.0-x\r\n", "protocol_mismatch -: does not speak HTTP but SSH"),
            ("\u{16}\u{3}\u{1}", "protocol_mismatch -: does not speak HTTP but TLS: try wss://"),
            ("hello\r\n", "unexpected_reply -: answered something that is not HTTP"),
        ])
    func refused(answer: String, expected: String) throws {
        #expect(try ending(answer).hasPrefix(expected))
        #expect(try ending(answer, hangsUp: false).hasPrefix(expected))
    }

    @Test(
        "means something by how it closes",
        arguments: [
            (1_000, Cause.unexpectedReply), (1_001, .shuttingDown), (1_008, .unexpectedReply),
            (1_011, .unexpectedReply), (1_012, .shuttingDown), (1_013, .backendUnavailable),
            (1_014, .backendUnavailable), (3_000, .authFailed), (3_003, .authFailed),
            (4_000, .unexpectedReply),
        ] as [(UInt16, Cause)])
    func closed(code: UInt16, cause: Cause) {
        let close = WebSocketClose(code: code, reason: "so")
        let steps = WebSocketVerdict.closed(close, whileWaitingFor: "for it", ByteBuffer())
        #expect(
            steps == [
                .fact(.closeCode, .number(Int(code))),
                .fail(
                    cause, code: "\(code)", message: "closed with \(code) (“so”) while we waited for it",
                    farewell: ByteBuffer()),
            ])
    }
}
