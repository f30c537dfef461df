/// What went wrong, from a closed list; as written in JSON, metrics and on the command line.
package enum Cause: String, Sendable, CaseIterable {
    // The target, or the way to it.
    case dnsNXDomain = "dns_nxdomain"
    case dbMissing = "db_missing"
    case dnsFailure = "dns_failure"
    case refused, unreachable, reset, timeout
    case tlsHandshake = "tls_handshake"
    case tlsCertExpired = "tls_cert_expired"
    case tooManyConnections = "too_many_connections"
    case startingUp = "starting_up"
    case shuttingDown = "shutting_down"
    case backendUnavailable = "backend_unavailable"
    case corruption
    case roleMismatch = "role_mismatch"
    case httpStatus = "http_status"
    case condition
    case unexpectedReply = "unexpected_reply"
    case heartbeatMissing = "heartbeat_missing"
    // The target serves, but not wholly.
    case readOnly = "read_only"
    case writeRefusedResource = "write_refused_resource"
    case lockTimeout = "lock_timeout"
    case statementTimeout = "statement_timeout"
    case deadlock
    case commitStalled = "commit_stalled"
    case vital
    case conditionWarn = "condition_warn"
    case paused
    // Our settings, credentials or rights.
    case authFailed = "auth_failed"
    case accountState = "account_state"
    case dbForbidden = "db_forbidden"
    case dbNotAccepting = "db_not_accepting"
    case hostBlocked = "host_blocked"
    case tlsUnsupported = "tls_unsupported"
    case tlsCertUntrusted = "tls_cert_untrusted"
    case tlsCertNameMismatch = "tls_cert_name_mismatch"
    case protocolMismatch = "protocol_mismatch"
    case privilege
    case notProvisioned = "not_provisioned"
    case badConfiguration = "bad_configuration"
    // Ourselves.
    case `internal`
    case cutOff = "cut_off"
    case rateLimited = "rate_limited"
}

/// What a cause does to a run and to the state of its health check.
package enum CauseClass: String, Sendable, CaseIterable {
    /// Counts towards unhealthy.
    case target
    /// Counts towards degraded.
    case partial
    /// Ours to mend: counts only if the health check has passed once under its present configuration.
    case config
    /// Our own fault: changes nothing.
    case `self`

    package var outcome: Outcome {
        switch self {
        case .target, .config: .fail
        case .partial: .warn
        case .self: .inconclusive
        }
    }
}

extension Cause {
    /// The class of this cause when it strikes in `phase`.
    ///
    /// - Parameters:
    ///   - phase: where it happened.
    ///   - isDatabase: whether the target is a database; a service's timeout is a failure in any phase.
    ///   - hasPassed: whether the health check has passed once under its present configuration; a name or
    ///     database that has never been seen is a mistake in writing it rather than an outage.
    package func causeClass(in phase: Phase, isDatabase: Bool, hasPassed: Bool) -> CauseClass {
        switch self {
        case .dnsNXDomain, .dbMissing:
            hasPassed ? .target : .config
        case .timeout:
            isDatabase && [.read, .write, .vitals].contains(phase) ? .partial : .target
        case .dnsFailure, .refused, .unreachable, .reset, .tlsHandshake, .tlsCertExpired, .tooManyConnections,
            .startingUp, .shuttingDown, .backendUnavailable, .corruption, .roleMismatch, .httpStatus,
            .condition,
            .unexpectedReply, .heartbeatMissing:
            .target
        case .readOnly, .writeRefusedResource, .lockTimeout, .statementTimeout, .deadlock, .commitStalled,
            .vital,
            .conditionWarn, .paused:
            .partial
        case .authFailed, .accountState, .dbForbidden, .dbNotAccepting, .hostBlocked, .tlsUnsupported,
            .tlsCertUntrusted, .tlsCertNameMismatch, .protocolMismatch, .privilege, .notProvisioned,
            .badConfiguration:
            .config
        case .internal, .cutOff, .rateLimited:
            .self
        }
    }
}
