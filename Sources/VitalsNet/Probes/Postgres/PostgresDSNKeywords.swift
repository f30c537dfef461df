/// The other form of libpq: `host=db1 user=ann password='it\'s'`.
///
/// As there, a backslash stands before any character that is to be taken as it is, within quotes and without,
/// and a value without quotes ends at a blank.
enum PostgresDSNKeywords {
    struct Pair: Equatable {
        let key: String
        let value: String
    }

    /// Whether it is of this form, and no URI: a word, then `=`.
    static func isMeant(by text: String) -> Bool {
        guard let sign = text.utf8.firstIndex(of: UInt8(ascii: "=")) else { return false }
        let word = text[..<sign]
        return !word.utf8.contains { byte in ":/@?".utf8.contains(byte) }
    }

    /// What is written, in order.
    static func pairs(in text: String) throws(PostgresDSNError) -> [Pair] {
        var rest = Array(text.utf8)[...]
        var pairs: [Pair] = []
        while true {
            rest = rest.drop(while: isBlank)
            guard !rest.isEmpty else { return pairs }
            let key = rest.prefix { $0 != UInt8(ascii: "=") && !isBlank($0) }
            rest = rest[key.endIndex...].drop(while: isBlank)
            guard rest.popFirst() == UInt8(ascii: "="), !key.isEmpty else { throw .keywordWithoutValue }
            rest = rest.drop(while: isBlank)
            let value = try takeValue(&rest)
            let pair = Pair(
                key: String(decoding: key, as: UTF8.self), value: String(decoding: value, as: UTF8.self))
            let isControl = pair.value.unicodeScalars.contains { $0.properties.generalCategory == .control }
            guard !isControl else { throw .controlCharacter }
            pairs.append(pair)
        }
    }

    private static func takeValue(_ rest: inout ArraySlice<UInt8>) throws(PostgresDSNError) -> [UInt8] {
        let quote = UInt8(ascii: "'")
        let isQuoted = rest.first == quote
        if isQuoted { rest.removeFirst() }
        var value: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\") {
                if let escaped = rest.popFirst() { value.append(escaped) }
            } else if isQuoted ? byte == quote : isBlank(byte) {
                return value
            } else {
                value.append(byte)
            }
        }
        guard !isQuoted else { throw .openQuote }
        return value
    }

    /// As `isspace` of C has it.
    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}
