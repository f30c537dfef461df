/// What is wrong with a connection string, where every engine says the same of it.
enum DSNWords {
    /// A character that ends the login early moves a part of the password to where the host is looked for.
    static let encodingHint =
        " (if a password stands before it: percent-encode '@', '/', ':', '?' and '%' in it)"

    /// - Parameters:
    ///   - key: nothing where it could be a part of a secret.
    ///   - nearest: what may have been meant.
    static func unknownParameter(_ key: String?, nearest: String?, known: [String]) -> String {
        let found = key.map { "unknown parameter '\($0)'" } ?? "unknown parameter"
        if let nearest { return "\(found): did you mean '\(nearest)'?" }
        return "\(found): known are \(known.joined(separator: ", "))"
    }
}
