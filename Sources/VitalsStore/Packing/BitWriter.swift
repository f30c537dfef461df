/// Writes numbers and texts one bit after the other, the most significant bit first.
struct BitWriter {
    private(set) var bytes: [UInt8] = []
    /// Bits of the last byte that are taken; 0 when the next bit begins a new one.
    private var used = 0

    /// Numbers have at most this many bits: 142 years of microseconds.
    static let widest = 52

    mutating func write(_ value: UInt64, bits: Int) {
        var left = bits
        while left > 0 {
            if used == 0 { bytes.append(0) }
            let taken = min(8 - used, left)
            let chunk = (value >> UInt64(left - taken)) & ((1 << UInt64(taken)) - 1)
            bytes[bytes.count - 1] |= UInt8(chunk << UInt64(8 - used - taken))
            used = (used + taken) % 8
            left -= taken
        }
    }

    mutating func write(_ flag: Bool) {
        write(flag ? 1 : 0, bits: 1)
    }

    /// Five bits say how many bits the number has, then follow those below its topmost one; a number that needs
    /// 31 or more is written whole. So that 20 ms take 19 bits, 300 µs 13 and nothing 5. Cut at `widest`.
    mutating func write(number: UInt64) {
        let width = UInt64.bitWidth - number.leadingZeroBitCount
        guard width < 31 else {
            write(31, bits: 5)
            write(min(number, (1 << UInt64(Self.widest)) - 1), bits: Self.widest)
            return
        }
        write(UInt64(width), bits: 5)
        if width > 1 { write(number, bits: width - 1) }
    }

    /// Small numbers of either sign stay short: 0, -1, 1, -2, ...
    mutating func write(signed: Int64) {
        write(number: UInt64(bitPattern: (signed << 1) ^ (signed >> 63)))
    }

    mutating func write(_ text: String) {
        write(number: UInt64(text.utf8.count))
        for byte in text.utf8 {
            write(UInt64(byte), bits: 8)
        }
    }
}
