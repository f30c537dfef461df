import Crypto
import FoundationEssentials
import NIOCore
import VitalsCore

/// What asks a server for a WebSocket (RFC 6455, 4.1); the same in every run but for the key.
struct WebSocketRequest: Sendable {
    /// Offered, the one that we like best first.
    let subprotocols: [String]
    private let head: String

    /// What follows from the handshake itself.
    static let ownNames: Set = [
        "sec-websocket-accept", "sec-websocket-extensions", "sec-websocket-key", "sec-websocket-protocol",
        "sec-websocket-version",
    ]

    /// - Parameter headers: beside those of the handshake; `Host` and `User-Agent` replace ours.
    init(_ url: HTTPURL, userAgent: String, headers: [HTTPHeader] = [], subprotocols: [String] = []) {
        self.subprotocols = subprotocols
        let usual = [("Host", url.authority), ("User-Agent", userAgent)]
        var head = "GET \(url.requestTarget) HTTP/1.1\r\n"
        for (name, value) in usual {
            let own = headers.first { $0.name.lowercased() == name.lowercased() }
            head += "\(name): \(own?.value ?? value)\r\n"
        }
        head += "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        if !subprotocols.isEmpty {
            head += "Sec-WebSocket-Protocol: \(subprotocols.joined(separator: ", "))\r\n"
        }
        for header in headers where !["host", "user-agent"].contains(header.name.lowercased()) {
            head += "\(header.name): \(header.value)\r\n"
        }
        self.head = head
    }

    /// - Parameter key: as it goes over the wire.
    func bytes(key: String) -> ByteBuffer {
        ByteBuffer(string: "\(head)Sec-WebSocket-Key: \(key)\r\n\r\n")
    }
}

/// What makes an answer of 101 the beginning of a WebSocket (RFC 6455, 4.1).
struct WebSocketHandshake: Sendable {
    /// 16 bytes by chance, in base64.
    let key: String
    private let subprotocols: [String]

    init(nonce: [UInt8], subprotocols: [String]) {
        precondition(nonce.count == 16)
        key = Data(nonce).base64EncodedString()
        self.subprotocols = subprotocols
    }

    /// What only a server says that has read our key.
    static func accept(of key: String) -> String {
        let hash = Insecure.SHA1.hash(data: Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))
        return Data(hash).base64EncodedString()
    }

    enum Verdict: Equatable {
        /// With which subprotocol, if any.
        case open(String?)
        case refused(Cause, message: String)
    }

    func judge(_ head: HTTPResponseHead) -> Verdict {
        precondition(head.status == 101)
        guard head.minorVersion == 1 else {
            return .refused(
                .unexpectedReply, message: "answered 101 by HTTP/1.0, which cannot change to a WebSocket")
        }
        guard Self.tokens("upgrade", of: head).contains("websocket") else {
            return .refused(.unexpectedReply, message: "answered 101 without `Upgrade: websocket`")
        }
        guard Self.tokens("connection", of: head).contains("upgrade") else {
            return .refused(.unexpectedReply, message: "answered 101 without `Connection: Upgrade`")
        }
        let accepts = Self.values("sec-websocket-accept", of: head)
        guard accepts == [Self.accept(of: key)] else {
            let what = accepts.isEmpty ? "no Sec-WebSocket-Accept" : "another Sec-WebSocket-Accept than ours"
            return .refused(
                .unexpectedReply,
                message: "answered 101 with \(what): what answered did not read our request")
        }
        guard Self.tokens("sec-websocket-extensions", of: head).isEmpty else {
            return .refused(.unexpectedReply, message: "uses an extension that nobody offered")
        }
        return subprotocol(of: head)
    }

    private func subprotocol(of head: HTTPResponseHead) -> Verdict {
        let chosen = Self.values("sec-websocket-protocol", of: head)
        guard let name = chosen.first, !name.isEmpty else {
            guard subprotocols.isEmpty else {
                return .refused(
                    .protocolMismatch,
                    message: "takes none of the subprotocols \(subprotocols.joined(separator: ", "))")
            }
            return .open(nil)
        }
        guard chosen.count == 1, subprotocols.contains(name) else {
            return .refused(
                .unexpectedReply,
                message: "chose the subprotocol “\(name)”, which nobody offered")
        }
        return .open(name)
    }

    private static func values(_ name: String, of head: HTTPResponseHead) -> [String] {
        head.headers.filter { $0.name.lowercased() == name }.map(\.value)
    }

    /// In lower case.
    private static func tokens(_ name: String, of head: HTTPResponseHead) -> [String] {
        values(name, of: head).flatMap { $0.lowercased().split(separator: ",") }
            .map { $0.split { $0 == " " || $0 == "\t" }.joined() }.filter { !$0.isEmpty }
    }
}
