import VitalsCore

extension ConfigurationReading {
    private static let maximumPoints = 8
    private static let pointTimeouts = Duration.milliseconds(100) ... .seconds(30)
    private static let defaultPointTimeout = Duration.seconds(2)

    /// What is asked before a target is said to be out of reach; nothing: nobody is.
    mutating func connectivity(_ value: Value?) -> ConnectivitySettings? {
        guard let section = section(value, keys: ["targets", "timeout"]) else { return nil }
        let timeout = duration(section["timeout"], in: Self.pointTimeouts) ?? Self.defaultPointTimeout
        let targets = section["targets"]
        let items = items(targets)
        if let targets, items.count > Self.maximumPoints {
            report(targets, "has \(items.count) targets; at most \(Self.maximumPoints)")
        } else if items.isEmpty, !section.hasUnknownKeys, Self.isMissing(targets) {
            let example = "[tcp://192.0.2.1:443, https://example.com]"
            report(section.value, "has no `targets`; write some, as in \(example)")
        }
        var written: [String] = []
        var probes: [any Probe] = []
        for item in items {
            if written.contains(Self.written(item)) {
                report(item, "\(Self.shown(item)) is named twice; keep one of them")
            }
            written.append(Self.written(item))
            if let probe = point(item) { probes.append(probe) }
        }
        return probes.isEmpty ? nil : ConnectivitySettings(probes: probes, timeout: timeout)
    }

    /// What is something else than a list is told already.
    private static func isMissing(_ targets: Value?) -> Bool {
        guard let node = targets?.node else { return true }
        if case .sequence = node.content { return true }
        return node.isEmpty
    }

    /// A target as on the command line: its scheme says of what kind it is.
    private mutating func point(_ value: Value) -> (any Probe)? {
        guard let given = given(value) else { return nil }
        let scheme = given.text.prefix { $0 != ":" }.lowercased()
        guard given.text.contains(":"), let form = forms.first(where: { $0.schemes.contains(scheme) }) else {
            let known = ShownText.list(forms.flatMap(\.schemes).map { "\($0)://" })
            report(value, "begins with none of \(known)")
            return nil
        }
        let probe = made(of: value, form.fields, what: "\(form.kind.name) target", form.make)
        probe?.warnings.forEach { warn(place(of: value), $0) }
        return probe
    }
}
