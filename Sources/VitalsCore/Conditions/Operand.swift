/// One side of a comparison.
struct Operand: Sendable, Equatable {
    indirect enum Content: Sendable, Equatable {
        case subject(Subject)
        /// `len(...)`
        case length(Subject)
        /// `has(...)`
        case presence(Subject)
        case literal(Literal)
        /// `pat(...)`
        case glob(Glob)
        /// `matches(...)`
        case pattern(Pattern)
        /// `any(...)`
        case any([Operand])
    }

    let content: Content
    /// As it was written.
    let text: String
    /// The character with which it begins, from 1.
    let column: Int

    /// Whether it stands for a value, and not for a choice or a form of values.
    var isValue: Bool {
        switch content {
        case .subject, .length, .presence, .literal: true
        case .glob, .pattern, .any: false
        }
    }

    /// Whether what it is was seen rather than written.
    var isSeen: Bool {
        switch content {
        case .subject, .length, .presence: true
        case .literal, .glob, .pattern: false
        case .any(let operands): operands.contains(where: \.isSeen)
        }
    }

    /// What it always is, if that is known before anything is seen.
    var kind: Subject.Kind? {
        switch content {
        case .subject(let subject): subject.kind
        case .length: .number
        case .presence: .bool
        case .literal, .glob, .pattern, .any: nil
        }
    }

    var needs: ConditionNeeds {
        switch content {
        case .subject(let subject), .length(let subject), .presence(let subject): subject.name.need
        case .literal, .glob, .pattern: []
        case .any(let operands): operands.reduce([]) { $0.union($1.needs) }
        }
    }
}

/// How two sides are compared.
enum Comparison: String, Sendable, CaseIterable {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case more = ">"
    case moreOrEqual = ">="

    /// Whether it asks which side is the greater one.
    var orders: Bool { self != .equal && self != .notEqual }
}

/// A condition as it was read.
indirect enum Expression: Sendable, Equatable {
    case comparison(Operand, Comparison, Operand)
    /// A side that is true or false by itself.
    case truth(Operand)
    case not(Expression)
    /// Two or more.
    case all([Expression])
    case any([Expression])

    /// What it asks for.
    var needs: ConditionNeeds {
        switch self {
        case .comparison(let left, _, let right): left.needs.union(right.needs)
        case .truth(let operand): operand.needs
        case .not(let expression): expression.needs
        case .all(let parts), .any(let parts): parts.reduce([]) { $0.union($1.needs) }
        }
    }
}
