package import VitalsCore

extension ProbeForm {
    /// What there is to know of the kind, for forms that ask for its settings and pages that show its
    /// results.
    package var json: JSON {
        [
            "kind": .string(kind.name),
            "database": .bool(kind.isDatabase),
            "schemes": .array(schemes.map { .string($0) }),
            "target": .string(fields[0].name),
            "configuration": fields.jsonSchema,
            "conditions": .array(observes.names.map { .string($0) }),
            "facts": .array(
                facts.map { name in
                    let shape = name.shape
                    return [
                        "name": .string(name.rawValue), "type": .string(shape.kind.rawValue),
                        "unit": .string(shape.unit), "worse": JSON(shape.direction?.rawValue),
                        "chart": JSON(shape.chart?.rawValue),
                    ]
                }),
            "vitals": .string(vitals.rawValue),
            "by_file_only": .bool(isLocal),
        ]
    }
}

extension ChannelForm {
    /// What there is to know of the kind, for forms that ask for its settings.
    package var json: JSON {
        [
            "kind": .string(kind), "target": .string(fields[0].name), "configuration": fields.jsonSchema,
            "secrets": .array(fields.filter(\.isSecret).map { .string($0.name) }),
        ]
    }
}
