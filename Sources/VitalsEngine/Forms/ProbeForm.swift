package import VitalsCore

/// How checks of one kind are written; the registry holds one for each kind of probe.
package struct ProbeForm: Sendable {
    package let kind: ProbeKind
    /// URL schemes by which the command line knows the kind, lower case: `["postgres", "postgresql"]`.
    package let schemes: [String]
    /// The first is the target, which a single value stands for.
    package let fields: [Field]
    /// What conditions may ask of its results.
    package let observes: ConditionNeeds
    /// What its runs may tell of the target.
    package let facts: [FactName]
    /// What its runs may measure.
    package let vitals: Vitals
    /// Those that are known beforehand, as they are judged where nobody says otherwise.
    package let rules: [VitalRule]
    /// Whether its target takes statements: a check may then have vitals and questions of its author's own.
    package let takesQueries: Bool
    /// Why such a statement would never be put to its target, to be put after what it is; nothing: it would.
    package let refusesQuery: @Sendable (String) -> String?
    /// Whether it runs programs or opens files here: only whoever writes the configuration files may ask for
    /// that, and nobody through the API.
    package let isLocal: Bool
    /// Makes the probe of what its fields say. The error never holds a secret.
    package let make: @Sendable (Settings) throws(TargetError) -> any Probe

    package init(
        kind: ProbeKind, schemes: [String], fields: [Field], observes: ConditionNeeds = .always,
        facts: [FactName] = [], vitals: Vitals = .none,
        rules: [VitalRule] = [], takesQueries: Bool = false,
        refusesQuery: @escaping @Sendable (String) -> String? = { _ in nil }, isLocal: Bool = false,
        make: @escaping @Sendable (Settings) throws(TargetError) -> any Probe
    ) {
        precondition(!fields.isEmpty)
        self.kind = kind
        self.schemes = schemes
        self.fields = fields
        self.observes = observes
        self.facts = facts
        self.vitals = vitals
        self.rules = rules
        self.takesQueries = takesQueries
        self.refusesQuery = refusesQuery
        self.isLocal = isLocal
        self.make = make
    }

    /// Which signs its runs measure.
    package enum Vitals: String, Sendable, CaseIterable {
        case none
        /// Whatever the target gives a name to; each comes with its unit and its ranges.
        case named
        /// Those that the form names.
        case known
    }

    /// The probe of a target, of which nothing else is said.
    package func make(_ target: TargetText) throws(TargetError) -> any Probe {
        try make(Settings(target: target, as: fields[0].name))
    }
}

/// What cannot be made of settings: what was found and what was meant, without any secret.
package struct TargetError: Error, Equatable {
    package let message: String
    /// The field that it is about; nothing: the first, or all of them together.
    package let field: String?

    package init(_ message: String, field: String? = nil) {
        self.message = message
        self.field = field
    }
}
