import VitalsCore

extension ConfigurationReading {
    /// A value in the file, and the way to it.
    struct Value {
        let node: YAMLNode
        /// `systems[0].checks[1].interval`; empty for the outermost.
        let path: String
        let keyPosition: TextPosition
    }

    /// Keys and values, all of the keys known.
    struct Section {
        let value: Value
        let entries: [YAMLNode.Entry]
        /// Whether there were others besides.
        let hasUnknownKeys: Bool

        subscript(key: String) -> Value? {
            entries.first { $0.key == key }.map { value.child($0) }
        }
    }

    /// Keys and values, and nothing when the value is absent, empty or something else (which is reported).
    mutating func section(_ value: Value?, keys: [String]) -> Section? {
        guard let value, let entries = entries(value) else { return nil }
        var hasUnknownKeys = false
        for entry in entries where !keys.contains(entry.key) {
            hasUnknownKeys = true
            let place = place(at: entry.keyPosition, path: value.child(entry).path)
            let nearest = NearestName.to(entry.key, among: keys)
            let meant = nearest.map { "did you mean `\($0)`?" } ?? "known here: \(ShownText.list(keys))"
            report(place, "unknown key; \(meant)")
        }
        return Section(value: value, entries: entries, hasUnknownKeys: hasUnknownKeys)
    }

    /// Keys and values of a part in which the keys are free.
    mutating func entries(_ value: Value) -> [YAMLNode.Entry]? {
        switch value.node.content {
        case .mapping(let entries):
            return entries
        case .scalar where value.node.isEmpty:
            return nil
        default:
            report(value, "needs keys and values (key: value), not \(Self.found(value.node))")
            return nil
        }
    }

    /// The items of a list; none when the value is absent, empty or something else (which is reported).
    mutating func items(_ value: Value?) -> [Value] {
        guard let value else { return [] }
        switch value.node.content {
        case .sequence(let items):
            return items.enumerated().map { value.item($0.offset, $0.element) }
        case .scalar where value.node.isEmpty:
            return []
        default:
            report(value, "needs a list (- a, - b or [a, b]), not \(Self.found(value.node))")
            return []
        }
    }

    /// The text of a value with its variables put in; nothing when it is absent or something else (which is
    /// reported, as are variables that are not set).
    mutating func given(_ value: Value?) -> Given? {
        guard let value else { return nil }
        guard case .scalar(let raw, _) = value.node.content else {
            report(value, "needs a single value, not \(Self.found(value.node))")
            return nil
        }
        guard !value.node.isEmpty else {
            report(value, "has no value; write one, or leave the key out")
            return nil
        }
        // Whoever may ask the API is not to learn what the server was started with.
        if value.node.position.isStored { return Given(raw) }
        do {
            return try Substitution.apply(to: raw, environment: environment)
        } catch {
            report(value, error.message)
            return nil
        }
    }

    /// A value of a kind that `parse` knows; its complaint is reported.
    mutating func parsed<Parsed>(
        _ value: Value?, _ parse: (Given) throws(Complaint) -> Parsed
    ) -> Parsed? {
        guard let value, let given = given(value) else { return nil }
        do {
            return try parse(given)
        } catch {
            report(value, error.message)
            return nil
        }
    }

    /// The same for an environment variable; an empty one counts as not set.
    mutating func parsed<Parsed>(
        variable name: String, _ parse: (Given) throws(Complaint) -> Parsed
    ) -> Parsed? {
        guard let text = environment[name], !text.isEmpty else { return nil }
        do {
            return try parse(Given(text))
        } catch {
            report(.environment(name), error.message)
            return nil
        }
    }

    mutating func duration(_ value: Value?, in range: ClosedRange<Duration>) -> Duration? {
        parsed(value) { given throws(Complaint) in try DurationText.parse(given, in: range) }
    }

    mutating func integer(_ value: Value?, in range: ClosedRange<Int>) -> Int? {
        parsed(value) { given throws(Complaint) in try PlainText.integer(given, in: range) }
    }

    mutating func flag(_ value: Value?) -> Bool? {
        parsed(value) { given throws(Complaint) in try PlainText.flag(given) }
    }

    mutating func slug(_ value: Value?) -> String? {
        parsed(value) { given throws(Complaint) in try Slug.parse(given) }
    }

    /// The id of an item of a list, which no other item may have.
    ///
    /// - Parameter taken: where the ids before it stand.
    mutating func id(of section: Section, taken: inout [String: TextPosition]) -> String? {
        guard let value = section["id"] else {
            report(section.value, "has no `id`; give it one")
            return nil
        }
        guard let id = slug(value) else { return nil }
        if let first = taken[id] {
            let place = self.place(of: first, seenFrom: value.node.position)
            report(value, "the id \(Self.shown(value)) is taken \(place); ids must differ")
            return nil
        }
        taken[id] = value.node.position
        return id
    }

    func place(of first: TextPosition, seenFrom second: TextPosition) -> String {
        if first.isStored { return "already" }
        let line = "on line \(first.line)"
        return first.file == second.file ? line : "\(line) of \(files[first.file])"
    }

    /// What was written, its variables as they stand there.
    static func written(_ value: Value) -> String {
        guard case .scalar(let raw, _) = value.node.content else { return "" }
        return raw
    }

    /// What was written, in quotation marks.
    static func shown(_ value: Value) -> String {
        guard case .scalar(let raw, _) = value.node.content else { return found(value.node) }
        return ShownText.quoted(raw)
    }

    private static func found(_ node: YAMLNode) -> String {
        switch node.content {
        case .scalar(let text, _): node.isEmpty ? "nothing" : ShownText.quoted(text)
        case .sequence: "a list"
        case .mapping: "keys and values"
        }
    }
}

extension ConfigurationReading.Value {
    func child(_ entry: YAMLNode.Entry) -> Self {
        Self(
            node: entry.value, path: ShownText.path(path, key: entry.key), keyPosition: entry.keyPosition)
    }

    /// What the store keeps is spoken of by itself, not by its place among others.
    func item(_ index: Int, _ node: YAMLNode) -> Self {
        let isWhole = node.position.isStored && !self.node.position.isStored
        return Self(node: node, path: isWhole ? "" : "\(path)[\(index)]", keyPosition: node.position)
    }
}
