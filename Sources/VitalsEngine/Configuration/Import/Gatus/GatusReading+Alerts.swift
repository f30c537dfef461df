import VitalsCore

/// How channels of one provider are told of.
struct GatusProvider {
    /// Of the channel for those that no group overrides; nothing: there is none.
    var channel: String?
    /// By group.
    var overrides: [String: String] = [:]
    var usual = GatusAlert()
    /// What it was configured with, which an alert may override.
    var values: [String: ImportSource] = [:]
    /// Why there is no channel, if its kind is none that is known.
    var refusal: String?
}

/// What is said of an alert; what is not, comes from its provider's default.
struct GatusAlert {
    var isEnabled: Bool?
    var failures: Int?
    var successes: Int?
    var tellsRecovery: Bool?
    var description: String?
}

extension GatusReading {
    /// Whom a check tells, and after how many runs.
    struct Telling {
        /// Channels by their ids; none: nobody.
        var notify: JSON = []
        /// Nothing: as the defaults have it.
        var thresholds: JSON?
        var description: String?
    }

    private static let usualFailures = 3
    private static let usualSuccesses = 2

    mutating func telling(_ draft: Draft) -> Telling {
        var bindings: [(String, JSON)] = []
        var descriptions: [String] = []
        var thresholds: [(ImportSource, failures: Int, successes: Int)] = []
        for source in draft.source["alerts"]?.items ?? [] {
            guard let found = alert(source, draft) else { continue }
            let alert = found.alert
            guard alert.isEnabled ?? true else { continue }
            if bindings.contains(where: { $0.0 == found.channel }) {
                ledger.note(.changed, source, "tells the same channel a second time, which it does once here")
            } else {
                bindings.append((found.channel, ["on_recovered": .bool(alert.tellsRecovery ?? false)]))
            }
            if let text = alert.description, !descriptions.contains(text) { descriptions.append(text) }
            thresholds.append(
                (source, alert.failures ?? Self.usualFailures, alert.successes ?? Self.usualSuccesses))
        }
        var telling = Telling()
        if !bindings.isEmpty { telling.notify = JSON(members: bindings) }
        telling.description = descriptions.isEmpty ? nil : descriptions.joined(separator: "\n")
        telling.thresholds = one(of: thresholds, isHeartbeat: draft.kind == "heartbeat")
        return telling
    }

    /// One pair for the check: the lowest ones.
    private mutating func one(
        of thresholds: [(source: ImportSource, failures: Int, successes: Int)], isHeartbeat: Bool
    ) -> JSON? {
        let failures = thresholds.map(\.failures).min() ?? Self.usualFailures
        let successes = thresholds.map(\.successes).min() ?? Self.usualSuccesses
        for alert in thresholds {
            lose("failure-threshold", of: alert.source, to: alert.failures == failures ? nil : failures)
            lose("success-threshold", of: alert.source, to: alert.successes == successes ? nil : successes)
        }
        let isUsual = failures == Self.usualFailures && successes == Self.usualSuccesses
        guard !isUsual || isHeartbeat else { return nil }
        return ["failure": .integer(Int64(failures)), "success": .integer(Int64(successes))]
    }

    /// - Parameter winner: what holds for the check in its place; nothing: it holds itself.
    private mutating func lose(_ key: String, of alert: ImportSource, to winner: Int?) {
        guard let winner else { return }
        let message = "a check has one pair of thresholds for all whom it tells, the lowest: here \(winner)"
        if let source = alert[key] {
            ledger.drop(source, message)
        } else {
            ledger.note(.changed, alert, message)
        }
    }

    /// One alert of an endpoint, and the channel that it goes to.
    private mutating func alert(
        _ source: ImportSource, _ draft: Draft
    ) -> (alert: GatusAlert, channel: String)? {
        guard let type = source["type"]?.text else {
            ledger.drop(source, "has no `type`, so that Gatus refuses it")
            return nil
        }
        guard let provider = providers[type] else {
            ledger.drop(source, "`alerting` says nothing of its type, so that Gatus leaves it out as well")
            return nil
        }
        if let refusal = provider.refusal {
            ledger.drop(source, refusal)
            return nil
        }
        _ = text(source["type"], to: "\(draft.id): notify")
        let override = source["provider-override"]
        var channel = draft.group.flatMap { provider.overrides[$0] } ?? provider.channel
        if let override, !override.isEmpty {
            let values = provider.values.merging(override.entries.map { ($0.key, $0.source) }) { $1 }
            channel = self.channel(type, values, id: "\(type)-\(draft.id)", of: override)
        }
        guard let channel else {
            ledger.drop(source, "its channel could not be carried over, so that nobody would be told")
            return nil
        }
        return (alert(source, else: provider.usual, at: draft.id), channel)
    }

    /// What is said of an alert, or of all of a provider that say nothing else.
    mutating func alert(
        _ source: ImportSource, else usual: GatusAlert = GatusAlert(), at place: String
    ) -> GatusAlert {
        var alert = usual
        let runs = 1...1_000
        alert.isEnabled = flag(source["enabled"], to: "\(place): notify") ?? usual.isEnabled
        let failures = number(source["failure-threshold"], in: runs, to: "\(place): thresholds.failure")
        alert.failures = failures ?? usual.failures
        let successes = number(source["success-threshold"], in: runs, to: "\(place): thresholds.success")
        alert.successes = successes ?? usual.successes
        alert.tellsRecovery =
            flag(source["send-on-resolved"], to: "\(place): notify.on_recovered") ?? usual.tellsRecovery
        if let written = source["description"], let text = text(written, to: "\(place): description") {
            alert.description = text
            ledger.note(.changed, written, "became part of its system's description")
        }
        if let reminders = source["minimum-reminder-interval"], let text = reminders.text {
            if GatusDuration.parse(text) == .zero {
                ledger.note(.carried, reminders, target: "\(place): notify")
            } else {
                ledger.drop(
                    reminders, "nobody is reminded: what is told is told once, and once that it is over")
            }
        }
        return alert
    }
}
