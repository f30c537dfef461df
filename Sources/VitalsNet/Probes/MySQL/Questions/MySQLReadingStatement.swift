/// Whether a statement of a check's author may be put to a MySQL or MariaDB server.
///
/// There a transaction that can only read is not enough: whatever commits by itself (CREATE, GRANT,
/// ANALYZE TABLE, LOCK TABLES, CALL of a procedure that commits, EXECUTE IMMEDIATE, ...) ends it and is
/// carried out after it. None of that begins with one of the words that are let through. What does begin so
/// cannot end the transaction, and within it the server refuses each write to a table, also one in a
/// function or behind WITH. What remains is the file that a server writes (INTO OUTFILE), which no
/// transaction forbids, and the comment that a server carries out, which could hide anything. A second
/// statement in one is refused by the server, since a login never agrees on several.
///
/// Where a quoted text ends depends on the server's `sql_mode`. So nothing here asks for that: what is
/// refused is refused within a text, too.
enum MySQLReadingStatement {
    static let words = ["SELECT", "SHOW", "TABLE", "VALUES", "WITH"]

    /// Why it may not, to be put after what it is; nothing: it may.
    static func refusal(of statement: String) -> String? {
        let bytes = statement.utf8.map(upperCased)
        for mark in ["/*!", "/*M!"] where contains(mark, bytes) {
            return "holds a comment that a server carries out (`\(mark)`); write it without"
        }
        for word in ["OUTFILE", "DUMPFILE"] where contains(word, bytes) {
            return "holds the word \(word), by which a server writes a file; leave it out"
        }
        let first = firstWord(of: bytes)
        guard !words.contains(first) else { return nil }
        let found = first.isEmpty ? "begins with no word" : "begins with \(first.prefix(24))"
        return "\(found); only what begins with \(list) is put to a MySQL or MariaDB server"
    }

    /// As the server lists it while it is at it: without blanks around it, and semicolons behind it.
    static func trimmed(_ statement: String) -> String {
        var bytes = statement.utf8.drop(while: isBlank)
        while let last = bytes.last, isBlank(last) || last == UInt8(ascii: ";") { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let list = words.dropLast().joined(separator: ", ") + " or \(words[words.count - 1])"

    /// Behind blanks, comments and opening parentheses; empty: it is none.
    private static func firstWord(of bytes: [UInt8]) -> String {
        var rest = bytes[...]
        while true {
            rest = rest.drop { isBlank($0) || $0 == UInt8(ascii: "(") }
            if rest.starts(with: "/*".utf8) {
                guard let end = rest.dropFirst(2).firstRange(of: Array("*/".utf8)) else { return "" }
                rest = rest[end.upperBound...]
            } else if rest.first == UInt8(ascii: "#") || isLineComment(rest) {
                rest = rest.drop { $0 != UInt8(ascii: "\n") }
            } else {
                return String(decoding: rest.prefix(while: isOfWord), as: UTF8.self)
            }
        }
    }

    /// Two dashes alone are a minus of a minus.
    private static func isLineComment(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.starts(with: "--".utf8) && bytes.dropFirst(2).first.map(isBlank) ?? false
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...0xFF:
            true
        default: false
        }
    }

    private static func upperCased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte - 0x20 : byte
    }

    private static func contains(_ text: String, _ bytes: [UInt8]) -> Bool {
        bytes.firstRange(of: Array(text.utf8)) != nil
    }
}
