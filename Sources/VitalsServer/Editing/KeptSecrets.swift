import VitalsCore
import VitalsEngine

/// Secrets are never answered, so that whoever writes something anew cannot repeat them: what is left out
/// stays as it was.
enum KeptSecrets {
    static func channel(_ body: JSON, before: JSON, _ forms: [ChannelForm]) -> JSON {
        var kept = body
        for form in forms {
            guard let value = body[form.kind], let old = before[form.kind] else { continue }
            kept[form.kind] = settings(value, before: old, form.fields)
        }
        return kept
    }

    /// A target may hold a password, and is kept like a secret, by the check's id.
    static func system(_ body: JSON, before: JSON, _ forms: [ProbeForm]) -> JSON {
        guard case .array(let checks) = body["checks"] else { return body }
        let old = before["checks"]?.asItems ?? []
        return body.with(
            "checks",
            .array(
                checks.map { check in
                    guard let before = old.first(where: { $0["id"] == check["id"] }) else { return check }
                    return self.check(check, before: before, forms)
                }))
    }

    /// Which secrets of a channel are set, by their names.
    static func set(_ body: JSON, _ form: ChannelForm) -> [(name: String, isSet: Bool)] {
        let settings = whole(body[form.kind] ?? .null, form.fields)
        return form.fields.filter(\.isSecret).map { ($0.name, settings[$0.name] != nil) }
    }

    private static func check(_ check: JSON, before: JSON, _ forms: [ProbeForm]) -> JSON {
        let isTargetGiven = forms.contains { check[$0.kind.name] != nil }
        var kept = check
        for form in forms {
            guard let old = before[form.kind.name] else { continue }
            if let value = check[form.kind.name] {
                let settings = settings(value, before: old, form.fields)
                let target = form.fields[0].name
                let isWhole = settings[target] != nil
                kept[form.kind.name] =
                    isWhole ? settings : settings.with(target, whole(old, form.fields)[target])
            } else if !isTargetGiven {
                kept[form.kind.name] = old
            }
        }
        return kept
    }

    private static func settings(_ value: JSON, before: JSON, _ fields: [Field]) -> JSON {
        var kept = whole(value, fields)
        let before = whole(before, fields)
        for field in fields {
            guard let old = before[field.name] else { continue }
            if case .object(let inner) = field.type, let value = kept[field.name] {
                kept[field.name] = settings(value, before: old, inner)
            } else if field.isSecret, kept[field.name] == nil {
                kept[field.name] = old
            }
        }
        return kept
    }

    /// A single value stands for the first field.
    private static func whole(_ value: JSON, _ fields: [Field]) -> JSON {
        switch value {
        case .object: value
        case .null: .object([])
        default: JSON(members: fields.prefix(1).map { ($0.name, value) })
        }
    }
}
