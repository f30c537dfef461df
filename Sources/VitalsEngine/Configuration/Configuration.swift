package import VitalsCore

/// What a server is told to do: `vitals.yaml`, environment and flags, read, checked and complete.
package struct Configuration: Sendable {
    package var server: ServerSettings
    package var channels: [ConfiguredChannel]
    package var systems: [System]
    /// In the order of the file; each with the probe bound to its target.
    package var healthChecks: [ConfiguredHealthCheck]
    package var health: HealthSettings
    package var storage: StorageSettings
    /// Nothing: there are no reference points, and no rule about them.
    package var connectivity: ConnectivitySettings?
    /// Who may change which channel and which system.
    package var origins: [ResourceKey: ConfigurationOrigin]
    /// Nothing: nobody outside is told that all is well.
    package var deadman: DeadmanSettings?
    /// What stands before the names of heartbeats in addresses; nothing: there are no such addresses.
    package var pingKey: Secret?

    package init(
        server: ServerSettings, channels: [ConfiguredChannel], systems: [System],
        healthChecks: [ConfiguredHealthCheck], health: HealthSettings, storage: StorageSettings,
        connectivity: ConnectivitySettings? = nil, deadman: DeadmanSettings? = nil,
        origins: [ResourceKey: ConfigurationOrigin] = [:], pingKey: Secret? = nil
    ) {
        self.server = server
        self.channels = channels
        self.systems = systems
        self.healthChecks = healthChecks
        self.health = health
        self.storage = storage
        self.origins = origins
        self.deadman = deadman
        self.pingKey = pingKey
        self.connectivity = connectivity
    }
}

/// What a node asks before it says that a target cannot be reached.
package struct ConnectivitySettings: Sendable {
    /// At least one.
    package let probes: [any Probe]
    /// For each of them.
    package let timeout: Duration

    package init(probes: [any Probe], timeout: Duration) {
        precondition(!probes.isEmpty)
        self.probes = probes
        self.timeout = timeout
    }
}

/// A health check and the probe that makes its runs.
package struct ConfiguredHealthCheck: Sendable {
    package let healthCheck: HealthCheck
    package let probe: any Probe
    /// What is demanded of an answer, beyond that there is one.
    package let conditions: Conditions
    /// Where it pings; nothing where it is asked.
    package let heartbeat: HeartbeatAddress?

    package init(
        _ healthCheck: HealthCheck, probe: any Probe, conditions: Conditions = Conditions(),
        heartbeat: HeartbeatAddress? = nil
    ) {
        self.healthCheck = healthCheck
        self.heartbeat = heartbeat
        self.probe = conditions.isEmpty ? probe : probe.observing(conditions.needs)
        self.conditions = conditions
    }

    /// What the probe found, with the verdict of the conditions.
    package func judge(_ result: ProbeResult) -> ProbeResult {
        conditions.judge(result, of: probe)
    }
}

/// What the node does with a channel, whatever its kind.
package struct ChannelSettings: Sendable, Equatable {
    package let id: ChannelID
    /// Bound to every health check that says nothing else, and told when the server speaks of itself.
    package let isDefault: Bool
    /// From a delivered message of a health check to its next that is no escalation; zero: none.
    package let cooldown: Duration

    package init(id: ChannelID, isDefault: Bool, cooldown: Duration = .zero) {
        self.id = id
        self.isDefault = isDefault
        self.cooldown = cooldown
    }
}

/// A channel's settings and what sends its messages.
package struct ConfiguredChannel: Sendable {
    package let settings: ChannelSettings
    package let channel: any Channel

    package init(_ settings: ChannelSettings, channel: any Channel) {
        self.settings = settings
        self.channel = channel
    }
}

/// How the node listens, and its limits.
package struct ServerSettings: Sendable, Equatable {
    package var host = "127.0.0.1"
    package var port = 8080
    /// Asked of every caller but the health endpoints'; nothing: loopback only.
    package var apiToken: Secret?
    /// Probes in flight on this node; nothing: the smaller of 8,192 and half of the limit on open files.
    package var maxConcurrentHealthChecks: Int?
    package var maxConcurrentPerTarget = 64
    /// From one accepted manual run of a health check to the next; zero: none.
    package var manualRunCooldown: Duration = .seconds(10)
    package var shutdownTimeout: Duration = .seconds(15)
    package var notifyTimeout: Duration = .seconds(8)
    /// Results that memory holds while the store cannot be written.
    package var mostHeldResults = 100_000

    package init() {}
}

/// What `/health` shows.
package struct HealthSettings: Sendable, Equatable {
    /// Public alias of a system.
    package var components: [Component] = []
    /// Aliases that can make the whole unhealthy.
    package var critical: Set<String> = []
    /// The HTTP status of an unhealthy answer.
    package var unhealthyHTTPStatus = 500
    /// The age at which a component's last word is no longer believed; nothing: three intervals, at least 30
    /// s.
    package var maximumAge: Duration?

    package init() {}

    package struct Component: Sendable, Equatable {
        package let alias: String
        package let system: SystemID

        package init(alias: String, system: SystemID) {
            self.alias = alias
            self.system = system
        }
    }
}

/// Who is called while all is well.
package struct DeadmanSettings: Sendable, Equatable {
    /// Many know their callers by nothing but the path.
    package var url: Secret
    package var every: Duration = .seconds(60)
    package var method = "GET"

    package init(url: Secret) {
        self.url = url
    }
}

/// How much the store keeps.
package struct StorageSettings: Sendable, Equatable {
    /// How long single runs are kept.
    package var rawRetention: Duration = .seconds(7 * 86_400)
    /// How long hours are kept; longer than runs.
    package var hourlyRetention: Duration = .seconds(30 * 86_400)
    /// How long days are kept; longer than hours.
    package var dailyRetention: Duration = .seconds(365 * 86_400)
    /// Bytes; beyond it the oldest day goes first.
    package var maximumSize: Int64 = 5_000_000_000

    package init() {}
}
