import VitalsCore

extension ConfigurationReading {
    /// What `/health` shows of the server itself, under names of their own.
    private static let ownComponents = ["database", "workers"]

    mutating func health(_ value: Value?, systems: Systems) -> HealthSettings {
        let section = section(value, keys: ["components", "critical"])
        var settings = HealthSettings()
        var aliases: [String] = []
        if let value = section?["components"], let entries = entries(value) {
            for entry in entries {
                aliases.append(entry.key)
                let component = component(entry, in: value, systems: systems)
                if let component { settings.components.append(component) }
            }
        }
        for item in items(section?["critical"]) {
            guard let alias = given(item) else { continue }
            if Self.ownComponents.contains(alias.text) {
                report(item, "\(alias.quoted) is always critical; leave it out")
            } else if aliases.contains(alias.text) {
                settings.critical.insert(alias.text)
            } else {
                report(item, Self.unknown(alias, what: "an alias of `components`", among: aliases))
            }
        }
        settings.unhealthyHTTPStatus =
            parsed(variable: "HEALTH_UNHEALTHY_HTTP_STATUS") { given throws(Complaint) in
                try PlainText.integer(given, in: 200...599)
            } ?? settings.unhealthyHTTPStatus
        settings.maximumAge = duration(variable: "HEALTH_MAX_AGE", in: .seconds(1) ... .seconds(7 * 86_400))
        return settings
    }

    private mutating func component(
        _ entry: YAMLNode.Entry, in components: Value, systems: Systems
    ) -> HealthSettings.Component? {
        let child = components.child(entry)
        let place = place(at: entry.keyPosition, path: child.path)
        do {
            _ = try Slug.parse(Given(entry.key), allowsUnderscore: true)
        } catch {
            report(place, error.message)
        }
        if Self.ownComponents.contains(entry.key) {
            report(place, "`\(entry.key)` is the server's own component; choose another alias")
        }
        guard let system = given(child) else { return nil }
        guard systems.known.contains(system.text) else {
            report(child, Self.unknown(system, what: "a system", among: systems.written))
            return nil
        }
        return HealthSettings.Component(alias: entry.key, system: SystemID(system.text))
    }
}
