/// What a probe speaks, and whether what it speaks to is a database.
package struct ProbeKind: Sendable, Hashable {
    /// As in the configuration and in JSON: `postgres`, `http`, `tcp`.
    package let name: String
    /// Whether a timeout while reading or writing counts as partial (a database) or as a failure (a service).
    package let isDatabase: Bool

    package init(_ name: String, isDatabase: Bool) {
        self.name = name
        self.isDatabase = isDatabase
    }
}

extension ProbeKind {
    /// Of the check by which a node watches the whole of what it watches.
    package static let wholeService = ProbeKind("service", isDatabase: false)
}

/// Which events of a health check go to a channel.
package struct Binding: Sendable, Equatable {
    package let channel: ChannelID
    package let onDown: Bool
    package let onDegraded: Bool
    package let onRecovered: Bool
    /// If not, nothing is told, and what is to be told is kept for later.
    package let isEnabled: Bool

    /// - Parameter onDegraded: follows `onDown` unless set.
    package init(
        _ channel: ChannelID, onDown: Bool = true, onDegraded: Bool? = nil, onRecovered: Bool = true,
        isEnabled: Bool = true
    ) {
        self.channel = channel
        self.onDown = onDown
        self.onDegraded = onDegraded ?? onDown
        self.onRecovered = onRecovered
        self.isEnabled = isEnabled
    }
}

/// What a check talks to, as a digest: another revision is another target, and starts from `unknown`.
package struct Revision: Sendable, Hashable {
    /// Hexadecimal digits of an HMAC over kind, target, TLS and request settings.
    package let text: String

    package init(_ text: String) {
        self.text = text
    }
}

/// One check on one system: the unit that is scheduled, evaluated and alerted.
package struct HealthCheck: Sendable, Equatable {
    package let id: HealthCheckID
    package let system: SystemID
    package let check: CheckID
    package let kind: ProbeKind
    /// Its own switch.
    package let isSwitchedOn: Bool
    /// Whether its check is paused, on all systems.
    package let isPaused: Bool
    /// Until then nobody is told that it is bad, though it runs and has its states; nothing: people are.
    package let snoozedUntil: Timestamp?
    /// Whether it can make its system unhealthy; if not, it degrades it at most.
    package let isCritical: Bool
    package let policy: Policy
    package let bindings: [Binding]
    package let revision: Revision
    /// When it is to ping; nothing where it is asked.
    package let heartbeat: HeartbeatSchedule?

    package init(
        system: SystemID, check: CheckID, kind: ProbeKind, isEnabled: Bool = true, isPaused: Bool = false,
        snoozedUntil: Timestamp? = nil, isCritical: Bool = true, policy: Policy, bindings: [Binding] = [],
        revision: Revision,
        heartbeat: HeartbeatSchedule? = nil
    ) {
        id = HealthCheckID(system: system, check: check)
        self.system = system
        self.check = check
        self.kind = kind
        isSwitchedOn = isEnabled
        self.isPaused = isPaused
        self.snoozedUntil = snoozedUntil
        self.isCritical = isCritical
        self.policy = policy
        self.bindings = bindings
        self.revision = revision
        self.heartbeat = heartbeat
    }
}

extension HealthCheck {
    /// Whether it runs and has a part in its system's state.
    package var isEnabled: Bool { isSwitchedOn && !isPaused }

    /// The same, otherwise in what is given.
    package func with(
        isEnabled: Bool? = nil, isPaused: Bool? = nil, snoozedUntil: Timestamp? = nil,
        bindings: [Binding]? = nil
    ) -> HealthCheck {
        HealthCheck(
            system: system, check: check, kind: kind, isEnabled: isEnabled ?? isSwitchedOn,
            isPaused: isPaused ?? self.isPaused, snoozedUntil: snoozedUntil ?? self.snoozedUntil,
            isCritical: isCritical, policy: policy,
            bindings: bindings ?? self.bindings, revision: revision, heartbeat: heartbeat)
    }
}

/// Something people care about. Its state follows from its health checks and is never stored.
package struct System: Sendable, Equatable {
    package let id: SystemID
    /// What people call it; its id when nobody named it.
    package let name: String
    package let description: String
    /// By their labels, in the order in which they were written.
    package let links: [Link]
    package let groups: [String]
    /// What checks on many systems may ask of this one, in the order in which they were written.
    package let labels: [Label]
    /// How many database servers of each part there are to be; nothing: nobody said.
    package let cluster: Cluster?
    package var healthChecks: [HealthCheckID]

    package init(
        id: SystemID, name: String = "", description: String = "", links: [Link] = [], groups: [String] = [],
        labels: [Label] = [], cluster: Cluster? = nil, healthChecks: [HealthCheckID]
    ) {
        self.id = id
        self.name = name.isEmpty ? id.text : name
        self.description = description
        self.links = links
        self.groups = groups
        self.labels = labels
        self.cluster = cluster
        self.healthChecks = healthChecks
    }

    package struct Link: Sendable, Equatable {
        package let label: String
        package let url: String

        package init(label: String, url: String) {
            self.label = label
            self.url = url
        }
    }

    package struct Label: Sendable, Equatable {
        package let name: String
        /// Nothing: not to be shown, as an environment variable is part of it.
        package let value: String?

        package init(name: String, value: String?) {
            self.name = name
            self.value = value
        }
    }
}

/// Systems that belong together.
package struct Group: Sendable, Equatable {
    /// By which systems name it.
    package let id: String
    /// What people call it; its id when nobody named it.
    package let name: String
    package let description: String

    package init(id: String, name: String = "", description: String = "") {
        self.id = id
        self.name = name.isEmpty ? id : name
        self.description = description
    }
}
