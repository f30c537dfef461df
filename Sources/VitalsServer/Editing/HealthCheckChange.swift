import VitalsCore
import VitalsEngine

/// What somebody asks to be otherwise about a health check; what is left out stays as it is.
struct HealthCheckChange: Sendable {
    private static let names: Set = ["enabled", "interval_seconds", "timeout_seconds", "thresholds"]

    let id: HealthCheckID
    /// Whether it is to run. Allowed whoever wrote it down: it is kept apart from that.
    private let isEnabled: Bool?
    /// As a check in a file has it.
    private let policy: JSON

    init(_ body: JSON, of id: HealthCheckID) throws(Problem) {
        if let unknown = body.names.first(where: { !Self.names.contains($0) }) {
            let known = Self.names.sorted().joined(separator: ", ")
            throw StoredShape.invalid(unknown, "is not known here; known: \(known)")
        }
        self.id = id
        switch body["enabled"] {
        case nil: isEnabled = nil
        case .bool(let flag): isEnabled = flag
        default: throw StoredShape.invalid("enabled", "is true or false")
        }
        policy = try StoredShape.check(body.with("enabled", nil))
    }

    /// - Parameter versions: of the system that are expected; nothing: any.
    func apply(
        to stored: inout StoredConfiguration, _ system: SystemID, _ check: CheckID, versions: [Int64]?
    ) throws(EditRefusal) {
        if !policy.names.isEmpty || versions != nil {
            let key = ResourceKey(.system, system.text)
            try stored.requireStored(key, versions: versions)
            guard let body = stored[key]?.body else { throw .unknown }
            if !policy.names.isEmpty { stored.put(key, changed(body, check)) }
        }
        guard let isEnabled else { return }
        stored.override(id.text, [("enabled", .bool(isEnabled))])
    }

    private func changed(_ system: JSON, _ check: CheckID) -> JSON {
        let checks = (system["checks"]?.asItems ?? []).map { item -> JSON in
            guard item["id"]?.asText == check.text else { return item }
            var changed = item
            for name in policy.names {
                changed[name] = Assignments.joined(item[name], policy[name] ?? .null)
            }
            return changed
        }
        return system.with("checks", .array(checks))
    }
}
