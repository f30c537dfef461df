import VitalsCore
import VitalsEngine

/// What somebody asks to be otherwise about a health check; what is left out stays as it is.
struct HealthCheckChange: Sendable {
    private static let names: Set = [
        "enabled", "snoozed_until", "interval_seconds", "timeout_seconds", "thresholds",
    ]
    /// A leap year.
    private static let longestSnooze = Duration.seconds(366 * 86_400)

    let id: HealthCheckID
    /// Whether it is to run. Allowed whoever wrote it down: it is kept apart from that.
    private let isEnabled: Bool?
    /// Until when nobody is to be told of it, or null. Allowed as well.
    private let snooze: JSON?
    /// As a check in a file has it.
    private let policy: JSON

    /// - Parameter now: a snooze ends later, and within a year.
    init(_ body: JSON, of id: HealthCheckID, at now: Timestamp) throws(Problem) {
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
        snooze = try Self.snooze(body["snoozed_until"], at: now)
        policy = try StoredShape.check(body.with("enabled", nil).with("snoozed_until", nil))
    }

    private static func snooze(_ value: JSON?, at now: Timestamp) throws(Problem) -> JSON? {
        switch value {
        case nil: return nil
        case .null: return .null
        case .string(let text):
            guard let instant = Timestamp(iso8601: text) else { break }
            guard instant > now, instant - now <= longestSnooze else {
                throw StoredShape.invalid("snoozed_until", "is later than now, by at most 366 days")
            }
            return .string(instant.iso8601)
        default: break
        }
        throw StoredShape.invalid("snoozed_until", "is an instant, as 2026-11-21T10:00:00Z, or null")
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
        let chosen = [("enabled", isEnabled.map { JSON.bool($0) }), ("snoozed_until", snooze)]
            .compactMap { name, value in value.map { (name: name, value: $0) } }
        if !chosen.isEmpty { stored.override(id.text, chosen) }
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
