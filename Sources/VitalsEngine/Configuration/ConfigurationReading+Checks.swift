import VitalsCore

extension ConfigurationReading {
    private static let checkKeys =
        policyKeys + [
            "enabled", "critical", "notify", "conditions", "warn_conditions",
        ]

    /// - Parameter bindings: those of a check that says nothing of its own.
    mutating func checks(
        _ value: Value?, of system: SystemID, defaults: Defaults, bindings: [Binding],
        channels: inout Channels
    ) -> [ConfiguredHealthCheck] {
        let keys = ["id"] + forms.map(\.kind.name) + Self.checkKeys
        var taken: [String: TextPosition] = [:]
        var checks: [ConfiguredHealthCheck] = []
        for item in items(value) {
            guard let section = section(item, keys: keys) else { continue }
            let id = id(of: section, taken: &taken)
            let form = self.form(of: section)
            let probe = form.flatMap { self.probe($0.form, $0.value) }
            let conditions = self.conditions(of: section, form?.form)
            let policy = policy(
                of: section, defaults: probe?.heartbeat == nil ? defaults : defaults.ofHeartbeats)
            let isEnabled = flag(section["enabled"]) ?? true
            let isCritical = flag(section["critical"]) ?? true
            let own = self.bindings(section["notify"], channels: &channels)
            guard let id, let probe else { continue }
            let healthCheck = HealthCheck(
                system: system, check: CheckID(id), kind: probe.kind, isEnabled: isEnabled,
                isCritical: isCritical, policy: policy, bindings: own ?? bindings,
                revision: digest(probe.identity), heartbeat: probe.heartbeat?.schedule)
            let address = probe.heartbeat.map { self.address($0, of: healthCheck, form?.value ?? item) }
            checks.append(
                ConfiguredHealthCheck(
                    healthCheck, probe: probe, conditions: conditions, heartbeat: address))
        }
        return checks
    }

    /// Of what kind a check is.
    private mutating func form(of section: Section) -> (form: ProbeForm, value: Value)? {
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
            let place = place(at: other.value.keyPosition, path: other.value.path)
            let line = target.value.keyPosition.line
            report(
                place,
                "a second target beside `\(target.form.kind.name)` on line \(line); "
                    + "make it a check of its own"
            )
        }
        if target.form.isLocal, target.value.node.position.isStored {
            report(target.value, "acts on the server's own machine: only a configuration file may ask for it")
            return nil
        }
        return target
    }

    private mutating func probe(_ form: ProbeForm, _ value: Value) -> (any Probe)? {
        let probe = made(of: value, form.fields, what: "\(form.kind.name) target", form.make)
        probe?.warnings.forEach { warn(place(of: value), $0) }
        return probe
    }
}
