import VitalsCore
import VitalsEngine
import VitalsTesting

/// What a seed stands for: what is configured, what can happen, and for how long.
struct Scenario {
    /// As configured now; a restart may change it.
    var healthChecks: [HealthCheck] = []
    var channels: [ChannelSettings] = []
    /// Health checks that share a target's places.
    var endpoints: [HealthCheckID: String] = [:]
    var total: Int
    var perTarget: Int
    /// How many runs are begun within 5 ms.
    var batch: Int
    /// How many there are to ask; none: there is no such rule.
    var referencePoints: Int
    /// How many results are held while the store cannot be written.
    var capacity: Int
    /// How long things happen, and how long nothing does afterwards, so that everything comes to its end.
    var eventful: Duration
    static let calm: Duration = .seconds(3_600)
    /// Between two things that happen, on average.
    var pause: Duration
    /// Whether every other thing that happens is that all is well again, as it mostly is.
    var isMending = false
    /// What a changed configuration chooses from.
    var intervals = [5, 10, 60]
    /// How often those ping that do, in seconds.
    var periods = [20, 60, 300]
    /// Runs older than this are pruned.
    var retention: Duration
    /// Every health check that ever was, by its place in what is kept of them.
    private(set) var ids: [HealthCheckID] = []
    /// What each was called before, the last name first.
    private(set) var formerIDs: [HealthCheckID: [HealthCheckID]] = [:]
    private var renames = 0

    static let channelIDs = ["ops", "mail", "chat"].map { ChannelID($0) }

    /// A small world, in which much happens.
    init(using generator: inout SeededGenerator) {
        total = generator.pick([1, 2, 8, 1_000])
        perTarget = generator.pick([1, 2, 64])
        batch = generator.pick([1, 2, 50])
        capacity = generator.pick([3, 40, 100_000, 100_000])
        referencePoints = generator.pick([0, 1, 3])
        eventful = .seconds(generator.pick([1_800, 7_200, 6 * 3_600]))
        pause = .seconds(generator.pick([20, 60, 300]))
        retention = .seconds(generator.pick([7_200, 86_400]))
        channels = Self.channelIDs.prefix(1 + generator.below(3)).map { Self.channel($0, &generator) }
        for number in 0..<(1 + generator.below(6)) {
            let interval = Duration.seconds(generator.pick([2, 5, 10, 30, 60, 120]))
            add(number, every: interval, using: &generator)
        }
    }

    /// So many health checks a minute apart, for days.
    init(healthChecks count: Int, days: Int, using generator: inout SeededGenerator) {
        total = 1_000
        perTarget = 64
        batch = 50
        capacity = 100_000
        referencePoints = 2
        eventful = .seconds(days * 86_400)
        pause = .seconds(1_800)
        isMending = true
        intervals = [60]
        periods = [300]
        retention = .seconds(6 * 3_600)
        channels = Self.channelIDs.map { Self.channel($0, &generator) }
        for number in 0..<count { add(number, every: .seconds(60), using: &generator) }
    }

    /// Where a health check is kept, whether or not it is configured now.
    func place(of id: HealthCheckID) -> Int { ids.firstIndex(of: id) ?? -1 }

    /// Somebody edits the configuration.
    mutating func reconfigure(at now: Timestamp, using generator: inout SeededGenerator) {
        for number in ids.indices where generator.oneIn(3) {
            let id = ids[number]
            let place = healthChecks.firstIndex { $0.id == id }
            guard let place else {
                healthChecks.append(
                    healthCheck(
                        id, every: .seconds(generator.pick(intervals)), revision: 1, using: &generator))
                continue
            }
            let old = healthChecks[place]
            switch generator.below(8) {
            case 6: rename(number, place)
            case 0: healthChecks.remove(at: place)
            case 1:
                healthChecks[place] = healthCheck(
                    id, every: old.policy.interval, revision: generator.below(1_000), using: &generator)
            case 2:
                let interval = Duration.seconds(generator.pick(intervals))
                healthChecks[place] = old.changed(interval: interval)
            case 3: healthChecks[place] = old.changed(isEnabled: !old.isEnabled)
            case 4: healthChecks[place] = old.changed(bindings: Self.bindings(&generator))
            case 5: healthChecks[place] = old.changed(thresholds: Self.thresholds(&generator))
            default: healthChecks[place] = old.snoozed(until: Self.snooze(after: now, &generator))
            }
        }
        guard generator.oneIn(4) else { return }
        let kept = Self.channelIDs.filter { _ in !generator.oneIn(3) }
        channels = kept.map { Self.channel($0, &generator) }
    }

    private mutating func rename(_ number: Int, _ place: Int) {
        let former = ids[number]
        renames += 1
        let id = HealthCheckID("s\(number)r\(renames).c")
        ids[number] = id
        formerIDs[id] = [former] + (formerIDs[former] ?? [])
        endpoints[id] = endpoints[former]
        healthChecks[place] = healthChecks[place].called(id)
    }

    /// Which health checks go on under another id than before, as a node finds it.
    ///
    /// - Parameter known: of which there is something to go on with.
    func renaming(of known: Set<HealthCheckID>) -> [HealthCheckID: HealthCheckID] {
        let configured = Set(healthChecks.map(\.id))
        return Renaming.plan(
            formerIDs.filter { configured.contains($0.key) }, configured: configured, known: known)
    }

    private mutating func add(_ number: Int, every interval: Duration, using generator: inout SeededGenerator)
    {
        let id = HealthCheckID("s\(number).c")
        ids.append(id)
        endpoints[id] = "target \(generator.oneIn(3) ? 0 : number)"
        healthChecks.append(healthCheck(id, every: interval, revision: 0, using: &generator))
    }

    private func healthCheck(
        _ id: HealthCheckID, every interval: Duration, revision: Int, using generator: inout SeededGenerator
    ) -> HealthCheck {
        let system = String(id.text.dropLast(2))
        let heartbeat =
            generator.oneIn(4)
            ? HeartbeatSchedule(
                .every(.seconds(generator.pick(periods))), grace: .seconds(generator.pick([10, 60]))) : nil
        let isConfirmed = heartbeat == nil && !generator.oneIn(4)
        return HealthCheck(
            system: SystemID(system), check: CheckID("c"),
            kind: ProbeKind("postgres", isDatabase: heartbeat == nil && !generator.oneIn(4)),
            isEnabled: !generator.oneIn(12),
            policy: Policy(
                interval: interval, timeout: min(interval, .seconds(5)),
                thresholds: Self.thresholds(&generator),
                confirmEvery: isConfirmed ? Policy.defaultConfirmEvery(interval: interval) : nil),
            bindings: Self.bindings(&generator), revision: Revision("\(revision)"), heartbeat: heartbeat)
    }

    /// One in three: awake again.
    private static func snooze(
        after now: Timestamp, _ generator: inout SeededGenerator
    ) -> Timestamp? {
        generator.oneIn(3) ? nil : now + .seconds(generator.pick([20, 300, 3_000]))
    }

    private static func thresholds(_ generator: inout SeededGenerator) -> Thresholds {
        if generator.oneIn(3) {
            let size = 1 + generator.below(12)
            return Thresholds(
                window: size, unhealthy: 1 + generator.below(size), degraded: 1 + generator.below(size))
        }
        return Thresholds(
            failure: 1 + generator.below(4), success: 1 + generator.below(3), warn: 1 + generator.below(4),
            degraded: generator.oneIn(3) ? 1 + generator.below(3) : nil)
    }

    private static func bindings(_ generator: inout SeededGenerator) -> [Binding] {
        channelIDs.compactMap { channel in
            guard !generator.oneIn(4) else { return nil }
            return Binding(
                channel, onDown: !generator.oneIn(5),
                onDegraded: generator.pick([nil, nil, true, false]), onRecovered: !generator.oneIn(5))
        }
    }

    private static func channel(_ id: ChannelID, _ generator: inout SeededGenerator) -> ChannelSettings {
        ChannelSettings(
            id: id, isDefault: generator.oneIn(2), cooldown: .seconds(generator.pick([0, 0, 20, 300, 900])))
    }
}

extension HealthCheck {
    fileprivate func changed(
        interval: Duration? = nil, isEnabled: Bool? = nil, bindings: [Binding]? = nil,
        thresholds: Thresholds? = nil
    ) -> HealthCheck {
        let interval = interval ?? policy.interval
        let confirmEvery = Policy.defaultConfirmEvery(interval: interval)
        return HealthCheck(
            system: system, check: check, kind: kind, isEnabled: isEnabled ?? self.isEnabled,
            snoozedUntil: snoozedUntil, isCritical: isCritical,
            policy: Policy(
                interval: interval, timeout: min(interval, .seconds(5)),
                thresholds: thresholds ?? policy.thresholds,
                confirmEvery: policy.confirmEvery.map { _ in confirmEvery }),
            bindings: bindings ?? self.bindings, revision: revision, heartbeat: heartbeat)
    }

    fileprivate func called(_ id: HealthCheckID) -> HealthCheck {
        HealthCheck(
            system: SystemID(String(id.text.dropLast(2))), check: check, kind: kind, isEnabled: isEnabled,
            snoozedUntil: snoozedUntil, isCritical: isCritical, policy: policy, bindings: bindings,
            revision: revision, heartbeat: heartbeat)
    }

    fileprivate func snoozed(until instant: Timestamp?) -> HealthCheck {
        HealthCheck(
            system: system, check: check, kind: kind, isEnabled: isEnabled, snoozedUntil: instant,
            isCritical: isCritical, policy: policy, bindings: bindings, revision: revision,
            heartbeat: heartbeat)
    }
}
