import VitalsCore

/// One health check as a server tells of it.
struct StatusLine: Equatable {
    enum Standing: String, CaseIterable {
        case unhealthy, degraded, unknown, healthy, disabled
    }

    let id: String
    let standing: Standing
    let since: Timestamp?
    /// Until when nobody is told of it; cause and phase of the last run that did not pass, and its message;
    /// whether news is too old.
    let finding: String

    /// Of a health check as in the API; nothing: it is none, or only sums the others up.
    init?(_ json: JSON) {
        guard let id = json.member("id")?.string, let state = json.member("state")?.string,
            let known = Standing(rawValue: state),
            json.member("check")?.member("kind")?.string != ProbeKind.wholeService.name
        else { return nil }
        self.id = id
        let isEnabled = json.member("enabled") != .bool(false)
        standing = isEnabled ? known : .disabled
        since = json.member("since")?.string.flatMap { Timestamp(iso8601: $0) }
        let snooze = json.member("snoozed_until")?.string.map { "snoozed until \($0)" }
        finding = [snooze, Self.finding(json)].compactMap(\.self).filter { !$0.isEmpty }
            .joined(separator: "; ")
    }

    private static func finding(_ json: JSON) -> String {
        let run = json.member("last_run")
        let stale = json.member("stale") == .bool(true) ? "no news for too long" : nil
        guard let cause = run?.member("cause")?.string else {
            let isNew = run == nil || run == .null
            return stale ?? (isNew && json.member("state")?.string == "unknown" ? "not run yet" : "")
        }
        let phase = run?.member("phase")?.string.map { " in \($0)" } ?? ""
        let message = run?.member("message")?.string.map { ": \($0)" } ?? ""
        return (stale.map { "\($0); last " } ?? "") + cause + phase + message
    }
}

extension JSON {
    /// A member by its name; nothing if this is no object or has none.
    func member(_ name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    var items: [JSON] {
        guard case .array(let items) = self else { return [] }
        return items
    }
}
