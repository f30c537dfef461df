/// What a PostgreSQL server says, as far as a probe listens (protocol 3.0, "Message Formats").
enum PostgresMessage: Equatable {
    case authentication(PostgresAuthentication)
    case backendKey(PostgresBackendKey)
    case parameter(name: String, value: String)
    case readyForQuery
    /// One row, its columns as text; nothing for NULL.
    case row([String?])
    /// What the rows that follow are made of.
    case columns([VitalQuestion.Column])
    case commandComplete
    case error(PostgresServerError)
    /// Something that may come and changes nothing: a notice, a notification, ...
    case other
}

/// What a query of a session may be cancelled with.
struct PostgresBackendKey: Equatable {
    /// Of the server's process, or made up by a pooler.
    let processID: Int32
    let secret: UInt32
}

/// How the server wants the client to prove who it is.
enum PostgresAuthentication: Equatable {
    case ok
    case cleartext
    case md5(salt: [UInt8])
    /// The mechanisms offered, best first.
    case sasl([String])
    case saslContinue([UInt8])
    case saslFinal([UInt8])
    /// One that is not spoken here, by its number.
    case unsupported(UInt32)
}

/// An ErrorResponse.
struct PostgresServerError: Equatable {
    /// `ERROR`, `FATAL` or `PANIC`; from the field that is never translated, where the server sends it (9.6
    /// on).
    var severity = ""
    /// SQLSTATE.
    var code = ""
    /// In the language of the server.
    var message = ""
    /// The function in the server's source that raised it; never translated, absent behind some poolers.
    var routine = ""

    /// Whether the server ends the session with it.
    var isFatal: Bool { severity != "ERROR" }
}
