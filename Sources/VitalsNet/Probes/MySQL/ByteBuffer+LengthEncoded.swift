import NIOCore

/// Integers and texts that begin with how long they are (MySQL protocol, "Basic Data Types").
extension ByteBuffer {
    /// - Returns: nothing if it is not there, is not whole, or is one of the marks that are no integer.
    mutating func readLengthEncodedInteger() -> UInt64? {
        guard let first = readInteger(as: UInt8.self) else { return nil }
        switch first {
        case 0...0xFA: return UInt64(first)
        case 0xFC: return readInteger(endianness: .little, as: UInt16.self).map(UInt64.init)
        case 0xFD:
            guard let low = readInteger(endianness: .little, as: UInt16.self),
                let high = readInteger(as: UInt8.self)
            else { return nil }
            return UInt64(high) << 16 | UInt64(low)
        case 0xFE: return readInteger(endianness: .little, as: UInt64.self)
        default: return nil
        }
    }

    /// - Returns: nothing if less is there than it claims.
    mutating func readLengthEncodedBytes() -> ByteBuffer? {
        guard let length = readLengthEncodedInteger(), length <= UInt64(readableBytes) else { return nil }
        return readSlice(length: Int(length))
    }

    mutating func readLengthEncodedText() -> String? {
        readLengthEncodedBytes().map { String(decoding: $0.readableBytesView, as: UTF8.self) }
    }

    /// Up to the next zero byte, which is taken too.
    mutating func readZeroTerminatedBytes() -> [UInt8]? {
        guard let end = readableBytesView.firstIndex(of: 0) else { return nil }
        let bytes = Array(readableBytesView[..<end])
        moveReaderIndex(to: end + 1)
        return bytes
    }

    mutating func writeLengthEncodedInteger(_ value: Int) {
        precondition((0...0xFFFF).contains(value))
        if value <= 0xFA {
            writeInteger(UInt8(value))
        } else {
            writeInteger(UInt8(0xFC))
            writeInteger(UInt16(value), endianness: .little)
        }
    }

    mutating func writeLengthEncodedText(_ text: String) {
        writeLengthEncodedInteger(text.utf8.count)
        writeString(text)
    }
}
