import NIOCore

/// Reads the answer to one statement, packet by packet ("Text Resultset"), and keeps no more of it than was
/// asked for.
struct MySQLResultReader {
    private enum Stage {
        case beginning
        case columns(left: Int)
        case endOfColumns
        case rows
    }

    let limits: MySQLLimits
    private var stage = Stage.beginning
    private(set) var rows = MySQLRows()
    /// What the server says of the session when it has carried out a statement without rows.
    private(set) var status: UInt16 = 0
    /// Whether rows were passed over because of their bytes.
    private(set) var hasTooMuch = false
    private var bytes = 0

    private static let longestEnd = 9

    init(limits: MySQLLimits) {
        self.limits = limits
    }

    /// Whether an answer has begun and has not ended.
    var isInside: Bool { if case .beginning = stage { false } else { true } }

    /// - Returns: the whole answer with its last packet, nothing before.
    mutating func read(_ packet: ByteBuffer) throws(MySQLResultError) -> MySQLAnswer? {
        if !limits.passesOver {
            bytes += packet.readableBytes
            guard bytes <= limits.bytes else { throw .tooLong }
        }
        let mark = packet.getInteger(at: packet.readerIndex, as: UInt8.self)
        if mark == MySQLMark.error {
            guard let error = MySQLServerError(packet) else { throw .malformed }
            return .error(error)
        }
        switch stage {
        case .beginning:
            return try begin(packet, mark)
        case .columns(let left):
            try readColumn(packet)
            stage = left > 1 ? .columns(left: left - 1) : .endOfColumns
        case .endOfColumns:
            guard isEnd(packet, mark) else { throw .malformed }
            stage = .rows
        case .rows:
            guard !isEnd(packet, mark) else { return .rows(rows) }
            try readRow(packet)
        }
        return nil
    }

    private mutating func begin(
        _ packet: ByteBuffer, _ mark: UInt8?
    ) throws(MySQLResultError) -> MySQLAnswer? {
        guard mark != MySQLMark.localFile else { throw .malformed }
        var packet = packet
        if mark == MySQLMark.ok {
            packet.moveReaderIndex(forwardBy: 1)
            guard let changed = packet.readLengthEncodedInteger() else { throw .malformed }
            // A server that is asked for no more than this says the rest, too.
            if packet.readLengthEncodedInteger() != nil,
                let status = packet.readInteger(endianness: .little, as: UInt16.self)
            {
                self.status = status
            }
            return .done(changedRows: changed)
        }
        guard let count = packet.readLengthEncodedInteger(), packet.readableBytes == 0, count > 0,
            count <= UInt64(limits.columns)
        else { throw .malformed }
        stage = .columns(left: Int(count))
        return nil
    }

    /// Of all that is said of a column its name and type are kept ("Protocol::ColumnDefinition41").
    private mutating func readColumn(_ packet: ByteBuffer) throws(MySQLResultError) {
        var packet = packet
        for _ in ["catalog", "schema", "table", "original table"] {
            guard packet.readLengthEncodedBytes() != nil else { throw .malformed }
        }
        // Behind the two names: how long the rest is, the character set, the longest value.
        guard let name = packet.readLengthEncodedText(), packet.readLengthEncodedBytes() != nil,
            packet.readLengthEncodedInteger() != nil, packet.readBytes(length: 6) != nil,
            let type = packet.readInteger(as: UInt8.self)
        else { throw .malformed }
        rows.columns.append(name)
        rows.types.append(type)
    }

    private mutating func readRow(_ packet: ByteBuffer) throws(MySQLResultError) {
        guard try !isTooMuch(packet) else { return }
        var packet = packet
        var row: [String?] = []
        row.reserveCapacity(rows.columns.count)
        for type in rows.types {
            if packet.getInteger(at: packet.readerIndex, as: UInt8.self) == 0xFB {
                packet.moveReaderIndex(forwardBy: 1)
                row.append(nil)
            } else {
                guard let value = packet.readLengthEncodedBytes()?.readableBytesView else { throw .malformed }
                let isBits = type == MySQLColumnType.bit
                row.append(
                    isBits ? MySQLColumnType.number(ofBits: value) : String(decoding: value, as: UTF8.self))
            }
        }
        guard packet.readableBytes == 0 else { throw .malformed }
        rows.values.append(row)
    }

    /// Counts a row.
    ///
    /// - Returns: whether it is to be passed over.
    private mutating func isTooMuch(_ packet: ByteBuffer) throws(MySQLResultError) -> Bool {
        guard limits.passesOver else {
            guard rows.count < limits.rows else { throw .tooLong }
            return false
        }
        bytes += packet.readableBytes
        hasTooMuch = hasTooMuch || bytes > limits.bytes
        return hasTooMuch || rows.count >= limits.rows
    }

    /// A row may begin with the same byte only if a value of 16 MB follows.
    private func isEnd(_ packet: ByteBuffer, _ mark: UInt8?) -> Bool {
        mark == MySQLMark.end && packet.readableBytes < Self.longestEnd
    }
}

/// How much of an answer is believed to be one.
struct MySQLLimits: Sendable, Equatable {
    var rows = 16
    /// Of all its packets; of its rows alone, where what is more is passed over.
    var bytes = 65_536
    var columns = 256
    /// Whether rows that are more are passed over, and do not end the session.
    var passesOver = false
}

enum MySQLResultError: Error {
    case malformed
    case tooLong
}

/// What a server answered to a statement.
enum MySQLAnswer: Sendable, Equatable {
    case rows(MySQLRows)
    case done(changedRows: UInt64)
    case error(MySQLServerError)
}

/// Rows as texts; nothing for NULL.
struct MySQLRows: Sendable, Equatable {
    var columns: [String] = []
    /// What each column holds, as the protocol has it.
    var types: [UInt8] = []
    var values: [[String?]] = []

    var count: Int { values.count }

    /// What the first row has in a column, by name; nothing too if there is no such column.
    func first(_ column: String) -> String? {
        guard let index = columns.firstIndex(of: column), let row = values.first else { return nil }
        return row[index]
    }
}
