package import VitalsCore

extension [Field] {
    /// As JSON Schema (2020-12) of what may be written for a kind: keys and values, or one value alone that
    /// stands for the first of them.
    package var jsonSchema: JSON {
        let whole = FieldType.object(self).jsonSchema
        guard let first, !dropFirst().contains(where: \.isRequired) else { return whole }
        return ["anyOf": [first.jsonSchema, whole]]
    }
}

extension Field {
    /// What may be written, with what it means.
    var jsonSchema: JSON {
        var members: [(String, JSON)] = [("description", .string(summary))]
        if let usual { members.append(("default", type.json(written: usual))) }
        if isSecret { members.append(("writeOnly", true)) }
        return type.jsonSchema.with(members)
    }
}

extension FieldType {
    /// Whatever is written, `${NAME}` may stand in it. What a text holds inside is read by the kind itself
    /// and not told here, nor is a length: that is counted in bytes.
    var jsonSchema: JSON {
        switch self {
        case .text, .lines, .target, .url, .signingSecret: WrittenSchema.text
        case .flag: WrittenSchema.flag
        case .integer(let range): WrittenSchema.integer(range)
        case .duration(let range): WrittenSchema.duration(range)
        case .choice(let words): WrittenSchema.choice(words)
        case .list(let type, let limit): WrittenSchema.list(type.jsonSchema, upTo: limit)
        case .pairs(let limit):
            [
                "type": ["object", "null"], "maxProperties": .integer(Int64(limit)),
                "additionalProperties": WrittenSchema.text,
            ]
        case .object(let fields):
            WrittenSchema.object(
                fields.map { ($0.name, $0.jsonSchema) },
                required: fields.filter(\.isRequired).map(\.name))
        case .option(let fields):
            ["anyOf": [WrittenSchema.flag, FieldType.object(fields).jsonSchema]]
        }
    }

    /// A default, which is told as it would be written.
    fileprivate func json(written text: String) -> JSON {
        switch self {
        case .flag, .option: text == "true" ? true : text == "false" ? false : .string(text)
        case .integer: Int64(text).map { .integer($0) } ?? .string(text)
        default: .string(text)
        }
    }
}
