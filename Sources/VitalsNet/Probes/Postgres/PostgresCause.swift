import VitalsCore

/// What an error of a PostgreSQL server means.
///
/// The SQLSTATE decides, and where one stands for several things, the name of the function that raised it:
/// neither is ever translated. Only where there is nothing else, an English text decides; a server of another
/// language then gets the more general cause.
enum PostgresCause {
    /// How far the session was.
    enum Moment: CaseIterable {
        /// Up to AuthenticationOk.
        case login
        /// From there to the first ReadyForQuery: the database is opened.
        case start
        case query
    }

    static func of(_ error: PostgresServerError, at moment: Moment) -> Cause {
        if error.code == "08P01" { return poolerCause(error.message) ?? .protocolMismatch }
        if let cause = exact[error.code] { return cause }
        return ambiguous(error, moment) ?? general(error.code, moment)
    }

    private static let exact: [String: Cause] = [
        "28P01": .authFailed,
        "3D000": .dbMissing, "57P04": .dbMissing,
        "53300": .tooManyConnections,
        "57P01": .shuttingDown, "57P02": .shuttingDown,
        "57P05": .reset,
        "25006": .readOnly,
        // The disk is full, or the transaction ids are used up.
        "53100": .writeRefusedResource, "54000": .writeRefusedResource,
        "55P03": .lockTimeout, "57014": .statementTimeout, "40P01": .deadlock, "40001": .deadlock,
        "XX001": .corruption, "XX002": .corruption,
        // A file of the database cannot be read, or is gone.
        "58030": .corruption, "58P01": .corruption,
        "42P01": .notProvisioned, "3F000": .notProvisioned,
    ]

    private static func ambiguous(_ error: PostgresServerError, _ moment: Moment) -> Cause? {
        switch error.code {
        case "28000": invalidAuthorization(error)
        case "57P03": cannotConnectNow(error.message)
        case "42501": moment == .query ? .privilege : .dbForbidden
        case "55000" where moment != .query: .dbNotAccepting
        // What Supavisor says of an unknown project.
        case "XX000" where error.message.hasPrefix("Tenant or user not found"): .authFailed
        default: nil
        }
    }

    /// Whether a client certificate is what the server misses; it comes from where pg_hba.conf is applied.
    static func isForWantOfCertificate(_ error: PostgresServerError) -> Bool {
        error.message.hasPrefix("connection requires a valid client certificate")
    }

    /// Refused by pg_hba.conf, or a role that may not log in, or a certificate or peer that does not fit.
    private static func invalidAuthorization(_ error: PostgresServerError) -> Cause {
        if isForWantOfCertificate(error) { return .authFailed }
        let isRefusedHost =
            error.routine == "ClientAuthentication"
            || error.message.hasPrefix("no pg_hba.conf entry")
            || error.message.hasPrefix("pg_hba.conf rejects")
        return isRefusedHost ? .hostBlocked : .authFailed
    }

    private static func cannotConnectNow(_ message: String) -> Cause {
        if message.hasSuffix("is shutting down") { return .shuttingDown }
        // A standby with hot_standby = off, which never accepts anybody.
        if message.hasSuffix("is not accepting connections") { return .dbNotAccepting }
        return .startingUp
    }

    /// PgBouncer, up to 1.18 at least, gives this one code to everything. Its texts are not translated.
    private static func poolerCause(_ message: String) -> Cause? {
        poolerTexts.first { message.hasPrefix($0.prefix) }?.cause
    }

    private static let poolerTexts: [(prefix: String, cause: Cause)] = [
        ("password authentication failed", .authFailed), ("SASL authentication failed", .authFailed),
        ("no such user", .authFailed), ("auth_query", .authFailed), ("invalid SCRAM response", .authFailed),
        ("login rejected", .hostBlocked), ("not allowed", .hostBlocked),
        ("no such database", .dbMissing), ("database removed", .dbMissing),
        ("database does not allow connections", .dbNotAccepting), ("database \"", .dbNotAccepting),
        ("no more connections allowed", .tooManyConnections),
        ("SSL required", .tlsUnsupported),
        ("unsupported startup parameter", .badConfiguration), ("bouncer config error", .badConfiguration),
        ("query_wait_timeout", .backendUnavailable), ("server login", .backendUnavailable),
        ("server conn", .backendUnavailable), ("server DNS lookup failed", .backendUnavailable),
        ("connect failed", .backendUnavailable), ("client_login_timeout (server down)", .backendUnavailable),
        ("pgbouncer cannot connect", .backendUnavailable),
        ("bouncer resources exhaustion", .backendUnavailable),
        ("server closed", .backendUnavailable), ("server_", .backendUnavailable),
        ("client_login_timeout", .timeout), ("query timeout", .statementTimeout),
        ("query_timeout", .statementTimeout),
        ("server connections dropped, exiting", .shuttingDown), ("pooler is shut", .shuttingDown),
        ("server shutting down", .shuttingDown), ("pooler error", .backendUnavailable),
    ]

    /// By the class of the code, its first two characters ("PostgreSQL Error Codes").
    private static func general(_ code: String, _ moment: Moment) -> Cause {
        switch code.prefix(2) {
        case "08": .backendUnavailable
        case "28": .authFailed
        case "53", "57", "58": .backendUnavailable
        case "0A" where moment == .login: .protocolMismatch
        case "22", "42", "0A": moment == .query ? .unexpectedReply : .badConfiguration
        case "XX": moment == .query ? .unexpectedReply : .backendUnavailable
        default: .unexpectedReply
        }
    }
}
