import VitalsCore

/// `collect`: statements of the author's own, and what must hold of the rows that they return.
extension ConfigurationReading {
    private static let questionKeys = ["name", "query", "timeout", "conditions", "warn_conditions"]
    static let questionTimeouts = Duration.milliseconds(10)...OwnQuestion.longestTimeout
    static let mostQuestions = 16

    /// - Parameter form: nothing: its kind is not known, which is told already.
    mutating func questions(_ value: Value?, _ form: ProbeForm?) -> [OwnQuestion] {
        guard let value, let form else { return [] }
        guard form.takesQueries else {
            report(value, "a check of the kind `\(form.kind.name)` takes no queries")
            return []
        }
        let items = items(value)
        if items.count > Self.mostQuestions {
            report(value, "has \(items.count) queries; at most \(Self.mostQuestions)")
        }
        var taken: [String: TextPosition] = [:]
        return items.compactMap { question($0, form, taken: &taken) }
    }

    private mutating func question(
        _ item: Value, _ form: ProbeForm, taken: inout [String: TextPosition]
    ) -> OwnQuestion? {
        guard let section = section(item, keys: Self.questionKeys) else { return nil }
        for key in ["name", "query"] where section[key] == nil {
            report(section.value, "has no `\(key)`; give it one")
        }
        let name = parsed(section["name"]) { given throws(Complaint) in
            try PlainText.parse(given, lengths: 1...64)
        }
        if let name, let value = section["name"] {
            if let first = taken[name] {
                let place = self.place(of: first, seenFrom: value.node.position)
                report(value, "the name \(Self.shown(value)) is taken \(place); names must differ")
            }
            taken[name] = value.node.position
        }
        let timeout = duration(section["timeout"], in: Self.questionTimeouts)
        let refusal: (Condition) -> String? = { condition in
            let unknown = condition.needs.subtracting(OwnQuestion.observed)
            guard !unknown.isEmpty else { return nil }
            return "asks for \(unknown.names.joined(separator: ", ")), which rows do not have"
        }
        let conditions = Conditions(
            failing: self.conditions(section["conditions"], refusing: refusal),
            warning: self.conditions(section["warn_conditions"], refusing: refusal))
        guard let query = query(section["query"], form), let name else { return nil }
        return OwnQuestion(
            name, query, timeout: timeout ?? OwnQuestion.longestTimeout, conditions: conditions)
    }

    /// Questions that are written elsewhere than in a file.
    mutating func questions(_ nodes: [YAMLNode], _ form: ProbeForm) -> [OwnQuestion] {
        let list = YAMLNode(position: TextPosition(line: 1, column: 1), content: .sequence(nodes))
        return questions(Value(node: list, path: "collect", keyPosition: list.position), form)
    }

    static func questionSchema(_ conditions: JSON) -> JSON {
        WrittenSchema.items(
            WrittenSchema.object(
                [
                    ("name", WrittenSchema.text), ("query", ["type": "string"]),
                    ("timeout", WrittenSchema.duration(questionTimeouts)), ("conditions", conditions),
                    ("warn_conditions", conditions),
                ], required: ["name", "query"]), upTo: mostQuestions)
    }
}
