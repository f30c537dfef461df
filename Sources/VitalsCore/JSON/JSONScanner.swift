/// The words of a JSON text: names, numbers, strings. Each byte is looked at a bounded number of times.
struct JSONScanner {
    let bytes: [UInt8]
    private(set) var position = 0
    private let isStrict: Bool

    init(_ bytes: [UInt8], isStrict: Bool) {
        self.bytes = bytes
        self.isStrict = isStrict
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    func error(expected: String) -> JSONError {
        JSONError(at: position, of: bytes, expected: expected)
    }

    mutating func advance() {
        position += 1
    }

    mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    /// A string, a number, `true`, `false` or `null`.
    mutating func scalar() throws(JSONError) -> JSON {
        guard let next else { throw error(expected: "a value") }
        return switch next {
        case UInt8(ascii: "\""): .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
        case UInt8(ascii: "t"): try word("true", .bool(true))
        case UInt8(ascii: "f"): try word("false", .bool(false))
        case UInt8(ascii: "n"): try word("null", .null)
        default: throw error(expected: "a value")
        }
    }

    private mutating func word(_ word: String, _ value: JSON) throws(JSONError) -> JSON {
        for byte in word.utf8 {
            guard take(byte) else { throw error(expected: "`\(word)`") }
        }
        return value
    }
}

extension JSONScanner {
    private mutating func number() throws(JSONError) -> JSON {
        let start = position
        var isWhole = true
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) {
            isWhole = false
            try digits()
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isWhole = false
            if !take(UInt8(ascii: "-")) { _ = take(UInt8(ascii: "+")) }
            try digits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        // `-0` keeps its sign only as it is written.
        if isWhole, position - start <= 20, let integer = Int64(text), text != "-0" {
            return .integer(integer)
        }
        return .decimal(text)
    }

    private mutating func digits() throws(JSONError) {
        let start = position
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        guard position > start else { throw error(expected: "a digit") }
    }

    /// A string in quotes, the first of which is next.
    mutating func string() throws(JSONError) -> String {
        advance()
        let start = position
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
            position += 1
        }
        if next == UInt8(ascii: "\"") {
            let text = try decoded(bytes[start..<position], from: start)
            advance()
            return text
        }
        var plain = Array(bytes[start..<position])
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                let text = try decoded(plain[...], from: start)
                advance()
                return text
            case UInt8(ascii: "\\"): try escape(into: &plain)
            case 0..<0x20: throw error(expected: "`\\n`, `\\u00..` or another escape")
            default:
                plain.append(byte)
                position += 1
            }
        }
        throw error(expected: "the end of a string")
    }

    private func decoded(_ text: ArraySlice<UInt8>, from start: Int) throws(JSONError) -> String {
        if let text = String(validating: text, as: UTF8.self) { return text }
        throw JSONError(at: start, of: bytes, found: "a string that is not UTF-8", expected: "UTF-8")
    }

    private mutating func escape(into plain: inout [UInt8]) throws(JSONError) {
        let start = position
        advance()
        let escapes: [UInt8: UInt8] = [
            0x22: 0x22, 0x5C: 0x5C, 0x2F: 0x2F, 0x62: 0x08, 0x66: 0x0C, 0x6E: 0x0A, 0x72: 0x0D, 0x74: 0x09,
        ]
        guard let byte = next else { throw error(expected: "an escape") }
        if let meant = escapes[byte] {
            plain.append(meant)
            return advance()
        }
        guard take(UInt8(ascii: "u")) else {
            throw error(expected: "one of `\"\\/bfnrtu` after a backslash")
        }
        var code = try hexadecimal()
        if (0xD800...0xDBFF).contains(code), let low = try lowSurrogate() {
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        let scalar = Unicode.Scalar(code)
        guard scalar != nil || !isStrict else {
            throw JSONError(
                at: start, of: bytes, found: "half of a surrogate pair", expected: "both of its halves")
        }
        plain += Array(String(Character(scalar ?? "\u{FFFD}")).utf8)
    }

    /// The second half of a pair, if it is next.
    private mutating func lowSurrogate() throws(JSONError) -> UInt32? {
        let start = position
        guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            position = start
            return nil
        }
        let code = try hexadecimal()
        guard (0xDC00...0xDFFF).contains(code) else {
            position = start
            return nil
        }
        return code
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80
            else { throw error(expected: "four hexadecimal digits") }
            code = code << 4 | UInt32(digit)
            position += 1
        }
        return code
    }
}
