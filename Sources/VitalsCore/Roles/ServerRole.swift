/// Which part a database server has among those that hold the same data.
package enum ServerRole: Sendable, Equatable {
    /// It takes what is written.
    case primary
    /// It follows nobody, and refuses what is written all the same.
    case readOnlyPrimary
    case replica

    /// As the facts of a run say it; nothing: they do not.
    package init?(_ facts: Facts) {
        switch (facts[.role], facts[.readOnly]) {
        case (.text("replica"), _): self = .replica
        case (.text("primary"), .text("on")): self = .readOnlyPrimary
        case (.text("primary"), _): self = .primary
        default: return nil
        }
    }

    package var isWritable: Bool { self == .primary }

    /// For people.
    package var words: String {
        switch self {
        case .primary: "a primary"
        case .readOnlyPrimary: "a primary that is read-only"
        case .replica: "a replica"
        }
    }
}

/// Which part a check wants a database server to have.
package enum ExpectedRole: String, Sendable, CaseIterable {
    case primary, replica, any

    /// What is wrong with the part that a server has; nothing: it is as it should be, or not known.
    package func mismatch(with seen: ServerRole?) -> String? {
        guard let seen else { return nil }
        return switch (self, seen) {
        case (.any, _), (.primary, .primary), (.replica, .replica): nil
        case (.primary, .replica), (.primary, .readOnlyPrimary):
            "a primary was expected, and this is \(seen.words): was there a failover?"
        case (.replica, .primary), (.replica, .readOnlyPrimary):
            "a replica was expected, and this is \(seen.words): was it promoted?"
        }
    }
}
