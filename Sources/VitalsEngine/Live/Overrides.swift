package import VitalsCore

/// What was chosen by hand of health checks and checks, whoever wrote those: it is kept apart from that.
struct Overrides {
    /// By the ids of health checks, or of checks.
    private var bodies: [String: JSON] = [:]

    init(_ stored: [StoredResource]) {
        for resource in stored where resource.key.kind == .override {
            bodies[resource.key.id] = try? JSON(parsing: Array(resource.body.utf8))
        }
    }

    var isEmpty: Bool { bodies.isEmpty }

    func isEnabled(_ id: HealthCheckID) -> Bool? { bodies[id.text]?.flag("enabled") }

    func snoozedUntil(_ id: HealthCheckID) -> Timestamp? {
        guard case .string(let text)? = bodies[id.text]?.member("snoozed_until") else { return nil }
        return Timestamp(iso8601: text)
    }

    func isEnabled(_ id: ChannelID) -> Bool? { bodies[ResourceKey.choice(of: id).id]?.flag("enabled") }

    func isPaused(_ id: CheckID) -> Bool? { bodies[id.text]?.flag("paused") }

    func notifications(_ id: HealthCheckID) -> NotificationChoice? {
        bodies[id.text].flatMap { NotificationChoice(stored: $0) }
    }
}

/// Whom a health check notifies, as somebody chose it by hand.
package struct NotificationChoice: Sendable, Equatable {
    package let bindings: [Binding]
    /// Channels that there were and that were left out: they stay so, and one that is made later does not.
    package let without: Set<ChannelID>

    package init(_ bindings: [Binding], without: Set<ChannelID>) {
        self.bindings = bindings
        self.without = without
    }

    /// - Parameter body: of an override; nothing: it says nothing of that.
    package init?(stored body: JSON) {
        guard case .array(let items)? = body.member("notifications") else { return nil }
        bindings = items.compactMap { item in
            guard case .string(let channel)? = item.member("channel") else { return nil }
            return Binding(
                ChannelID(channel), onDown: item.flag("on_down") ?? true,
                onDegraded: item.flag("on_degraded"), onRecovered: item.flag("on_recovered") ?? true,
                isEnabled: item.flag("enabled") ?? true)
        }
        guard case .array(let channels)? = body.member("without") else {
            without = []
            return
        }
        without = Set(
            channels.compactMap { channel in
                guard case .string(let id) = channel else { return nil }
                return ChannelID(id)
            })
    }

    /// As an override keeps it.
    package var members: [(name: String, value: JSON)] {
        [
            ("notifications", .array(bindings.map(\.json))),
            ("without", .array(without.sorted().map { .string($0.text) })),
        ]
    }

    /// The same, as if this channel had never been.
    package func forgetting(_ channel: ChannelID) -> NotificationChoice {
        NotificationChoice(
            bindings.filter { $0.channel != channel }, without: without.filter { $0 != channel })
    }

    /// Whom it notifies, where this was said otherwise.
    ///
    /// - Parameter channels: all there are.
    package func applied(to configured: [Binding], _ channels: Set<ChannelID>) -> [Binding] {
        let named = without.union(bindings.map(\.channel))
        return bindings.filter { channels.contains($0.channel) }
            + configured.filter { !named.contains($0.channel) }
    }
}

extension ResourceKey {
    /// Of what was chosen by hand of a channel; no health check and no check is called so.
    package static func choice(of channel: ChannelID) -> ResourceKey {
        ResourceKey(.override, "channel/\(channel.text)")
    }
}

extension Binding {
    /// As the API has it.
    package var json: JSON {
        [
            "channel": .string(channel.text), "on_down": .bool(onDown), "on_degraded": .bool(onDegraded),
            "on_recovered": .bool(onRecovered), "enabled": .bool(isEnabled),
        ]
    }
}

extension JSON {
    fileprivate func member(_ name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    fileprivate func flag(_ name: String) -> Bool? {
        guard case .bool(let flag)? = member(name) else { return nil }
        return flag
    }
}

extension Configuration {
    /// With what was chosen by hand.
    func overridden(by overrides: Overrides) -> Configuration {
        guard !overrides.isEmpty else { return self }
        var overridden = self
        let known = Set(channels.map(\.settings.id))
        overridden.checks = checks.map { check in
            var check = check
            check.isPaused = overrides.isPaused(check.id) ?? check.isPaused
            return check
        }
        overridden.channels = channels.map { channel in
            overrides.isEnabled(channel.settings.id).map { channel.with(isEnabled: $0) } ?? channel
        }
        let paused = Dictionary(
            uniqueKeysWithValues: overridden.checks.flatMap { check in
                check.healthChecks.map { ($0, check.isPaused) }
            })
        overridden.healthChecks = healthChecks.map { entry in
            let healthCheck = entry.healthCheck
            // Where a file says whom to notify, that holds.
            let choice = entry.notifyingFile == nil ? overrides.notifications(healthCheck.id) : nil
            return entry.with(
                healthCheck.with(
                    isEnabled: overrides.isEnabled(healthCheck.id), isPaused: paused[healthCheck.id],
                    snoozedUntil: overrides.snoozedUntil(healthCheck.id),
                    bindings: choice?.applied(to: healthCheck.bindings, known)))
        }
        return overridden
    }

    /// Overrides under the ids of now, where something was renamed.
    ///
    /// - Parameter keys: those that there are.
    /// - Returns: of each that is to move, where to.
    func movedOverrides(_ keys: Set<ResourceKey>) -> [ResourceKey: ResourceKey] {
        var moved: [ResourceKey: ResourceKey] = [:]
        let ids = healthChecks.map { ($0.healthCheck.id.text, $0.formerIDs.map(\.text)) }
        let all = ids + checks.map { ($0.id.text, $0.formerID.map { [$0.text] } ?? []) }
        let configured = Set(all.map(\.0))
        for (id, candidates) in all where !keys.contains(ResourceKey(.override, id)) {
            let found = candidates.first { candidate in
                keys.contains(ResourceKey(.override, candidate)) && !configured.contains(candidate)
            }
            if let found { moved[ResourceKey(.override, found)] = ResourceKey(.override, id) }
        }
        return moved
    }
}
