/// What a decision about a health check owes the world.
package enum Effect: Sendable, Equatable {
    case transition(Transition)
    /// An episode begins.
    case opened(EpisodeID, at: Timestamp)
    case ended(EpisodeID, at: Timestamp, EndReason)
    /// Something that channels may want to be told.
    case event(HealthEvent)
    /// Run again at this instant, without waiting for the next slot.
    case confirm(at: Timestamp)
    /// Skip the slots before this instant: the target refuses our login.
    case backOff(until: Timestamp)
    /// What this run saw is worth keeping whole.
    case keepEvidence
    /// Our own trouble has lasted; the server should say so of itself.
    case selfAlert(reason: String)
}

/// A change of state; `at` is that of the run that caused it.
package struct Transition: Sendable, Equatable {
    package let healthCheck: HealthCheckID
    package let from: State
    package let to: State
    package let at: Timestamp

    package init(_ healthCheck: HealthCheckID, from: State, to: State, at: Timestamp) {
        precondition(from != to)
        self.healthCheck = healthCheck
        self.from = from
        self.to = to
        self.at = at
    }
}

/// Why an episode ended.
package enum EndReason: String, Sendable, CaseIterable {
    case recovered, disabled, removed, reconfigured
}

/// What happened to a health check, as channels are told it.
package struct HealthEvent: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case down, degraded, recovered, ended, stale
    }

    package let kind: Kind
    package let healthCheck: HealthCheckID
    package let at: Timestamp
    package let episode: EpisodeID?
    package let reason: String?
    package let from: State
    package let to: State

    package init(
        _ kind: Kind, of healthCheck: HealthCheckID, at: Timestamp, episode: EpisodeID?, reason: String?,
        from: State, to: State
    ) {
        self.kind = kind
        self.healthCheck = healthCheck
        self.at = at
        self.episode = episode
        self.reason = reason
        self.from = from
        self.to = to
    }
}
