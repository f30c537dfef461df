import NIOCore
import VitalsCore

/// Status and the few headers that count here.
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
    let retryAfter: String?

    private static let maximumBytes = 65_536

    /// Takes a head from `input` once all of it is there.
    static func read(from input: inout ByteBuffer) -> Reading {
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
        return parse(&head)
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

    private static func parse(_ head: inout ByteBuffer) -> Reading {
        guard let line = head.readLine(limit: maximumBytes), let status = status(in: line) else {
            return malformed("sent a status line that is not well-formed")
        }
        var fields = HTTPFields()
        while let line = head.readLine(limit: maximumBytes), !line.isEmpty {
            guard fields.take(line) else { return malformed("sent a header that is not well-formed") }
        }
        guard fields.isConsistent else { return malformed("sent more than one Content-Length") }
        let hasBody = status >= 200 && status != 204 && status != 304
        return .head(
            HTTPResponseHead(
                status: status, framing: hasBody ? fields.framing : .none, retryAfter: fields.retryAfter))
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

/// The headers on which the length of the body depends, and `Retry-After`.
struct HTTPFields {
    private var lengths: Set<Int> = []
    private var isChunked = false
    private var hasTransferEncoding = false
    private(set) var retryAfter: String?
    private var lastCounts = false

    private static let maximumRetryAfter = 64

    /// Takes one line; false if it is no header.
    mutating func take(_ line: ByteBufferView) -> Bool {
        if line.first == UInt8(ascii: " ") || line.first == UInt8(ascii: "\t") {
            // A folded line; harmless, unless it continues what decides on the length.
            return !lastCounts
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon != line.startIndex else {
            return false
        }
        let name = line[..<colon]
        guard let last = name.last, last != UInt8(ascii: " "), last != UInt8(ascii: "\t") else {
            return false
        }
        lastCounts = false
        // Compared by length first: most headers are none of these.
        switch name.count {
        case 14 where Self.equal(name, "content-length"):
            lastCounts = true
            return takeLength(Self.trimmed(line[line.index(after: colon)...]))
        case 17 where Self.equal(name, "transfer-encoding"):
            (lastCounts, hasTransferEncoding) = (true, true)
            let value = Self.trimmed(line[line.index(after: colon)...]).lowercased()
            isChunked = value == "chunked" || value.hasSuffix(",chunked") || value.hasSuffix(" chunked")
            return true
        case 11 where Self.equal(name, "retry-after"):
            let value = Self.trimmed(line[line.index(after: colon)...])
            if value.utf8.count <= Self.maximumRetryAfter { retryAfter = value }
            return true
        default:
            return true
        }
    }

    /// Whether all that was said about the length agrees.
    var isConsistent: Bool { hasTransferEncoding || lengths.count <= 1 }

    /// `Transfer-Encoding` overrides a length (RFC 9112, 6.3); nothing else follows on this connection that
    /// a wrong length could be taken for.
    var framing: HTTPResponseHead.Framing {
        if isChunked { return .chunked }
        if !hasTransferEncoding, let length = lengths.first { return .length(length) }
        return .untilClose
    }

    private mutating func takeLength(_ value: String) -> Bool {
        for part in value.split(separator: ",", omittingEmptySubsequences: false) {
            let digits = part.filter { $0 != " " && $0 != "\t" }
            guard (1...18).contains(digits.utf8.count),
                digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let length = Int(digits)
            else { return false }
            lengths.insert(length)
        }
        return true
    }

    private static func equal(_ name: ByteBufferView, _ lowercase: StaticString) -> Bool {
        lowercase.withUTF8Buffer { expected in
            zip(name, expected).allSatisfy { ($0 | 0x20) == $1 || $0 == $1 }
        }
    }

    private static func trimmed(_ value: ByteBufferView) -> String {
        let isSpace: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        var value = value.drop(while: isSpace)
        while let last = value.last, isSpace(last) { value = value.dropLast() }
        return String(decoding: value, as: UTF8.self)
    }
}
