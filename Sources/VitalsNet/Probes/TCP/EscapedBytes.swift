import VitalsEngine

/// Bytes written as a text: `\r`, `\n`, `\t`, `\0`, `\e`, `\\` and `\xFF` stand for those that are hard to
/// write. What a variable stands for is taken as it is.
enum EscapedBytes {
    static func parse(_ text: TargetText) throws(TargetError) -> [UInt8] {
        let written = Array(text.text.utf8)
        var bytes: [UInt8] = []
        var index = 0
        while index < written.count {
            let byte = written[index]
            let isLiteral = text.variables.contains { $0.contains(index) }
            index += 1
            guard byte == UInt8(ascii: "\\"), !isLiteral else {
                bytes.append(byte)
                continue
            }
            bytes.append(try escape(written[index...]))
            index += written[index] == UInt8(ascii: "x") ? 3 : 1
        }
        return bytes
    }

    /// - Parameter rest: what follows the backslash.
    private static func escape(_ rest: ArraySlice<UInt8>) throws(TargetError) -> UInt8 {
        switch rest.first {
        case UInt8(ascii: "r"): return 13
        case UInt8(ascii: "n"): return 10
        case UInt8(ascii: "t"): return 9
        case UInt8(ascii: "0"): return 0
        case UInt8(ascii: "e"): return 27
        case UInt8(ascii: "\\"): return UInt8(ascii: "\\")
        case UInt8(ascii: "x"):
            let digits = rest.dropFirst().prefix(2)
            guard digits.count == 2, digits.allSatisfy(isHexadecimal),
                let byte = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            else { throw TargetError("holds \\x without two hexadecimal digits") }
            return byte
        default:
            throw TargetError(
                "holds a backslash before something else than r, n, t, 0, e, x or a second backslash: "
                    + "write a backslash itself as two")
        }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
    }
}
