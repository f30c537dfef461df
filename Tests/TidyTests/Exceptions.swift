/// Places that may break a rule, each with its reason. The list may only shrink: one that is no longer
/// needed fails.
enum Exceptions {
    struct Exception: Sendable, Equatable {
        let rule: String
        let path: String
        let reason: String
    }

    static let all: [Exception] = []

    static func covers(_ violation: Violation) -> Bool {
        all.contains { $0.rule == violation.rule && $0.path == violation.path }
    }

    /// Exceptions that excuse nothing.
    static func unused(among violations: [Violation], of exceptions: [Exception] = all) -> [Exception] {
        exceptions.filter { exception in
            !violations.contains { $0.rule == exception.rule && $0.path == exception.path }
        }
    }
}
