/// A target as it was given, its variables put in.
package struct TargetText: Sendable, Equatable {
    package let text: String
    /// Where values of variables stand in it, as offsets into its UTF-8, ascending: never to be shown where
    /// they may be secrets.
    package let variables: [Range<Int>]

    /// - Parameter variables: default: none.
    package init(_ text: String, variables: [Range<Int>] = []) {
        self.text = text
        self.variables = variables
    }
}

extension TargetText: ExpressibleByStringInterpolation {
    package init(stringLiteral value: String) {
        self.init(value)
    }
}
