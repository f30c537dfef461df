/// Where a text is not JSON, what stands there and what was meant to.
package struct JSONError: Error, Sendable, Equatable {
    /// In bytes, from 0.
    package let offset: Int
    /// From 1; a column is a character of the text.
    package let line: Int
    package let column: Int
    /// `` `x` ``, `the end` or `the byte 0x1b`.
    package let found: String
    /// What could have stood there: `a value`.
    package let expected: String

    /// `line 1, column 7: found `x`, expected a value`
    package var message: String {
        "line \(line), column \(column): found \(found), expected \(expected)"
    }

    init(at offset: Int, of bytes: [UInt8], found: String? = nil, expected: String) {
        self.offset = offset
        self.expected = expected
        self.found = found ?? Self.shown(offset < bytes.count ? bytes[offset] : nil)
        var line = 1
        var column = 1
        for byte in bytes.prefix(offset) {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        self.line = line
        self.column = column
    }

    private static func shown(_ byte: UInt8?) -> String {
        guard let byte else { return "the end" }
        guard (0x21...0x7E).contains(byte) else {
            let digits = String(byte, radix: 16)
            return "the byte 0x\(digits.count < 2 ? "0" : "")\(digits)"
        }
        return "`\(Character(Unicode.Scalar(byte)))`"
    }
}
