/// What one run found.
package enum Outcome: String, Sendable, CaseIterable {
    case pass, warn, fail
    /// Our own fault: tells nothing about the target.
    case inconclusive
}

/// Why a run was made.
package enum Trigger: String, Sendable, CaseIterable {
    case scheduled, initial, confirm, manual
    /// A heartbeat said how a job ended, or was due and said nothing.
    case heartbeat
}

/// Why a slot was not run.
package enum MissReason: String, Sendable, CaseIterable {
    case late
    case inFlight = "in_flight"
    case targetLimit = "target_limit"
    case backoff
    case notRunning = "not_running"
    case clockJump = "clock_jump"
    case store
}

/// What is known of a health check, or of a system.
package enum State: String, Sendable, CaseIterable {
    case unknown, healthy, degraded, unhealthy

    /// In the words in which mails speak of the whole service.
    package var serviceWord: String {
        switch self {
        case .unknown: "unknown"
        case .healthy: "operational"
        case .degraded: "degraded"
        case .unhealthy: "error"
        }
    }
}

/// Where in a run something happened, in the order in which a run goes through them.
package enum Phase: String, Sendable, CaseIterable {
    case resolve, connect, tls, greeting, authenticate, session, read, write, vitals
    case request
    case firstByte = "first_byte"
    case body

    /// Its place in the order: 0 for `resolve`.
    package var order: Int {
        switch self {
        case .resolve: 0
        case .connect: 1
        case .tls: 2
        case .greeting: 3
        case .authenticate: 4
        case .session: 5
        case .read: 6
        case .write: 7
        case .vitals: 8
        case .request: 9
        case .firstByte: 10
        case .body: 11
        }
    }
}
