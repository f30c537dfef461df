import NIOCore

/// Reads replies as they come, each byte once, and keeps no more of them than its limits allow.
struct RESPDecoder {
    var limits = RESPLimits()
    /// Whether a part of the reply that was read last was passed over.
    private(set) var hasTooMuch = false
    /// Whether anything of this protocol has ever come.
    private(set) var hasRead = false

    /// Values that are begun, the innermost last.
    private var open: [Frame] = []
    /// Bytes of a string still to be passed over, with its line break.
    private var skipped = 0
    /// A string whose length has come.
    private var bulk: Bulk?
    private var elements = 0
    private var bytes = 0

    private struct Frame {
        enum Kind { case array, map, push, attribute }

        let kind: Kind
        var left: Int
        var parts: [RESPValue] = []
    }

    private struct Bulk {
        enum Kind { case text, error, verbatim }

        let kind: Kind
        let length: Int
    }

    /// The next reply; nothing: it has not come as a whole yet.
    mutating func next(from input: inout ByteBuffer) throws(RESPFault) -> RESPValue? {
        if open.isEmpty, bulk == nil, skipped == 0 { (elements, bytes, hasTooMuch) = (0, 0, false) }
        while let value = try value(from: &input) {
            if let reply = close(value) { return reply }
        }
        return nil
    }

    /// Puts a value where it belongs, and closes what it completes.
    ///
    /// - Returns: the reply, if it is complete.
    private mutating func close(_ value: RESPValue) -> RESPValue? {
        var value = value
        while var frame = open.popLast() {
            frame.left -= 1
            if !hasTooMuch { frame.parts.append(value) }
            guard frame.left == 0 else {
                open.append(frame)
                return nil
            }
            switch frame.kind {
            case .array: value = .array(frame.parts)
            case .map: value = .map(frame.parts)
            // What is pushed answers nothing, and an attribute only tells of the value behind it.
            case .push where open.isEmpty: return nil
            case .push: value = .array(frame.parts)
            case .attribute: return nil
            }
        }
        return value
    }

    /// The next value without parts; one that has parts is opened on the way.
    private mutating func value(from input: inout ByteBuffer) throws(RESPFault) -> RESPValue? {
        while true {
            if skipped > 0 {
                let count = min(skipped, input.readableBytes)
                input.moveReaderIndex(forwardBy: count)
                skipped -= count
                guard skipped == 0 else { return nil }
                return .null
            }
            if let bulk { return try text(of: bulk, from: &input) }
            guard let line = try line(from: &input) else { return nil }
            if let value = try begin(line) { return value }
        }
    }

    /// The line without its break, its first byte the type.
    private mutating func line(from input: inout ByteBuffer) throws(RESPFault) -> ArraySlice<UInt8>? {
        let view = input.readableBytesView
        guard let first = view.first else { return nil }
        guard Self.types.contains(first) else { throw strange(input, "a reply of no known type") }
        let start = view.prefix(RESPLimits.line)
        guard let end = start.firstIndex(of: UInt8(ascii: "\n")) else {
            guard view.count < RESPLimits.line else { throw strange(input, "a line without an end") }
            return nil
        }
        var line = Array(start[start.startIndex..<end])
        guard line.popLast() == UInt8(ascii: "\r") else { throw strange(input, "a line without its end") }
        guard Self.isPlausible(line) else { throw strange(input, "a length that is none") }
        input.moveReaderIndex(forwardBy: line.count + 2)
        hasRead = true
        return line[...]
    }

    /// - Returns: nothing where more has to come.
    private mutating func begin(_ line: ArraySlice<UInt8>) throws(RESPFault) -> RESPValue? {
        elements += 1
        if elements > limits.elements { try pass() }
        let rest = line.dropFirst()
        let type = line.first ?? 0
        switch type {
        case UInt8(ascii: "+"): return .text(taken(rest))
        case UInt8(ascii: "-"): return .error(RedisServerError(taken(rest)))
        case UInt8(ascii: ":"): return .integer(Self.number(rest) ?? 0)
        case UInt8(ascii: ","), UInt8(ascii: "("): return .number(taken(rest))
        case UInt8(ascii: "#"): return .bool(rest.first == UInt8(ascii: "t"))
        case UInt8(ascii: "_"): return .null
        default: break
        }
        let length = Self.number(rest) ?? -1
        guard length >= 0 else { return .null }
        switch type {
        case UInt8(ascii: "$"), UInt8(ascii: "!"), UInt8(ascii: "="):
            try beginBulk(type, Int(length))
            return nil
        case UInt8(ascii: "%"): return try open(.map, Int(length) * 2)
        case UInt8(ascii: "|"): return try open(.attribute, Int(length) * 2)
        case UInt8(ascii: ">"): return try open(.push, Int(length))
        default: return try open(.array, Int(length))
        }
    }

    private mutating func open(_ kind: Frame.Kind, _ count: Int) throws(RESPFault) -> RESPValue? {
        guard count > 0 else {
            switch kind {
            case .array: return .array([])
            case .map: return .map([])
            // Nothing is pushed or told.
            case .push, .attribute: return nil
            }
        }
        guard open.count < RESPLimits.depth else { throw .malformed("values within values without an end") }
        open.append(Frame(kind: kind, left: count))
        return nil
    }

    private mutating func beginBulk(_ type: UInt8, _ length: Int) throws(RESPFault) {
        bytes += min(length, RESPLimits.longestBulk)
        if bytes > limits.bytes { try pass() }
        guard !hasTooMuch else {
            skipped = length + 2
            return
        }
        let kind: Bulk.Kind =
            type == UInt8(ascii: "!") ? .error : type == UInt8(ascii: "=") ? .verbatim : .text
        bulk = Bulk(kind: kind, length: length)
    }

    private mutating func text(
        of bulk: Bulk, from input: inout ByteBuffer
    ) throws(RESPFault) -> RESPValue? {
        guard input.readableBytes >= bulk.length + 2 else { return nil }
        let text = input.readString(length: bulk.length) ?? ""
        guard input.readString(length: 2) == "\r\n" else { throw .malformed("a string without its end") }
        self.bulk = nil
        return switch bulk.kind {
        case .text: .text(text)
        case .error: .error(RedisServerError(text))
        // `txt:` or `mkd:` stands before it.
        case .verbatim: .text(String(text.dropFirst(4)))
        }
    }

    private mutating func taken(_ line: ArraySlice<UInt8>) -> String {
        bytes += line.count
        return hasTooMuch ? "" : String(decoding: line, as: UTF8.self)
    }

    private mutating func pass() throws(RESPFault) {
        guard limits.passesOver else { throw .tooLong }
        hasTooMuch = true
        for index in open.indices { open[index].parts = [] }
    }

    private func strange(_ input: ByteBuffer, _ what: String) -> RESPFault {
        hasRead ? .malformed(what) : .foreign(Array(input.readableBytesView.prefix(16)))
    }
}

// MARK: Lines

extension RESPDecoder {
    private static let types = Set("+-:$*_#,(!=%~>|".utf8)
    /// Those behind which a length stands.
    private static let counted = Set("$*!=%~>|".utf8)

    /// Whether what has to be a number is one; a length is not beyond all bounds.
    private static func isPlausible(_ line: [UInt8]) -> Bool {
        guard let type = line.first else { return false }
        let rest = line.dropFirst()
        switch type {
        case UInt8(ascii: ":"): return number(rest) != nil
        case UInt8(ascii: "#"): return rest.elementsEqual("t".utf8) || rest.elementsEqual("f".utf8)
        case UInt8(ascii: "_"): return rest.isEmpty
        case _ where counted.contains(type):
            return number(rest).map { (-1...Int64(RESPLimits.longestBulk)).contains($0) } ?? false
        default: return true
        }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int64? {
        guard (1...20).contains(bytes.count) else { return nil }
        return Int64(String(decoding: bytes, as: UTF8.self))
    }
}
