/// HdrHistogram's form V2, uncompressed, as the libraries of every language read it: a header of 40 bytes in
/// network order, and the count of each bucket up to the last that holds anything.
///
///     cookie 4 bytes (0x1c849313) · bytes after the header 4 · offset 4 (0) · significant digits 4
///     lowest value that can be told from 0: 8 · highest value: 8 · factor of the values 8 (1.0)
///     then numbers: a count, or, when it is negative, how many buckets in a row are empty
///
/// A number is ZigZag (0, -1, 1, -2 become 0, 1, 2, 3) in groups of seven bits, the lowest first, each but
/// the last with the top bit set; a ninth byte is the last, with all its eight bits.
extension Sketch {
    private static let cookie: UInt64 = 0x1C84_9313
    private static let headerLength = 40
    /// More than any store ever holds: what is merged can be added without a look at the sum.
    private static let mostCounted: Int64 = 1 << 48

    package var encoded: [UInt8] {
        var counts: [UInt8] = []
        counts.reserveCapacity(buckets.count * 2)
        var next = 0
        for bucket in buckets {
            if bucket.index > next { Self.write(Int64(next - bucket.index), to: &counts) }
            Self.write(bucket.count, to: &counts)
            next = bucket.index + 1
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.headerLength + counts.count)
        for (value, width) in Self.header(length: counts.count) {
            for shift in stride(from: (width - 1) * 8, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
            }
        }
        return bytes + counts
    }

    /// Nothing when the bytes are no sketch, or one of other buckets than ours.
    package init?(encoded bytes: [UInt8]) {
        self.init()
        guard bytes.count >= Self.headerLength else { return nil }
        var position = 0
        for (expected, width) in Self.header(length: bytes.count - Self.headerLength) {
            let value = bytes[position..<position + width].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            guard value == expected else { return nil }
            position += width
        }
        var rest = bytes[position...]
        var index: Int64 = 0
        while !rest.isEmpty {
            guard let number = Self.number(&rest) else { return nil }
            if number < 0 {
                guard number >= Int64(-Self.places) else { return nil }
                index -= number
            } else {
                guard index < Int64(Self.places), number <= Self.mostCounted - count else { return nil }
                if number > 0 { add(number, at: Int(index)) }
                index += 1
            }
            guard index <= Int64(Self.places) else { return nil }
        }
    }

    /// The fields of the header, each with its width in bytes.
    private static func header(length: Int) -> [(value: UInt64, width: Int)] {
        [
            (cookie, 4), (UInt64(length), 4), (0, 4), (UInt64(significantDigits), 4), (UInt64(lowest), 8),
            (UInt64(highest), 8), ((1.0).bitPattern, 8),
        ]
    }

    private static func write(_ number: Int64, to bytes: inout [UInt8]) {
        var left = UInt64(bitPattern: number << 1 ^ number >> 63)
        for _ in 0..<8 {
            guard left >= 0x80 else { break }
            bytes.append(UInt8(left & 0x7F) | 0x80)
            left >>= 7
        }
        bytes.append(UInt8(left))
    }

    private static func number(_ bytes: inout ArraySlice<UInt8>) -> Int64? {
        var value: UInt64 = 0
        for place in 0...8 {
            guard let byte = bytes.popFirst() else { return nil }
            if place == 8 || byte < 0x80 {
                value |= UInt64(byte) << UInt64(place * 7)
                break
            }
            value |= UInt64(byte & 0x7F) << UInt64(place * 7)
        }
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }
}
