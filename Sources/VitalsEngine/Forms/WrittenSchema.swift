import VitalsCore

/// What may be written for one value of the configuration, as JSON Schema. It lets through whatever the
/// reader takes, and stops the frequent mistakes.
enum WrittenSchema {
    /// YAML takes `5432` or `yes` for something else than a text, and the reader does not.
    static let text: JSON = ["type": ["string", "number", "boolean"]]
    /// As text of which a variable is part.
    private static let variable: JSON = ["type": "string", "pattern": "\\$\\{"]
    static let flag: JSON = ["anyOf": [["type": "boolean"], ["enum": ["true", "false"]], variable]]

    /// - Parameter words: what may stand instead.
    static func integer(_ range: ClosedRange<Int>, or words: [String] = []) -> JSON {
        let number: JSON = [
            "type": "integer", "minimum": .integer(Int64(range.lowerBound)),
            "maximum": .integer(Int64(range.upperBound)),
        ]
        return either([number, pattern("^-?[0-9]+$")], or: words)
    }

    /// - Parameters:
    ///   - units: as in a regular expression.
    ///   - words: what may stand instead.
    static func duration(
        _ range: ClosedRange<Duration>, units: String = "ms|s|m|h", or words: [String] = []
    ) -> JSON {
        let written = pattern("^[0-9]{1,9}(\(units))$")
        let told: JSON = .string(
            "from \(DurationText.shown(range.lowerBound)) to \(DurationText.shown(range.upperBound))")
        return either([written], or: words).with([("$comment", told)])
    }

    static func choice(_ words: [String]) -> JSON { either([], or: words) }

    /// A single one may stand without brackets.
    ///
    /// - Parameter limit: nothing: as many as there are.
    static func list(_ item: JSON, upTo limit: Int?) -> JSON {
        ["anyOf": [item, ["type": "null"], items(item, upTo: limit)]]
    }

    /// - Parameter limit: nothing: as many as there are.
    static func items(_ item: JSON, upTo limit: Int? = nil) -> JSON {
        let list: JSON = ["type": ["array", "null"], "items": item]
        return limit.map { list.with([("maxItems", .integer(Int64($0)))]) } ?? list
    }

    static func pattern(_ pattern: String) -> JSON { ["type": "string", "pattern": .string(pattern)] }

    /// Keys and values, and no other keys.
    static func object(
        _ properties: [(String, JSON)], required: [String] = [], orNothing: Bool = false
    ) -> JSON {
        [
            "type": orNothing ? ["object", "null"] : "object", "properties": JSON(members: properties),
            "required": .array(required.map { .string($0) }), "additionalProperties": false,
        ]
    }

    private static func either(_ schemas: [JSON], or words: [String]) -> JSON {
        let words: [JSON] = words.isEmpty ? [] : [["enum": .array(words.map { .string($0) })]]
        return ["anyOf": .array(schemas + words + [variable])]
    }
}

extension JSON {
    /// An object with more members at its end.
    func with(_ members: [(String, JSON)]) -> JSON {
        guard case .object(let own) = self else { preconditionFailure("only objects have members") }
        return JSON(members: own.map { ($0.name, $0.value) } + members)
    }
}
