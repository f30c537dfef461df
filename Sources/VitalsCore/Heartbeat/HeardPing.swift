/// A ping as it was received, which is kept beside what follows from it.
package struct HeardPing: Sendable, Equatable {
    /// Whose words it was spoken in.
    package enum Dialect: String, Sendable, CaseIterable {
        case healthchecks, gatus, kuma
    }

    package let healthCheck: HealthCheckID
    /// When it came; no other ping of the health check has the same.
    package let at: Timestamp
    package let ping: Ping
    package let dialect: Dialect
    /// The address from which it came; empty where that is not known.
    package let client: String
    /// What sent it, by its own account; at most 200 bytes.
    package let agent: String
    /// The start of what it said beyond that; without the secrets of its address, at most 4 KiB.
    package let body: String

    package static let mostBody = 4_096
    package static let mostAgent = 200

    package init(
        of healthCheck: HealthCheckID, at: Timestamp, _ ping: Ping, dialect: Dialect, client: String,
        agent: String, body: String
    ) {
        self.healthCheck = healthCheck
        self.at = at
        self.ping = ping
        self.dialect = dialect
        self.client = client
        self.agent = agent
        self.body = body
    }

    /// The same ping, of a health check that is called otherwise now.
    package func renamed(to id: HealthCheckID) -> HeardPing {
        HeardPing(of: id, at: at, ping, dialect: dialect, client: client, agent: agent, body: body)
    }

    /// The same, with what is found of it once it is taken in.
    package func settled(at: Timestamp, duration: Duration?) -> HeardPing {
        HeardPing(
            of: healthCheck, at: at, Ping(ping.kind, run: ping.run, duration: duration), dialect: dialect,
            client: client, agent: agent, body: body)
    }
}
