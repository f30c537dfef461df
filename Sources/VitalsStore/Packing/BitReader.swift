import VitalsCore

/// Reads what `BitWriter` wrote. Whatever the bytes are, it ends in a value or in an error.
struct BitReader {
    private let bytes: [UInt8]
    /// In bits.
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Bytes from which anything was read.
    var bytesRead: Int { (position + 7) / 8 }

    mutating func read(bits: Int) throws(UnreadableBytes) -> UInt64 {
        guard bits <= bytes.count * 8 - position else { throw UnreadableBytes() }
        var value: UInt64 = 0
        var left = bits
        while left > 0 {
            let used = position % 8
            let taken = min(8 - used, left)
            let chunk = (bytes[position / 8] >> UInt8(8 - used - taken)) & UInt8((1 << taken) - 1)
            value = (value << UInt64(taken)) | UInt64(chunk)
            position += taken
            left -= taken
        }
        return value
    }

    mutating func readFlag() throws(UnreadableBytes) -> Bool {
        try read(bits: 1) == 1
    }

    mutating func readNumber() throws(UnreadableBytes) -> UInt64 {
        switch try read(bits: 4) {
        case 0: try read(bits: 5)
        case 14: try read(bits: 24)
        case 15: try read(bits: BitWriter.widest)
        case let length: try (1 << (length + 4)) | read(bits: Int(length) + 4)
        }
    }

    mutating func readSigned() throws(UnreadableBytes) -> Int64 {
        let number = try readNumber()
        return Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1)
    }

    mutating func readInstant() throws(UnreadableBytes) -> Timestamp {
        let microseconds = Int64(bitPattern: try read(bits: 64))
        guard microseconds.magnitude < 1 << 60 else { throw UnreadableBytes() }
        return Timestamp(microseconds: microseconds)
    }

    mutating func readText() throws(UnreadableBytes) -> String {
        let count = try readNumber()
        guard count <= UInt64((bytes.count * 8 - position) / 8) else { throw UnreadableBytes() }
        var text: [UInt8] = []
        text.reserveCapacity(Int(count))
        for _ in 0..<count {
            text.append(UInt8(try read(bits: 8)))
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// Bytes that no version of this program wrote.
struct UnreadableBytes: Error {}
