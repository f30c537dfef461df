package import VitalsCore

/// What was written of a check or a channel, read by the fields of its kind: whatever is there is of its
/// field's type, and what is required is there. To ask for what is no field is a mistake in the program.
package struct Settings: Sendable, Equatable {
    /// One value, by its field's type.
    package indirect enum Value: Sendable, Equatable {
        case text(TargetText)
        case flag(Bool)
        case integer(Int)
        case duration(Duration)
        case list([Value])
        case pairs([Pair])
        case object(Settings)
    }

    /// A free name and its text.
    package struct Pair: Sendable, Equatable {
        package let name: String
        package let value: TargetText

        package init(name: String, value: TargetText) {
            self.name = name
            self.value = value
        }
    }

    private var values: [String: Value]

    package init(_ values: [String: Value] = [:]) {
        self.values = values
    }

    /// Of a check on the command line, say, of which nothing but the target is written.
    package init(target: TargetText, as field: String) {
        values = [field: .text(target)]
    }

    /// Writes one more.
    package mutating func set(_ name: String, _ value: Value) {
        values[name] = value
    }

    /// The same, and of what is not written the values of the variables that stand in for it; an empty one is
    /// none. They are hidden as values of `${NAME}` are.
    package func filled(_ fields: [Field], from environment: [String: String]) -> Settings {
        var settings = self
        for field in fields where values[field.name] == nil {
            guard let value = field.variable.flatMap({ environment[$0] }), !value.isEmpty else { continue }
            settings.set(field.name, .text(TargetText(value, variables: [0..<value.utf8.count])))
        }
        return settings
    }

    /// Whether it is written.
    package func has(_ name: String) -> Bool { values[name] != nil }

    /// A text, with its variables put in.
    package func text(_ name: String) -> String? { target(name)?.text }

    /// The same, and where variables stand in it.
    package func target(_ name: String) -> TargetText? {
        values[name].map { value in
            guard case .text(let text) = value else { preconditionFailure("\(name) is no text") }
            return text
        }
    }

    /// A text that is never shown.
    package func secret(_ name: String) -> Secret? { text(name).map { Secret($0) } }

    /// Yes or no; nothing when it is not written, as with the others.
    package func flag(_ name: String) -> Bool? {
        values[name].map { value in
            guard case .flag(let flag) = value else { preconditionFailure("\(name) is no flag") }
            return flag
        }
    }

    /// A whole number of its field's range.
    package func integer(_ name: String) -> Int? {
        values[name].map { value in
            guard case .integer(let number) = value else { preconditionFailure("\(name) is no integer") }
            return number
        }
    }

    /// A time of its field's range.
    package func duration(_ name: String) -> Duration? {
        values[name].map { value in
            guard case .duration(let duration) = value else { preconditionFailure("\(name) is no duration") }
            return duration
        }
    }

    /// The texts of a list; none when it is not written.
    package func texts(_ name: String) -> [String] {
        items(name).map { value in
            guard case .text(let text) = value else { preconditionFailure("\(name) is no list of texts") }
            return text.text
        }
    }

    /// The same, and where variables stand in them. A single text, as of a target on the command line, is a
    /// list of one.
    package func targets(_ name: String) -> [TargetText] {
        if case .text(let text) = values[name] { return [text] }
        return items(name).map { value in
            guard case .text(let text) = value else { preconditionFailure("\(name) is no list of texts") }
            return text
        }
    }

    /// The parts of a list of objects; none when it is not written.
    package func objects(_ name: String) -> [Settings] {
        items(name).map { value in
            guard case .object(let object) = value else {
                preconditionFailure("\(name) is no list of objects")
            }
            return object
        }
    }

    /// In the order in which they were written; none when it is not.
    package func pairs(_ name: String) -> [Pair] {
        guard let value = values[name] else { return [] }
        guard case .pairs(let pairs) = value else { preconditionFailure("\(name) is no pairs") }
        return pairs
    }

    /// Settings of its own.
    package func object(_ name: String) -> Settings? {
        values[name].map { value in
            guard case .object(let object) = value else { preconditionFailure("\(name) is no object") }
            return object
        }
    }

    /// The settings of what is wanted; nothing: it is not.
    package func option(_ name: String) -> Settings? {
        if case .flag(let isWanted) = values[name] { return isWanted ? Settings() : nil }
        return object(name)
    }

    private func items(_ name: String) -> [Value] {
        guard let value = values[name] else { return [] }
        guard case .list(let items) = value else { preconditionFailure("\(name) is no list") }
        return items
    }
}
