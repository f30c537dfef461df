/// A regular expression as it was read.
indirect enum PatternNode: Sendable, Equatable {
    case characters(PatternClass)
    case assertion(PatternAssertion)
    /// All of them, one after the other; none matches everywhere.
    case sequence([PatternNode])
    /// The first that does.
    case choice([PatternNode])
    case repeated(PatternNode, atLeast: Int, atMost: Int?, isLazy: Bool)
}

/// What must hold between two characters.
enum PatternAssertion: Sendable, Equatable {
    case textStart, textEnd, lineStart, lineEnd, wordEdge, noWordEdge
}
