/// Ids as people choose them: `[a-z0-9][a-z0-9-]{0,62}`.
enum Slug {
    static let maximumLength = 63

    static func parse(_ given: Given, allowsUnderscore: Bool = false) throws(Complaint) -> String {
        if isSlug(given.text, allowsUnderscore: allowsUnderscore) {
            return given.text
        }
        let letters = "lower-case letters, digits and dashes\(allowsUnderscore ? " or underscores" : "")"
        let rule = "write \(letters), a letter or digit first, at most \(maximumLength)"
        let suggestion = given.isVerbatim ? slug(like: given.raw) : nil
        let example = suggestion.map { ", as in \"\($0)\"" } ?? ""
        throw Complaint("\(given.quoted) cannot be an id; \(rule)\(example)")
    }

    private static func isSlug(_ text: String, allowsUnderscore: Bool) -> Bool {
        guard let first = text.utf8.first, isLetterOrDigit(first) else { return false }
        return text.utf8.count <= maximumLength
            && text.utf8.allSatisfy { byte in
                isLetterOrDigit(byte) || byte == UInt8(ascii: "-")
                    || (allowsUnderscore && byte == UInt8(ascii: "_"))
            }
    }

    private static func slug(like text: String) -> String? {
        let words = text.lowercased().utf8.prefix(200).split { !isLetterOrDigit($0) }
        let joined = words.compactMap { String($0) }.joined(separator: "-")
        return isSlug(joined, allowsUnderscore: false) ? joined : nil
    }

    /// The same of whatever is written, cut to length; nothing where no letter of it can stand in an id.
    static func made(of text: String) -> String? {
        let words = text.lowercased().utf8.prefix(400).split { !isLetterOrDigit($0) }
        let joined = words.compactMap { String($0) }.joined(separator: "-").prefix(maximumLength)
        let whole = joined.hasSuffix("-") ? joined.dropLast() : joined
        return whole.isEmpty ? nil : String(whole)
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        ASCII.isLowerCaseLetter(byte) || ASCII.isDigit(byte)
    }
}
