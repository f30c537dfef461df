/// The letters of names and texts as they stand in a zone file (RFC 1035, 5.1).
enum DNSText {
    /// Adds a byte of a label: lower case; what would part labels or is not to be seen, escaped.
    static func append(_ byte: UInt8, toName text: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"):
            text.append(byte | 0x20)
        case UInt8(ascii: "."), UInt8(ascii: "\\"), UInt8(ascii: "\""):
            text += [UInt8(ascii: "\\"), byte]
        case 0x21...0x7E:
            text.append(byte)
        default:
            appendNumber(byte, to: &text)
        }
    }

    /// The bytes as a text: UTF-8 as it is, what is none escaped.
    static func text(_ bytes: some Collection<UInt8>) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var text: [UInt8] = []
        for byte in bytes {
            if (0x20...0x7E).contains(byte) { text.append(byte) } else { appendNumber(byte, to: &text) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// `\007`.
    private static func appendNumber(_ byte: UInt8, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "\\"))
        for divisor in [100, 10, 1] as [UInt8] { text.append(UInt8(ascii: "0") + byte / divisor % 10) }
    }
}
