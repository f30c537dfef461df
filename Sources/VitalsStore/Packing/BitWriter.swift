import VitalsCore

/// Writes numbers and texts one bit after the other, the most significant bit first.
struct BitWriter {
    private(set) var bytes: [UInt8] = []
    /// Bits of the last byte that are taken; 0 when the next bit begins a new one.
    private var used = 0

    /// Numbers have at most this many bits: 142 years of microseconds.
    static let widest = 52

    /// The lowest `bits` bits of `value`.
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

    /// Four bits say how long the number is. Below 32 it takes five more; with 6 to 18 bits of its own, up to
    /// a quarter of a second in µs, those below its topmost one; else 24, or all 52. So that 3 µs take 9
    /// bits, 300 µs 12 and 20 ms 18. Cut at `widest`.
    mutating func write(number: UInt64) {
        let width = UInt64.bitWidth - number.leadingZeroBitCount
        switch width {
        case 0...5:
            write(0, bits: 4)
            write(number, bits: 5)
        case 6...18:
            write(UInt64(width - 5), bits: 4)
            write(number, bits: width - 1)
        case 19...24:
            write(14, bits: 4)
            write(number, bits: 24)
        default:
            write(15, bits: 4)
            write(min(number, (1 << UInt64(Self.widest)) - 1), bits: Self.widest)
        }
    }

    /// Small numbers of either sign stay short: 0, -1, 1, -2, ...
    mutating func write(signed: Int64) {
        write(number: UInt64(bitPattern: (signed << 1) ^ (signed >> 63)))
    }

    mutating func write(instant: Timestamp) {
        write(UInt64(bitPattern: instant.microseconds), bits: 64)
    }

    mutating func write(_ text: String) {
        write(number: UInt64(text.utf8.count))
        for byte in text.utf8 {
            write(UInt64(byte), bits: 8)
        }
    }
}
