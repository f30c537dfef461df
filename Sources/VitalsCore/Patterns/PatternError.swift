/// Why a text is no regular expression that is understood here.
package struct PatternError: Error, Sendable, Equatable {
    /// The character at which it is noticed, from 1.
    package let column: Int
    /// What was found and what was meant.
    package let message: String
}

/// A text on which a pattern would take too long: nothing is known of whether it matches.
package struct PatternOverrun: Error, Sendable, Equatable {
    /// What is told of it.
    package let message = "the pattern takes too many steps on this text"
}
