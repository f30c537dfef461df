/// One text of many parts that no other parts have: each with its length.
enum IdentityText {
    static func of(_ parts: [String]) -> String {
        parts.map { "\($0.utf8.count):\($0)" }.joined(separator: ",")
    }
}
