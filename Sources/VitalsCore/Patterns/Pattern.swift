/// A regular expression that runs in time proportional to the text, whatever both of them are: all ways to
/// match are followed at once, and none is ever gone back on.
///
/// The syntax is the usual subset of RE2's: literals, `.`, `[...]`, `[[:alpha:]]`, `\d \w \s \b` and their
/// opposites, `^ $ \A \z`, groups, `|`, `* + ? {m,n}` greedy and lazy, `(?i) (?s) (?m)`. No references back,
/// no looking around. Of several matches the leftmost is found; of those, the one that is tried first.
package struct Pattern: Sendable, Equatable {
    /// As it was written.
    package let text: String
    let program: PatternProgram

    /// Characters of a pattern.
    package static let longestText = 1_000
    /// Followed ways times bytes of the text: some 20 ms.
    package static let mostSteps = 1_000_000

    package init(parsing text: String) throws(PatternError) {
        var parser = try PatternParser(text)
        self.text = text
        program = try PatternProgram(try parser.parse())
    }

    package static func == (left: Pattern, right: Pattern) -> Bool {
        left.text == right.text
    }

    /// Whether a match may depend on what follows it: on more text, it might not be one.
    package var looksAhead: Bool { program.looksAhead }

    /// Whether it matches anywhere in the text. What is no UTF-8 is taken as U+FFFD, byte by byte.
    package func matches(_ bytes: [UInt8]) throws(PatternOverrun) -> Bool {
        var machine = PatternMachine(program, isAnyMatchEnough: true)
        return try machine.run(on: bytes) != nil
    }

    /// Where it matches first, in bytes.
    package func firstMatch(in bytes: [UInt8]) throws(PatternOverrun) -> Range<Int>? {
        var machine = PatternMachine(program, isAnyMatchEnough: false)
        return try machine.run(on: bytes)
    }
}
