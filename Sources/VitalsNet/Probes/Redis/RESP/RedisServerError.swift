/// What a server says is wrong: `-WRONGPASS invalid username-password pair or user is disabled.`
struct RedisServerError: Sendable, Equatable {
    /// The first word, if it is one in capitals: `WRONGPASS`, `ERR`; else empty.
    let code: String
    /// The rest.
    let message: String

    private static let longestCode = 16
    /// No person reads more of it.
    private static let longestText = 1_024

    init(_ text: String) {
        let line = Printable.prefix(text, bytes: Self.longestText)
        let word = line.prefix { $0 != " " }
        let isCode = (2...Self.longestCode).contains(word.utf8.count) && word.utf8.allSatisfy(Self.isCapital)
        code = isCode ? String(word) : ""
        message = isCode ? String(line.dropFirst(word.count + 1)) : line
    }

    private static func isCapital(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }

    /// As a fault has it; `ERR` says nothing.
    var vendorCode: String? { code.isEmpty || code == "ERR" ? nil : code }

    /// As the server said it, for people.
    var text: String {
        let words = vendorCode.map { "\($0) \(message)" } ?? message
        return words.isEmpty ? "the server gave no reason" : words
    }
}
