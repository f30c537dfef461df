import VitalsCore
import VitalsEngine

/// The cursors of the lists: hexadecimal digits of the list's name, a colon and the key of its last item.
extension OpenAPIDocument {
    /// What a list is ordered by.
    enum CursorKey {
        case id, number, instantAndID, instantAndTransition

        /// Of the encoded key, as a regular expression.
        fileprivate var pattern: String {
            switch self {
            case .id: "([2-7][0-9a-f])+"
            case .number: Self.digits
            case .instantAndID: "\(Self.digits)3a\(Self.word)"
            case .instantAndTransition: "\(Self.digits)3a\(Self.word)3a(\(Self.states))"
            }
        }

        private static let digits = "(3[0-9]){1,18}"
        /// Lower-case letters, digits, dots and dashes.
        private static let word = "(2[de]|3[0-9]|6[1-9a-f]|7[0-9a])+"
        private static let states = State.allCases.map { Hexadecimal.encode($0.rawValue) }
            .joined(separator: "|")
    }

    /// The parameter of a list, by its name in the code.
    static func cursor(of list: String, by key: CursorKey) -> String {
        """
        {"name": "cursor", "in": "query", "description": "The `next_cursor` of the page before.",
          "schema": {"type": "string", "maxLength": 512,
            "pattern": "^\(Hexadecimal.encode("\(list):"))\(key.pattern)$"}}
        """
    }
}
