import VitalsCore
import VitalsEngine

/// Secrets are never answered, so that whoever writes something anew cannot repeat them: what is left out
/// stays as it was, as long as it goes where it went. What is null is none from now on.
enum KeptSecrets {
    static func channel(
        _ body: JSON, before: JSON, _ forms: [ChannelForm]
    ) throws(EditRefusal) -> JSON {
        var kept = body
        for form in forms {
            guard let value = body[form.kind], let old = before[form.kind] else { continue }
            kept[form.kind] = try settings(value, before: old, form.fields, at: form.kind)
        }
        return kept
    }

    /// A target may hold a password, and is kept like a secret, by the check's id.
    static func system(_ body: JSON, before: JSON, _ forms: [ProbeForm]) throws(EditRefusal) -> JSON {
        guard case .array(let checks) = body["checks"] else { return body }
        let isLabelledOtherwise = ["id", "name", "labels"].contains { body[$0] != before[$0] }
        let old = before["checks"]?.asItems ?? []
        var kept: [JSON] = []
        for (index, check) in checks.enumerated() {
            guard let before = old.first(where: { $0["id"] == check["id"] }) else {
                kept.append(check)
                continue
            }
            let isElsewhere = isLabelledOtherwise && before.text.contains("system.")
            kept.append(
                try self.check(
                    check, before: before, forms, at: "checks[\(index)].", isElsewhere: isElsewhere))
        }
        return body.with("checks", .array(kept))
    }

    /// Which secrets of a channel are set, by their names.
    static func set(_ body: JSON, _ form: ChannelForm) -> [(name: String, isSet: Bool)] {
        let settings = whole(body[form.kind] ?? .null, form.fields)
        return form.fields.filter(\.isSecret).map { ($0.name, settings[$0.name] != nil) }
    }

    /// - Parameters:
    ///   - path: to the check, with a dot at its end; empty: it is the whole.
    ///   - isElsewhere: whether what it asks its system for is another now.
    static func check(
        _ check: JSON, before: JSON, _ forms: [ProbeForm], at path: String = "", isElsewhere: Bool = false
    ) throws(EditRefusal) -> JSON {
        let isTargetGiven = forms.contains { check[$0.kind.name] != nil }
        var kept = check
        for form in forms {
            guard let old = before[form.kind.name] else { continue }
            if let value = check[form.kind.name] {
                let target = form.fields[0].name
                var value = whole(value, form.fields)
                if value[target] == nil {
                    guard !isElsewhere else { throw otherwise(at: "\(path)\(form.kind.name).\(target)") }
                    value[target] = whole(old, form.fields)[target]
                }
                kept[form.kind.name] = try settings(
                    value, before: old, form.fields, at: "\(path)\(form.kind.name)",
                    isElsewhere: isElsewhere)
            } else if !isTargetGiven {
                guard !isElsewhere else { throw otherwise(at: "\(path)\(form.kind.name)") }
                kept[form.kind.name] = old
            }
        }
        return kept
    }

    private static func settings(
        _ value: JSON, before: JSON, _ fields: [Field], at path: String, isElsewhere: Bool = false
    ) throws(EditRefusal) -> JSON {
        try merged(
            value, before: before, fields, at: path,
            isElsewhere: isElsewhere || self.isElsewhere(value, before: before, fields))
    }

    private static func otherwise(at path: String) -> EditRefusal {
        .invalid("would be sent elsewhere than before: give it again, or null for none", path: path)
    }

    private static func merged(
        _ value: JSON, before: JSON, _ fields: [Field], at path: String, isElsewhere: Bool
    ) throws(EditRefusal) -> JSON {
        var kept = whole(value, fields)
        let before = whole(before, fields)
        for field in fields {
            if field.isSecret, kept[field.name] == .null {
                kept[field.name] = nil
                continue
            }
            guard let old = before[field.name] else { continue }
            if case .object(let inner) = field.type, let value = kept[field.name] {
                kept[field.name] = try merged(
                    value, before: old, inner, at: "\(path).\(field.name)", isElsewhere: isElsewhere)
            } else if field.isSecret, kept[field.name] == nil {
                guard !isElsewhere else { throw otherwise(at: "\(path).\(field.name)") }
                kept[field.name] = old
            }
        }
        return kept
    }

    /// Whether what was secret would go to somebody else, or another way.
    private static func isElsewhere(_ value: JSON, before: JSON, _ fields: [Field]) -> Bool {
        let (value, before) = (whole(value, fields), whole(before, fields))
        return fields.contains { field in
            let (new, old) = (value[field.name], before[field.name])
            if case .object(let inner) = field.type {
                return new != nil && isElsewhere(new ?? .null, before: old ?? .null, inner)
            }
            guard isAddress(field), new != old else { return false }
            // A secret that is left out stays as it was.
            return !(field.isSecret && new == nil)
        }
    }

    /// Whether a setting says to whom, or by which way, something goes.
    private static func isAddress(_ field: Field) -> Bool {
        switch field.type {
        case .url, .target: true
        default: ways.contains(field.name)
        }
    }

    private static let ways: Set = [
        "host", "port", "security", "proxy", "server", "server_name", "verify", "ca", "insecure_redirects",
    ]

    /// A single value stands for the first field.
    private static func whole(_ value: JSON, _ fields: [Field]) -> JSON {
        switch value {
        case .object: value
        case .null: .object([])
        default: JSON(members: fields.prefix(1).map { ($0.name, value) })
        }
    }
}
