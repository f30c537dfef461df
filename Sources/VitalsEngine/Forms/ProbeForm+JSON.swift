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
            "known_vitals": .array(rules.map(\.json)),
            "by_file_only": .bool(isLocal),
        ]
    }
}

extension VitalRule {
    /// `{"name","summary","unit","worse","chart","every_seconds","follows_from","warn","critical","clear"}`
    package var json: JSON {
        [
            "name": .string(name), "summary": .string(summary), "unit": .string(unit),
            "worse": .string(bad.rawValue), "chart": .string(FactShape.Chart.line.rawValue),
            "every_seconds": .number(Double(every.microseconds) / 1_000_000),
            "follows_from": .array(counters.map { .string($0) }),
            "warn": warn.map { .number($0) } ?? .null, "critical": critical.map { .number($0) } ?? .null,
            "clear": clear.map { .number($0) } ?? .null,
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
