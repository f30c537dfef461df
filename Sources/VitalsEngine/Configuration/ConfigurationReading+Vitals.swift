import VitalsCore

/// `vitals`: how those that a kind of check knows are measured and judged, and those of the author's own.
extension ConfigurationReading {
    private static let vitalKeys = [
        "name", "enabled", "every", "warn", "critical", "clear", "query", "unit", "direction",
    ]
    private static let keysOfOwn = ["query", "unit", "direction"]
    static let cadences = Duration.seconds(1) ... .seconds(24 * 3_600)
    static let mostOwnVitals = 8
    private static let longestQuery = 8_192

    /// The vitals of a check: those of its kind, but for what is said otherwise.
    ///
    /// - Parameter form: nothing: its kind is not known, which is told already.
    mutating func vitals(_ value: Value?, _ form: ProbeForm?) -> [VitalRule] {
        var rules = form?.rules ?? []
        guard let value, let form else { return rules }
        guard form.vitals == .known else {
            report(value, "a check of the kind `\(form.kind.name)` has no vitals that are known here")
            return rules
        }
        var seen: [String: TextPosition] = [:]
        for item in items(value) {
            guard let section = section(item, keys: Self.vitalKeys),
                let name = vitalName(of: section, taken: &seen)
            else { continue }
            if section["query"] == nil {
                override(name, section, among: &rules, form)
            } else if let rule = ownVital(name, section, form) {
                rules.append(rule)
            }
        }
        let own = rules.count(where: { if case .query = $0.source { true } else { false } })
        if own > Self.mostOwnVitals {
            report(value, "has \(own) vitals with a query; at most \(Self.mostOwnVitals)")
        }
        return rules
    }

    /// Letters, digits and underscores, as metrics are named.
    private mutating func vitalName(of section: Section, taken: inout [String: TextPosition]) -> String? {
        guard let value = section["name"] else {
            report(section.value, "has no `name`; say which vital it is")
            return nil
        }
        let name: String? = parsed(value) { given throws(Complaint) in
            let isName =
                (1...48).contains(given.text.utf8.count)
                && given.text.utf8.allSatisfy {
                    (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
                }
                && given.text.utf8.first.map { (0x61...0x7A).contains($0) } ?? false
            guard isName else {
                throw Complaint("is no name; write small letters, digits and `_`, a letter first, at most 48")
            }
            return given.text
        }
        guard let name else { return nil }
        if let first = taken[name] {
            let place = self.place(of: first, seenFrom: value.node.position)
            report(value, "the name \(Self.shown(value)) is taken \(place); names must differ")
            return nil
        }
        taken[name] = value.node.position
        return name
    }

    // MARK: Those that are known

    private mutating func override(
        _ name: String, _ section: Section, among rules: inout [VitalRule], _ form: ProbeForm
    ) {
        guard let index = rules.firstIndex(where: { $0.name == name }) else {
            let nearest = NearestName.to(name, among: form.rules.map(\.name))
            let meant =
                nearest.map { "did you mean `\($0)`?" } ?? "with a `query` it would be one of your own"
            return report(
                section["name"] ?? section.value, "is no vital of a \(form.kind.name) check; \(meant)")
        }
        for key in Self.keysOfOwn {
            guard let value = section[key] else { continue }
            report(value, "is only for vitals with a `query`")
        }
        let rule = rules[index]
        let every = duration(section["every"], in: Self.cadences)
        if let value = section["every"], let counter = rule.counters.first {
            report(value, "follows from `\(counter)`; say there how often it is measured")
        }
        let edges = edges(
            of: section, bad: rule.bad, warn: rule.warn, critical: rule.critical, clear: rule.clear)
        rules[index] = rule.with(
            warn: edges.warn, critical: edges.critical, clear: edges.clear, every: every)
        if flag(section["enabled"]) == false { rules.remove(at: index) }
    }

    // MARK: Those of the author's own

    private mutating func ownVital(_ name: String, _ section: Section, _ form: ProbeForm) -> VitalRule? {
        guard form.takesQueries else {
            report(section.value, "a \(form.kind.name) check takes no queries")
            return nil
        }
        if form.rules.contains(where: { $0.name == name }) {
            report(
                section["name"] ?? section.value,
                "is the name of a vital that is known; choose another, or leave the `query` out")
            return nil
        }
        let direction = parsed(section["direction"]) { given throws(Complaint) in
            guard let direction = FactShape.Direction(rawValue: given.text) else {
                throw Complaint("is neither `high` nor `low`, the way that is bad")
            }
            return direction
        }
        let unit = parsed(section["unit"]) { given throws(Complaint) in
            try PlainText.parse(given, lengths: 1...16)
        }
        let every = duration(section["every"], in: Self.cadences)
        let isEnabled = flag(section["enabled"]) ?? true
        let bad = direction ?? .high
        let edges = edges(of: section, bad: bad, warn: nil, critical: nil, clear: nil)
        guard let query = query(section["query"], form), isEnabled else { return nil }
        return VitalRule(
            name, unit: unit ?? "", "a question of its author's own", every: every ?? .seconds(60),
            source: .query(query), bad: bad, warn: edges.warn, critical: edges.critical, clear: edges.clear)
    }

    mutating func query(_ value: Value?, _ form: ProbeForm) -> String? {
        parsed(value) { given throws(Complaint) in
            let query = try PlainText.parse(given, lengths: 1...Self.longestQuery, allowsLines: true)
            if let refusal = form.refusesQuery(query) { throw Complaint(refusal) }
            return query
        }
    }

    // MARK: Edges

    private typealias Edges = (warn: Double?, critical: Double?, clear: Double?)

    /// What is written, and else what was; an edge that is written anew has another way back, unless that is
    /// written, too.
    private mutating func edges(
        of section: Section, bad: FactShape.Direction, warn: Double?, critical: Double?, clear: Double?
    ) -> Edges {
        let writtenWarn = edge(section["warn"])
        let writtenCritical = edge(section["critical"])
        let writtenClear = edge(section["clear"])
        let warn = writtenWarn ?? warn
        let critical = writtenCritical ?? critical
        let isMoved = writtenWarn != nil || writtenCritical != nil
        let clear = writtenClear ?? (isMoved ? nil : clear)
        func isBeyond(_ one: Double, _ other: Double) -> Bool { bad == .high ? one > other : one < other }
        if let warn, let critical, isBeyond(warn, critical), isMoved {
            report(
                section["warn"] ?? section["critical"] ?? section.value,
                "`warn` would lie beyond `critical` (\(Self.text(warn)) and \(Self.text(critical)))")
        }
        if let value = section["clear"], let clear, let edge = warn ?? critical, isBeyond(clear, edge) {
            report(value, "lies beyond the edge that it is the way back from (\(Self.text(edge)))")
        }
        return (warn, critical, clear)
    }

    /// Inner nothing: `none`.
    private mutating func edge(_ value: Value?) -> Double?? {
        let edge: Double?? = parsed(value) { given throws(Complaint) in
            given.text == "none" ? nil : try Self.number(given)
        }
        return edge
    }

    private static func number(_ given: Given) throws(Complaint) -> Double {
        guard let number = Number.parse(given.text) else {
            throw Complaint("is no number; write one like 80 or 1.5, or `none`")
        }
        return number
    }

    private static func text(_ number: Double) -> String {
        Int64(exactly: number).map(String.init) ?? String(number)
    }

    // MARK: Schema

    private static let edgeSchema: JSON = [
        "anyOf": [["type": "number"], WrittenSchema.pattern("^[-+.0-9eE]+$"), WrittenSchema.choice(["none"])]
    ]

    static let vitalSchema = WrittenSchema.items(
        WrittenSchema.object(
            [
                ("name", WrittenSchema.pattern("^[a-z][a-z0-9_]{0,47}$")), ("enabled", WrittenSchema.flag),
                ("every", WrittenSchema.duration(cadences)), ("warn", edgeSchema), ("critical", edgeSchema),
                ("clear", edgeSchema), ("query", ["type": "string"]), ("unit", WrittenSchema.text),
                ("direction", WrittenSchema.choice(["high", "low"])),
            ], required: ["name"]))
}
