extension Cause {
    /// For people: what went wrong.
    package var words: String {
        switch self {
        case .dnsNXDomain: "no such host name"
        case .dbMissing: "no such database"
        case .dnsFailure: "the host name cannot be looked up"
        case .refused: "connection refused"
        case .unreachable: "no way to the host"
        case .reset: "connection broken off"
        case .timeout: "no answer in time"
        case .tlsHandshake: "TLS failed"
        case .tlsCertExpired: "certificate not valid at this time"
        case .tooManyConnections: "too many connections"
        case .startingUp: "starting up"
        case .shuttingDown: "shutting down"
        case .backendUnavailable: "the server behind it is not available"
        case .corruption: "data is damaged"
        case .roleMismatch: "not in the role it should have"
        case .httpStatus: "a bad HTTP status"
        case .condition: "a condition does not hold"
        case .unexpectedReply: "an unexpected reply"
        case .heartbeatMissing: "no heartbeat"
        case .readOnly: "read-only"
        case .writeRefusedResource: "writing is refused for want of a resource"
        case .lockTimeout: "a lock could not be had in time"
        case .statementTimeout: "a statement took too long"
        case .deadlock: "deadlock"
        case .commitStalled: "a commit does not end"
        case .vital: "a vital sign is past its threshold"
        case .conditionWarn: "a warning condition does not hold"
        case .paused: "paused by its owner or its host"
        default: ourWords
        }
    }

    /// Of those that are ours to mend, or our own.
    private var ourWords: String {
        switch self {
        case .authFailed: "login refused"
        case .accountState: "the account is locked, expired or at its limit"
        case .dbForbidden: "the account may not use this database"
        case .dbNotAccepting: "the database accepts no connections"
        case .hostBlocked: "our host is not let in"
        case .tlsUnsupported: "TLS is not offered"
        case .tlsCertUntrusted: "certificate not trusted"
        case .tlsCertNameMismatch: "certificate for another name"
        case .protocolMismatch: "speaks another protocol"
        case .privilege: "a right is missing"
        case .notProvisioned: "not set up for being checked"
        case .badConfiguration: "our configuration is wrong"
        case .internal: "a fault of our own"
        case .cutOff: "we are cut off from the network"
        case .rateLimited: "we are asked to ask less often"
        default: rawValue
        }
    }
}

extension Phase {
    /// For people: during what.
    package var words: String {
        switch self {
        case .resolve: "while looking up the name"
        case .connect: "while connecting"
        case .tls: "while setting up TLS"
        case .greeting: "while greeting"
        case .authenticate: "while logging in"
        case .session: "while opening the session"
        case .read: "while reading"
        case .write: "while writing"
        case .vitals: "while reading vital signs"
        case .request: "while sending the request"
        case .firstByte: "while waiting for the answer"
        case .body: "while reading the answer"
        }
    }
}
