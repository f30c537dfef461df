import VitalsCore

extension ConfigurationReading {
    private static let checkKeys = policyKeys + ["enabled", "critical", "notify"]

    /// - Parameter bindings: those of a check that says nothing of its own.
    mutating func checks(
        _ value: Value?, of system: SystemID, defaults: Defaults, bindings: [Binding],
        channels: inout Channels
    ) -> [ConfiguredHealthCheck] {
        let keys = ["id"] + forms.map(\.kind.name) + Self.checkKeys
        var lines: [String: Int] = [:]
        var checks: [ConfiguredHealthCheck] = []
        for item in items(value) {
            guard let section = section(item, keys: keys) else { continue }
            let id = id(of: section, lines: &lines)
            let probe = probe(of: section)
            let policy = policy(of: section, defaults: defaults)
            let isEnabled = flag(section["enabled"]) ?? true
            let isCritical = flag(section["critical"]) ?? true
            let own = self.bindings(section["notify"], channels: &channels)
            guard let id, let probe else { continue }
            let healthCheck = HealthCheck(
                system: system, check: CheckID(id), kind: probe.kind, isEnabled: isEnabled,
                isCritical: isCritical, policy: policy, bindings: own ?? bindings,
                revision: digest(probe.identity))
            checks.append(ConfiguredHealthCheck(healthCheck, probe: probe))
        }
        return checks
    }

    /// The one target of a check.
    private mutating func probe(of section: Section) -> (any Probe)? {
        let targets = forms.compactMap { form in section[form.kind.name].map { (form: form, value: $0) } }
            .sorted { $0.value.keyPosition < $1.value.keyPosition }
        guard let target = targets.first else {
            // An unknown key is likely to be the target that is missed here, and is told already.
            if !section.hasUnknownKeys {
                let kinds = ShownText.list(forms.map(\.kind.name))
                report(section.value, "has no target; give it one of \(kinds)")
            }
            return nil
        }
        for other in targets.dropFirst() {
            let place = ConfigurationProblem.Place.value(
                file: file, at: other.value.keyPosition, path: other.value.path)
            let line = target.value.keyPosition.line
            report(
                place,
                "a second target beside `\(target.form.kind.name)` on line \(line); "
                    + "make it a check of its own"
            )
        }
        guard let given = given(target.value) else { return nil }
        do {
            let probe = try target.form.parse(TargetText(given.text, variables: given.places))
            probe.warnings.forEach { warn(place(of: target.value), $0) }
            return probe
        } catch {
            report(target.value, Self.message(error, about: given, form: target.form))
            return nil
        }
    }

    /// The form's own words, unless they depend on what a variable stands for: the same target with
    /// harmless values must be refused with the same words.
    static func message(_ error: TargetError, about given: Given, form: ProbeForm) -> String {
        guard !given.isVerbatim else { return error.message }
        let names = given.variables.joined(separator: ", ")
        let hidden =
            "is not a \(form.kind.name) target with the value of \(names) put in; "
            + "`vitals check` with the whole target says why (the value is not shown here)"
        let harmless = Dictionary(uniqueKeysWithValues: given.variables.map { ($0, "x") })
        do {
            let standIn = try Substitution.apply(to: given.raw, environment: harmless)
            _ = try form.parse(TargetText(standIn.text, variables: standIn.places))
        } catch let other as TargetError {
            return other == error ? error.message : hidden
        } catch {
            return hidden
        }
        return hidden
    }
}
