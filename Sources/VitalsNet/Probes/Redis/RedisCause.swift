import VitalsCore

/// What an error of a Redis or Valkey server means. Its first word decides; where that is `ERR`, which says
/// nothing, the words behind it do, which no server translates.
enum RedisCause {
    /// - Returns: `unexpected_reply` for what is not known.
    static func of(_ error: RedisServerError) -> Cause {
        codes[error.code] ?? texts.first { error.message.hasPrefix($0.start) }?.cause ?? .unexpectedReply
    }

    private static let codes: [String: Cause] = [
        "WRONGPASS": .authFailed, "NOAUTH": .authFailed,
        "NOPERM": .privilege,
        // Before it has a password, a server takes clients of its own machine only.
        "DENIED": .hostBlocked,
        "LOADING": .startingUp,
        // A replica without its primary; a cluster with slots that nobody has; a script that does not end,
        // while which nobody is served; a Sentinel that could not get a failover voted for.
        "MASTERDOWN": .backendUnavailable, "CLUSTERDOWN": .backendUnavailable, "BUSY": .backendUnavailable,
        "NOQUORUM": .backendUnavailable, "NOGOODSLAVE": .backendUnavailable, "INPROG": .backendUnavailable,
        "OOM": .writeRefusedResource, "MISCONF": .writeRefusedResource, "NOREPLICAS": .writeRefusedResource,
        "READONLY": .readOnly,
        "NOPROTO": .protocolMismatch,
    ]

    private static let texts: [(start: String, cause: Cause)] = [
        ("max number of clients", .tooManyConnections),
        ("DB index is out of range", .dbMissing), ("invalid DB index", .dbMissing),
        ("No such master with that name", .dbMissing),
        ("SELECT is not allowed in cluster mode", .badConfiguration),
        // Before Redis 6, and of a password where the server has none.
        ("invalid password", .authFailed), ("operation not permitted", .authFailed),
        ("Client sent AUTH, but no password is set", .authFailed),
        ("AUTH <password> called without any password", .authFailed),
        ("wrong number of arguments for 'auth'", .authFailed),
        ("Protocol error", .protocolMismatch),
    ]
}

/// What is wrong, before it is told.
struct RedisVerdict: Sendable, Equatable {
    let cause: Cause
    let code: String?
    let message: String

    init(_ cause: Cause, code: String? = nil, _ message: String) {
        self.cause = cause
        self.code = code
        self.message = message
    }

    /// The cause of an error of the server, in its words, with what mends it where they do not say.
    ///
    /// - Parameter remedy: of what its user may not do.
    init(_ error: RedisServerError, remedy: String = "") {
        cause = RedisCause.of(error)
        code = error.vendorCode
        let words = error.message.isEmpty ? "the server gave no reason" : error.message
        switch (error.code, cause) {
        case ("DENIED", _):
            message =
                "the server is in protected mode: it takes clients of its own machine only, until it has a "
                + "password (ACL SETUSER, requirepass) or protected-mode is off"
        case (_, .privilege) where !remedy.isEmpty: message = "\(words); run: \(remedy)"
        default: message = words
        }
    }
}
