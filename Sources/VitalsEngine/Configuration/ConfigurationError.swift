/// Why a configuration is refused: everything that is wrong with it, so that it need not be mended in rounds.
package struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Sorted by place; at most `maximumProblems`, never empty.
    package let problems: [ConfigurationProblem]
    /// How many more were found.
    package let omitted: Int

    package static let maximumProblems = 100

    package init(_ problems: [ConfigurationProblem], omitted: Int = 0) {
        precondition(!problems.isEmpty)
        self.problems = problems.sorted(by: ConfigurationProblem.isInOrder)
        self.omitted = omitted
    }

    /// One line a problem.
    package var description: String {
        var lines = problems.map(\.description)
        if omitted > 0 {
            lines.append("and \(omitted) more")
        }
        return lines.joined(separator: "\n")
    }
}
