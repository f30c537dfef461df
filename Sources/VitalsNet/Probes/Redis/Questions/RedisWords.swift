import VitalsCore

/// A command as its author writes it, as for `redis-cli`: words with blanks between them; one in quotes may
/// hold blanks, one in double quotes also `\"`, `\\`, `\n`, `\r`, `\t` and `\x00`.
enum RedisWords {
    /// - Returns: nothing where a quote does not end, or something other than a blank follows one.
    static func split(_ text: String) -> [String]? {
        var words: [String] = []
        var rest = text.utf8[...]
        while true {
            rest = rest.drop(while: isBlank)
            guard let first = rest.first else { return words }
            if first == doubleQuote || first == singleQuote {
                guard let word = quoted(by: first, &rest), rest.first.map(isBlank) ?? true else { return nil }
                words.append(word)
            } else {
                let word = rest.prefix { !isBlank($0) }
                guard !word.contains(doubleQuote), !word.contains(singleQuote) else { return nil }
                words.append(String(Substring(word)))
                rest = rest[word.endIndex...]
            }
        }
    }

    private static let doubleQuote = UInt8(ascii: "\"")
    private static let singleQuote = UInt8(ascii: "'")
    private static let backslash = UInt8(ascii: "\\")

    private static func quoted(by quote: UInt8, _ rest: inout Substring.UTF8View) -> String? {
        var bytes: [UInt8] = []
        rest.removeFirst()
        while let byte = rest.popFirst() {
            if byte == quote { return String(decoding: bytes, as: UTF8.self) }
            guard byte == backslash, quote == doubleQuote else {
                bytes.append(byte)
                continue
            }
            guard let escaped = escape(&rest) else { return nil }
            bytes.append(escaped)
        }
        return nil
    }

    private static func escape(_ rest: inout Substring.UTF8View) -> UInt8? {
        switch rest.popFirst() {
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "x"):
            let digits = rest.prefix(2)
            rest = rest.dropFirst(2)
            return digits.count == 2 ? UInt8(String(Substring(digits)), radix: 16) : nil
        case let byte?: return byte
        case nil: return nil
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
