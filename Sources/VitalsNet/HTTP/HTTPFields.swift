import NIOCore

/// One header, as it goes over the wire.
struct HTTPHeader: Sendable, Hashable {
    let name: String
    let value: String

    init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// The headers on which the length of the body depends, and those that say where to go on, when and how.
struct HTTPFields {
    private var lengths: Set<Int> = []
    private var isChunked = false
    private var hasTransferEncoding = false
    private var retryAfter: String?
    private var location: String?
    private var codings = ""
    private var headers: [HTTPHeader] = []
    private var lastCounts = false
    private let keepsHeaders: Bool

    private enum Known {
        case contentLength, transferEncoding, retryAfter, location, contentEncoding

        /// Whether the body depends on it.
        var counts: Bool {
            switch self {
            case .contentLength, .transferEncoding, .contentEncoding: true
            case .retryAfter, .location: false
            }
        }
    }

    private static let maximumRetryAfter = 64

    init(keepsHeaders: Bool) {
        self.keepsHeaders = keepsHeaders
    }

    /// Takes one line; false if it is no header.
    mutating func take(_ line: ByteBufferView) -> Bool {
        if line.first == UInt8(ascii: " ") || line.first == UInt8(ascii: "\t") { return fold(line) }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon != line.startIndex else {
            return false
        }
        let name = line[..<colon]
        guard let last = name.last, last != UInt8(ascii: " "), last != UInt8(ascii: "\t") else {
            return false
        }
        let known = Self.known(name)
        lastCounts = known?.counts ?? false
        guard known != nil || keepsHeaders else { return true }
        let value = Self.trimmed(line[line.index(after: colon)...])
        if keepsHeaders { headers.append(HTTPHeader(String(decoding: name, as: UTF8.self), value)) }
        return known.map { apply($0, value) } ?? true
    }

    /// Takes one that came otherwise than as a line; its name is in lower case.
    mutating func take(_ header: HTTPHeader) -> Bool {
        if keepsHeaders { headers.append(header) }
        return Self.known(ByteBuffer(string: header.name).readableBytesView).map { apply($0, header.value) }
            ?? true
    }

    func head(status: Int) -> HTTPResponseHead {
        let hasBody = status >= 200 && status != 204 && status != 304
        return HTTPResponseHead(
            status: status, framing: hasBody ? framing : .none, retryAfter: retryAfter, location: location,
            coding: codings.isEmpty ? .identity : HTTPCoding(codings), headers: headers)
    }

    /// Whether all that was said about the length agrees.
    var isConsistent: Bool { hasTransferEncoding || lengths.count <= 1 }

    /// `Transfer-Encoding` overrides a length (RFC 9112, 6.3); nothing else follows on this connection that
    /// a wrong length could be taken for.
    private var framing: HTTPResponseHead.Framing {
        if isChunked { return .chunked }
        if !hasTransferEncoding, let length = lengths.first { return .length(length) }
        return .untilClose
    }

    /// A folded line; harmless, unless it continues what decides on the body.
    private mutating func fold(_ line: ByteBufferView) -> Bool {
        if let last = headers.popLast() {
            headers.append(HTTPHeader(last.name, "\(last.value) \(Self.trimmed(line))"))
        }
        return !lastCounts
    }

    private mutating func apply(_ known: Known, _ value: String) -> Bool {
        switch known {
        case .contentLength:
            return takeLength(value)
        case .transferEncoding:
            hasTransferEncoding = true
            let value = value.lowercased()
            isChunked = value == "chunked" || value.hasSuffix(",chunked") || value.hasSuffix(" chunked")
        case .retryAfter:
            if value.utf8.count <= Self.maximumRetryAfter { retryAfter = value }
        case .location:
            // Of several, browsers take the first.
            location = location ?? value
        case .contentEncoding:
            codings += codings.isEmpty ? value : ", \(value)"
        }
        return true
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

    /// Compared by length first: most headers are none of these.
    private static func known(_ name: ByteBufferView) -> Known? {
        switch name.count {
        case 8 where equal(name, "location"): .location
        case 11 where equal(name, "retry-after"): .retryAfter
        case 14 where equal(name, "content-length"): .contentLength
        case 16 where equal(name, "content-encoding"): .contentEncoding
        case 17 where equal(name, "transfer-encoding"): .transferEncoding
        default: nil
        }
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
