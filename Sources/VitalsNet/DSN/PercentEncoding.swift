/// Percent-encoding as RFC 3986 (section 2.1) has it; a `+` is a plus sign, never a blank.
enum PercentEncoding {
    /// Why a text cannot be decoded. Says nothing of the text itself, which may be a secret.
    enum Failure: Error, Equatable {
        /// A `%` that two hexadecimal digits do not follow.
        case badEscape
        /// `%00`, which no protocol here can carry.
        case zeroByte
        case notUTF8
    }

    static func decode(_ text: some StringProtocol) throws(Failure) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8.makeIterator()
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.next().flatMap(digit), let low = rest.next().flatMap(digit) else {
                throw .badEscape
            }
            bytes.append(high << 4 | low)
        }
        guard !bytes.contains(0) else { throw .zeroByte }
        guard let decoded = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
        return decoded
    }

    /// Encodes every byte but the unreserved ones of RFC 3986 and those in `kept`.
    static func encode(_ text: String, keeping kept: String = "") -> String {
        var encoded = ""
        for byte in text.utf8 {
            let character = Character(Unicode.Scalar(byte))
            if isUnreserved(byte) || (byte < 0x80 && kept.contains(character)) {
                encoded.append(character)
            } else {
                encoded.append("%")
                encoded.append(digits[Int(byte >> 4)])
                encoded.append(digits[Int(byte & 15)])
            }
        }
        return encoded
    }

    private static let digits = Array("0123456789ABCDEF")

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default:
            false
        }
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
