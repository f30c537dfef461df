import NIOCore

/// Reads tokens out of what packets carry. How long each may be is bounded, whatever it claims of itself.
struct TDSTokenReader {
    private var stream = ByteBuffer()
    /// Of the rows that follow.
    private var columns: [TDSColumn]?
    /// Whether a token is cut off by the end of the message.
    private var isEnded = false

    /// More than the longest row that our own statements or a check's author are answered.
    private static let longestToken = 256 << 10
    private static let mostColumns = 4_096

    mutating func append(_ part: TDSPacketReader.Part) {
        var bytes = part.bytes
        if stream.readableBytes == 0 { stream = bytes } else { stream.writeBuffer(&bytes) }
        isEnded = part.isLast
    }

    /// Another message is awaited.
    mutating func begin() {
        stream = ByteBuffer()
        columns = nil
        isEnded = false
    }

    /// - Returns: nothing when there is no whole token, which at the end of a message is its end.
    mutating func next() throws(TDSWireError) -> TDSToken? {
        guard stream.readableBytes > 0 else { return nil }
        var rest = stream
        do {
            let token = try read(from: &rest)
            stream = rest
            return token
        } catch {
            guard error == .short else { throw error }
            guard !isEnded else { throw .malformed("an answer that is cut short") }
            guard stream.readableBytes <= Self.longestToken else { throw .tooLong }
            return nil
        }
    }

    private mutating func read(from bytes: inout ByteBuffer) throws(TDSWireError) -> TDSToken {
        let type = try bytes.take(UInt8.self)
        switch type {
        case 0x81: return try readColumns(from: &bytes)
        case 0xD1: return .row(try readRow(from: &bytes))
        case 0xD2: return .row(try readRowWithoutNulls(from: &bytes))
        case 0xAA: return .error(try SQLServerError(from: content(of: &bytes)))
        case 0xAD: return try Self.readAcceptance(content(of: &bytes))
        case 0xE3: return .change(try Self.readChange(content(of: &bytes)))
        case 0xFD, 0xFE, 0xFF:
            let status = try bytes.take(UInt16.self)
            _ = try bytes.take(UInt16.self)
            let rows = try bytes.take(UInt64.self)
            return .done(TDSDone(status: status, rows: status & 0x10 == 0 ? nil : rows))
        // Information; the order of rows; tables and columns for cursors.
        case 0xAB, 0xA9, 0xA4, 0xA5:
            _ = try content(of: &bytes)
            return .other
        // The state that a procedure returns.
        case 0x79:
            _ = try bytes.take(UInt32.self)
            return .other
        case 0xAC:
            try passOverReturnedValue(in: &bytes)
            return .other
        case 0xAE:
            try passOverFeatures(in: &bytes)
            return .other
        // The state of a session.
        case 0xE4:
            _ = try bytes.take(bytes: Int(bytes.take(UInt32.self)))
            return .other
        case 0xED:
            _ = try content(of: &bytes)
            return .otherLogin("Windows")
        case 0xEE:
            _ = try bytes.take(bytes: Int(bytes.take(UInt32.self)))
            return .otherLogin("Microsoft Entra")
        default:
            throw .malformed("a token of type \(type)")
        }
    }

    /// Behind its length in two bytes.
    private func content(of bytes: inout ByteBuffer) throws(TDSWireError) -> ByteBuffer {
        try bytes.take(bytes: Int(bytes.take(UInt16.self)))
    }

    // MARK: Rows

    private mutating func readColumns(from bytes: inout ByteBuffer) throws(TDSWireError) -> TDSToken {
        let count = Int(try bytes.take(UInt16.self))
        guard count != 0xFFFF else { return .other }
        guard count <= Self.mostColumns else { throw .malformed("\(count) columns") }
        var columns: [TDSColumn] = []
        for _ in 0..<count {
            // The user's type, and flags.
            _ = try bytes.take(bytes: 6)
            var column = try TDSColumn(from: &bytes)
            column.name = try bytes.takeShortText()
            columns.append(column)
        }
        self.columns = columns
        return .columns(columns)
    }

    private func readRow(from bytes: inout ByteBuffer) throws(TDSWireError) -> [String?] {
        guard let columns else { throw .malformed("a row without columns") }
        var row: [String?] = []
        row.reserveCapacity(columns.count)
        for column in columns { row.append(try column.read(from: &bytes)) }
        return row
    }

    /// A row that says first which of its values are NULL: a bit each, the lowest first.
    private func readRowWithoutNulls(from bytes: inout ByteBuffer) throws(TDSWireError) -> [String?] {
        guard let columns else { throw .malformed("a row without columns") }
        let bits = Array(try bytes.take(bytes: (columns.count + 7) / 8).readableBytesView)
        var row: [String?] = []
        row.reserveCapacity(columns.count)
        for (index, column) in columns.enumerated() {
            let isNull = bits[index / 8] >> (index % 8) & 1 == 1
            row.append(isNull ? nil : try column.read(from: &bytes))
        }
        return row
    }

    private func passOverReturnedValue(in bytes: inout ByteBuffer) throws(TDSWireError) {
        _ = try bytes.take(UInt16.self)
        _ = try bytes.takeShortText()
        _ = try bytes.take(bytes: 7)
        _ = try TDSColumn(from: &bytes).read(from: &bytes)
    }

    private func passOverFeatures(in bytes: inout ByteBuffer) throws(TDSWireError) {
        while try bytes.take(UInt8.self) != 0xFF {
            _ = try bytes.take(bytes: Int(bytes.take(UInt32.self)))
        }
    }
}

// MARK: The session

extension TDSTokenReader {
    private static func readAcceptance(_ content: ByteBuffer) throws(TDSWireError) -> TDSToken {
        var content = content
        do {
            // The interface, and the version of the protocol.
            _ = try content.take(bytes: 5)
            let program = try content.takeShortText()
            let numbers = Array(try content.take(bytes: 4).readableBytesView)
            let build = Int(numbers[2]) << 8 | Int(numbers[3])
            return .loginAccepted(program: program, version: "\(numbers[0]).\(numbers[1]).\(build)")
        } catch {
            throw .malformed("its answer to the login")
        }
    }

    private static func readChange(_ content: ByteBuffer) throws(TDSWireError) -> TDSChange {
        var content = content
        do {
            switch try content.take(UInt8.self) {
            case 1: return .database(try content.takeShortText())
            case 4: return Int(try content.takeShortText()).map { .packetLength($0) } ?? .other
            case 8:
                let length = try content.take(UInt8.self)
                return length == 8 ? .transaction(try content.take(UInt64.self)) : .other
            // Committed, or rolled back.
            case 9, 10: return .transaction(0)
            case 20:
                guard try content.take(UInt16.self) > 0, try content.take(UInt8.self) == 0 else {
                    return .other
                }
                let port = Int(try content.take(UInt16.self))
                return .routing(host: try content.takeText(), port: port)
            default: return .other
            }
        } catch {
            throw .malformed("a change of the session that is cut short")
        }
    }
}
