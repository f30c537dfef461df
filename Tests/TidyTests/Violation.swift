/// A place where a rule is broken, as the failing test prints it.
struct Violation: Sendable, Equatable, CustomStringConvertible {
    let rule: String
    let path: String
    /// Counted from 1; 0 for the file as a whole.
    let line: Int
    let message: String

    var description: String { "\(path):\(line): \(message)" }
}

/// What one kind of rule finds in one file.
protocol Rule: Sendable {
    /// As exceptions name it.
    var name: String { get }

    /// Every place in `file` that breaks the rule: line (from 1; 0 for the file) and what to do about it.
    func findings(in file: SourceFile) -> [(line: Int, message: String)]
}

extension Rule {
    func violations(in file: SourceFile) -> [Violation] {
        findings(in: file).map { Violation(rule: name, path: file.path, line: $0.line, message: $0.message) }
    }
}
