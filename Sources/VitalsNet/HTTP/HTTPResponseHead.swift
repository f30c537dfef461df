import NIOCore
import VitalsCore

/// Status and the few headers that count here; the others too where they are to be kept.
struct HTTPResponseHead: Sendable, Equatable {
    enum Framing: Sendable, Equatable {
        case none
        case length(Int)
        case chunked
        case untilClose
    }

    enum Reading: Equatable {
        case more
        case head(HTTPResponseHead)
        case malformed(Cause, message: String)
    }

    let status: Int
    let framing: Framing
    /// Of HTTP/1: 0 or 1, or what else stands there.
    var minorVersion = 1
    var retryAfter: String?
    /// Where else it is to be had, as written.
    var location: String?
    var coding = HTTPCoding.identity
    /// In their order, the same name as often as it came; empty unless they were to be kept.
    var headers: [HTTPHeader] = []

    static let maximumBytes = 65_536

    /// Where to go on to, if this says to go on (RFC 9110, 15.4).
    var redirection: String? {
        switch status {
        case 301, 302, 303, 307, 308: location
        default: nil
        }
    }

    /// Takes a head from `input` once all of it is there.
    static func read(from input: inout ByteBuffer, keepsHeaders: Bool = false) -> Reading {
        let view = input.readableBytesView
        guard !view.isEmpty else { return .more }
        let magic = "HTTP/1.".utf8
        guard zip(view, magic).allSatisfy({ $0 == $1 }) else { return foreign(view) }
        guard let length = length(of: view.prefix(maximumBytes)) else {
            guard view.count < maximumBytes else {
                return malformed("sent a head of more than \(maximumBytes) bytes")
            }
            return .more
        }
        guard var head = input.readSlice(length: length) else { return .more }
        return parse(&head, keepsHeaders: keepsHeaders)
    }

    /// Up to and with the empty line.
    private static func length(of view: ByteBufferView) -> Int? {
        let bytes = view.withUnsafeBytes { bytes -> Int? in
            var index = 0
            while index < bytes.count {
                guard bytes[index] == UInt8(ascii: "\n") else {
                    index += 1
                    continue
                }
                var next = index + 1
                if next < bytes.count, bytes[next] == UInt8(ascii: "\r") { next += 1 }
                if next < bytes.count, bytes[next] == UInt8(ascii: "\n") { return next + 1 }
                index += 1
            }
            return nil
        }
        return bytes
    }

    private static func parse(_ head: inout ByteBuffer, keepsHeaders: Bool) -> Reading {
        guard let line = head.readLine(limit: maximumBytes), let status = status(in: line) else {
            return malformed("sent a status line that is not well-formed")
        }
        let minorVersion = Int(line[line.startIndex + 7] - 0x30)
        var fields = HTTPFields(keepsHeaders: keepsHeaders)
        while let line = head.readLine(limit: maximumBytes), !line.isEmpty {
            guard fields.take(line) else { return malformed("sent a header that is not well-formed") }
        }
        guard fields.isConsistent else { return malformed("sent more than one Content-Length") }
        var known = fields.head(status: status)
        known.minorVersion = minorVersion
        return .head(known)
    }

    /// `HTTP/1.1 200 OK`; the reason may be missing.
    private static func status(in line: ByteBufferView) -> Int? {
        let bytes = Array(line.prefix(13))
        guard bytes.count >= 12, (0x30...0x39).contains(bytes[7]), bytes[8] == UInt8(ascii: " "),
            bytes[9...11].allSatisfy({ (0x30...0x39).contains($0) }),
            bytes.count == 12 || bytes[12] == UInt8(ascii: " ")
        else { return nil }
        let status = bytes[9...11].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return status >= 100 ? status : nil
    }

    private static func malformed(_ message: String) -> Reading {
        .malformed(.unexpectedReply, message: message)
    }

    /// What answers is no HTTP server. If it can be told what it is, the target is wrong rather than broken.
    private static func foreign(_ view: ByteBufferView) -> Reading {
        let bytes = Array(view.prefix(64))
        if let name = ForeignPeer.protocolName(of: bytes) {
            return .malformed(.protocolMismatch, message: "does not speak HTTP but \(name)")
        }
        // Nothing that could still become the name of a protocol is judged yet.
        if ForeignPeer.mayFollow(bytes) { return .more }
        let start = Printable.text(String(decoding: bytes.prefix(32), as: UTF8.self))
        return malformed("answered something that is not HTTP: “\(start)”")
    }
}
