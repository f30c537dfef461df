package import VitalsCore

/// What a server is told to do: `vitals.yaml`, environment and flags, read, checked and complete.
package struct Configuration: Sendable {
    package var server: ServerSettings
    package var channels: [ConfiguredChannel]
    package var systems: [System]
    /// Those that somebody described; systems may name others.
    package var groups: [Group]
    /// Those that stand by themselves, on as many systems as they say.
    package var checks: [ReusableCheck]
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
        groups: [Group] = [], checks: [ReusableCheck] = [],
        origins: [ResourceKey: ConfigurationOrigin] = [:], pingKey: Secret? = nil
    ) {
        self.server = server
        self.channels = channels
        self.systems = systems
        self.healthChecks = healthChecks
        self.health = health
        self.storage = storage
        self.groups = groups
        self.checks = checks
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

/// A check that stands by itself, and the systems it is on.
package struct ReusableCheck: Sendable, Equatable {
    package let id: CheckID
    /// What it was called before.
    package let formerID: CheckID?
    package let kind: ProbeKind
    /// Whether it is on all systems of those who wrote it: of the files, or of the store.
    package let isOnAll: Bool
    /// In the order of their ids.
    package var systems: [SystemID]
    package var isPaused: Bool

    package init(
        id: CheckID, formerID: CheckID? = nil, kind: ProbeKind, isOnAll: Bool, systems: [SystemID],
        isPaused: Bool
    ) {
        self.id = id
        self.formerID = formerID
        self.kind = kind
        self.isOnAll = isOnAll
        self.systems = systems
        self.isPaused = isPaused
    }

    /// Its health checks.
    package var healthChecks: [HealthCheckID] {
        systems.map { HealthCheckID(system: $0, check: id) }
    }
}

/// A health check and the probe that makes its runs.
package struct ConfiguredHealthCheck: Sendable {
    package let healthCheck: HealthCheck
    package let probe: any Probe
    /// What is demanded of an answer, beyond that there is one.
    package let conditions: Conditions
    /// What its author asks of the database besides, each with a name of its own.
    package let questions: [OwnQuestion]
    /// Where it pings; nothing where it is asked.
    package let heartbeat: HeartbeatAddress?
    /// What it may have been called before, the likeliest first.
    package let formerIDs: [HealthCheckID]
    /// The file that says whom it notifies; nothing: nobody says it, or the store.
    package let notifyingFile: String?

    package init(
        _ healthCheck: HealthCheck, probe: any Probe, conditions: Conditions = Conditions(),
        questions: [OwnQuestion] = [], heartbeat: HeartbeatAddress? = nil, formerIDs: [HealthCheckID] = [],
        notifyingFile: String? = nil
    ) {
        self.healthCheck = healthCheck
        self.heartbeat = heartbeat
        self.formerIDs = formerIDs
        self.notifyingFile = notifyingFile
        let measuring = probe.measuring(healthCheck.policy.vitals)
        let observing = conditions.isEmpty ? measuring : measuring.observing(conditions.needs)
        self.probe = questions.isEmpty ? observing : observing.asking(questions)
        self.conditions = conditions
        self.questions = questions
    }

    /// The same, with a health check that is otherwise in part.
    func with(_ healthCheck: HealthCheck) -> ConfiguredHealthCheck {
        ConfiguredHealthCheck(
            healthCheck, probe: probe, conditions: conditions, questions: questions, heartbeat: heartbeat,
            formerIDs: formerIDs, notifyingFile: notifyingFile)
    }

    /// What the probe found, with the verdict of the conditions and of the author's questions.
    package func judge(_ result: ProbeResult) -> ProbeResult {
        conditions.judge(result, of: probe).judged(by: questions, of: probe)
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
    /// How long the scheduler sleeps at most: within it a step of the wall clock is noticed.
    package var pollInterval: Duration = .seconds(15)
    /// Runs begun within 5 ms at most.
    package var dueBatchSize = 50
    /// From one accepted manual run of a health check to the next; zero: none.
    package var manualRunCooldown: Duration = .seconds(10)
    package var shutdownTimeout: Duration = .seconds(15)
    package var notifyTimeout: Duration = .seconds(8)
    /// Results that memory holds while the store cannot be written.
    package var mostHeldResults = 100_000
    /// Where people reach it from outside, without a slash at its end; nothing: nobody knows.
    package var publicURL: String?
    /// What every path begins with: `/vitals`; empty: nothing.
    package var basePath = ""
    /// Whose word counts about for whom they ask.
    package var trustedProxies: [IPNetwork] = []
    /// Nothing: it speaks plainly.
    package var tls: TLSFiles?
    /// Where `/metrics` is answered to anybody, besides; nothing: nowhere.
    package var metricsAddress: ListenAddress?
    package var isAccessLogged = true
    /// Whether metrics have the names in milliseconds, too, by which databases are told elsewhere.
    package var hasLegacyMetrics = true

    package init() {}
}

/// The certificate that a listener shows, as PEM.
package struct TLSFiles: Sendable, Equatable {
    /// The path of the certificate, followed in its file by those between it and the authority.
    package let certificate: String
    /// The path of its key, without a passphrase.
    package let key: String

    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
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
