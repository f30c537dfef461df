import NIOCore

/// A column of a result: its name, and how its values lie in rows ([MS-TDS] 2.2.5.4 to 2.2.5.6).
struct TDSColumn: Sendable, Equatable {
    enum Layout: Sendable, Equatable {
        /// Always so many bytes; none: always NULL.
        case fixed(Int)
        /// Behind its length in one byte; 0 is NULL.
        case short
        /// Behind its length in two bytes; 65535 is NULL.
        case medium
        /// Behind a pointer to it and its length in four bytes (TEXT, NTEXT, IMAGE).
        case pointed
        /// Behind its length in four bytes; 0 is NULL.
        case variant
        /// In pieces, each behind its length in four bytes.
        case pieces
    }

    var name = ""
    let type: UInt8
    let layout: Layout
    /// Decimal places, of a number or of a second.
    var scale = 0

    /// - Parameter buffer: at the type of a column.
    init(from buffer: inout ByteBuffer) throws(TDSWireError) {
        type = try buffer.take(UInt8.self)
        switch type {
        case 0x1F: layout = .fixed(0)
        case 0x30, 0x32: layout = .fixed(1)
        case 0x34: layout = .fixed(2)
        case 0x38, 0x3A, 0x3B, 0x7A: layout = .fixed(4)
        case 0x3C, 0x3D, 0x3E, 0x7F: layout = .fixed(8)
        case 0x28: layout = .short
        case 0x29, 0x2A, 0x2B:
            layout = .short
            scale = Int(try buffer.take(UInt8.self))
        case 0x24, 0x25, 0x26, 0x27, 0x2D, 0x2F, 0x68, 0x6D, 0x6E, 0x6F:
            layout = .short
            _ = try buffer.take(UInt8.self)
        case 0x37, 0x3F, 0x6A, 0x6C:
            layout = .short
            _ = try buffer.take(UInt16.self)
            scale = Int(try buffer.take(UInt8.self))
        case 0xA5, 0xAD, 0xA7, 0xAF, 0xE7, 0xEF:
            layout = try buffer.take(UInt16.self) == 0xFFFF ? .pieces : .medium
            // A collation.
            if type != 0xA5, type != 0xAD { _ = try buffer.take(bytes: 5) }
        case 0x22, 0x23, 0x63:
            layout = .pointed
            _ = try buffer.take(UInt32.self)
            if type != 0x22 { _ = try buffer.take(bytes: 5) }
            for _ in 0..<(try buffer.take(UInt8.self)) { _ = try buffer.takeText() }
        case 0x62:
            layout = .variant
            _ = try buffer.take(UInt32.self)
        case 0xF1:
            layout = .pieces
            if try buffer.take(UInt8.self) != 0 {
                _ = try buffer.takeShortText()
                _ = try buffer.takeShortText()
                _ = try buffer.takeText()
            }
        case 0xF0:
            layout = .pieces
            _ = try buffer.take(UInt16.self)
            for _ in ["database", "schema", "type"] { _ = try buffer.takeShortText() }
            _ = try buffer.takeText()
        default:
            throw .malformed("a column of type \(type)")
        }
        guard scale <= 38 else { throw .malformed("a number of \(scale) decimal places") }
    }

    /// One that lies within a value that says itself what it is.
    init(type: UInt8, scale: Int) {
        self.type = type
        self.scale = scale
        layout = .variant
    }

    /// What conditions take a value for.
    var kind: VitalQuestion.Column.Kind {
        switch type {
        case 0x32, 0x68: .bool
        case 0x26, 0x30, 0x34, 0x38, 0x7F, 0x37, 0x3F, 0x6A, 0x6C, 0x3B, 0x3E, 0x6D, 0x3C, 0x6E, 0x7A:
            .number
        default: .text
        }
    }

    /// A value of a row as text; nothing for NULL.
    func read(from buffer: inout ByteBuffer) throws(TDSWireError) -> String? {
        switch layout {
        case .fixed(0): return nil
        case .fixed(let length): return try text(of: buffer.take(bytes: length))
        case .short:
            let length = Int(try buffer.take(UInt8.self))
            return length == 0 ? nil : try text(of: buffer.take(bytes: length))
        case .medium:
            let length = try buffer.take(UInt16.self)
            return length == 0xFFFF ? nil : try text(of: buffer.take(bytes: Int(length)))
        case .pointed:
            let pointer = Int(try buffer.take(UInt8.self))
            guard pointer > 0 else { return nil }
            _ = try buffer.take(bytes: pointer + 8)
            return try text(of: buffer.take(bytes: Int(buffer.take(UInt32.self))))
        case .variant: return try variant(from: &buffer)
        case .pieces: return try pieces(from: &buffer).map(text)
        }
    }

    private func pieces(from buffer: inout ByteBuffer) throws(TDSWireError) -> ByteBuffer? {
        guard try buffer.take(UInt64.self) != .max else { return nil }
        var whole = ByteBuffer()
        while true {
            let length = try buffer.take(UInt32.self)
            guard length > 0 else { return whole }
            var piece = try buffer.take(bytes: Int(length))
            whole.writeBuffer(&piece)
        }
    }

    private func variant(from buffer: inout ByteBuffer) throws(TDSWireError) -> String? {
        let length = Int(try buffer.take(UInt32.self))
        guard length > 0 else { return nil }
        var value = try buffer.take(bytes: length)
        guard let type = value.readInteger(as: UInt8.self),
            let count = value.readInteger(as: UInt8.self),
            var properties = value.readSlice(length: Int(count))
        else { throw .malformed("a value of a kind of its own") }
        var scale = 0
        switch type {
        case 0x29, 0x2A, 0x2B: scale = Int(properties.readInteger(as: UInt8.self) ?? 0)
        case 0x37, 0x3F, 0x6A, 0x6C: scale = Int(properties.readBytes(length: 2)?.last ?? 0)
        default: break
        }
        guard scale <= 38 else { throw .malformed("a number of \(scale) decimal places") }
        return try TDSColumn(type: type, scale: scale).text(of: value)
    }
}
