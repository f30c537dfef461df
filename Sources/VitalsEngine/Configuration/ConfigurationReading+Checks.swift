import VitalsCore

extension ConfigurationReading {
    static let checkKeys =
        policyKeys + [
            "enabled", "critical", "notify", "conditions", "warn_conditions", "vitals", "collect",
            "renamed_from",
        ]

    /// A system, as its checks are read for it.
    struct Seat {
        let system: SystemID
        let formerSystem: SystemID?
        let position: TextPosition
        let labels: [String: Given]
        /// Those of a check that says nothing of its own.
        let bindings: [Binding]
        /// The file that says so.
        let notifyingFile: String?
        /// Where the system's own checks stand, by their ids.
        var ownChecks: [String: TextPosition] = [:]
    }

    /// How one check is on one system.
    struct Assignment {
        let seat: Seat
        /// What is said of this system alone.
        var isEnabled: Bool?
        var thresholds: Value?
        var isPaused = false
    }

    /// The checks that a system has of its own.
    mutating func checks(
        _ value: Value?, connection: Value?, on seat: inout Seat, defaults: Defaults, channels: inout Channels
    ) -> [ConfiguredHealthCheck] {
        let keys = ["id"] + forms.map(\.kind.name) + Self.checkKeys
        var former: [FormerName] = []
        var checks: [ConfiguredHealthCheck] = []
        if let connection {
            seat.ownChecks[Self.defaultCheck] = connection.keyPosition
            labels = labels(for: Self.defaultCheck, on: seat, isShared: false)
            defer { labels = nil }
            let check = defaultCheck(connection).flatMap { section in
                healthCheck(
                    section, CheckID(Self.defaultCheck), nil, Assignment(seat: seat), defaults: defaults,
                    channels: &channels)
            }
            checks += check.map { [$0] } ?? []
        }
        for item in items(value) {
            guard let section = section(item, keys: keys) else { continue }
            let id = id(of: section, taken: &seat.ownChecks)
            labels = labels(for: id ?? "", on: seat, isShared: false)
            defer { labels = nil }
            let formerName = formerName(of: section, id)
            former += formerName.map { [$0] } ?? []
            let check = healthCheck(
                section, id.map { CheckID($0) }, formerName?.former, Assignment(seat: seat),
                defaults: defaults, channels: &channels)
            checks += check.map { [$0] } ?? []
        }
        refuse(former, what: "check", existing: seat.ownChecks)
        return checks
    }

    /// - Parameter id: nothing: it has none, which is told already.
    mutating func healthCheck(
        _ section: Section, _ id: CheckID?, _ formerCheck: String?, _ assignment: Assignment,
        defaults: Defaults, channels: inout Channels
    ) -> ConfiguredHealthCheck? {
        let seat = assignment.seat
        let form = self.form(of: section)
        let probe = form.flatMap { self.probe($0.form, $0.value) }
        let conditions = self.conditions(of: section, form?.form)
        let policy = policy(
            of: section, overridden: assignment.thresholds,
            defaults: probe?.heartbeat == nil ? defaults : defaults.ofHeartbeats,
            vitals: vitals(section["vitals"], form?.form), role: probe?.expectedRole ?? .any)
        if let least = probe?.leastInterval, policy.interval < least, let value = form?.value {
            warn(
                place(of: value),
                "is asked every \(DurationText.shown(policy.interval)): its provider limits how often; "
                    + "an interval of at least \(DurationText.shown(least)) leaves room for others")
        }
        let questions = self.questions(section["collect"], form?.form)
        let isEnabled = flag(section["enabled"]) ?? true
        let isCritical = flag(section["critical"]) ?? true
        let own = self.bindings(section["notify"], channels: &channels)
        guard let id, let probe else { return nil }
        let healthCheck = HealthCheck(
            system: seat.system, check: id, kind: probe.kind,
            isEnabled: assignment.isEnabled ?? isEnabled, isPaused: assignment.isPaused,
            isCritical: isCritical, policy: policy, bindings: own ?? seat.bindings,
            revision: digest(probe.identity), heartbeat: probe.heartbeat?.schedule)
        let formerIDs = Renaming.formerIDs(
            system: seat.system, seat.formerSystem, check: id, formerCheck.map { CheckID($0) })
        let address = probe.heartbeat.map {
            self.address($0, of: healthCheck, formerIDs, form?.value ?? section.value)
        }
        let ownFile = section["notify"].flatMap { file(of: $0) }
        return ConfiguredHealthCheck(
            healthCheck, probe: probe.writing(as: prober(of: healthCheck.id)), conditions: conditions,
            questions: questions, heartbeat: address, formerIDs: formerIDs,
            notifyingFile: own == nil ? seat.notifyingFile : ownFile)
    }

    /// Under what name its runs write: one of this installation's own, and the same after every start.
    private func prober(of id: HealthCheckID) -> String {
        "vitals-"
            + digest("prober of \(id.text)").text.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
            .prefix(40)
    }

    /// What `{{system.NAME}}` stands for in a check on this system.
    func labels(
        for check: String, on seat: Seat, isShared: Bool, mayHoldVariables: Bool = true
    ) -> SystemLabels {
        let isStored = seat.position.isStored
        let place = isStored ? "" : "line \(seat.position.line) of \(files[seat.position.file])"
        return SystemLabels(
            check: check, system: seat.system.text, place: place, values: seat.labels,
            mayHoldVariables: mayHoldVariables, isShared: isShared)
    }

    /// The file that a value stands in; nothing: the store.
    func file(of value: Value) -> String? {
        value.node.position.isStored ? nil : files[value.node.position.file]
    }

    /// Of what kind a check is.
    mutating func form(of section: Section) -> (form: ProbeForm, value: Value)? {
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
