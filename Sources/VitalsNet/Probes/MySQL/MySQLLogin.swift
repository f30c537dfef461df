import VitalsCore

/// What a dialogue with a MySQL server needs to know.
struct MySQLLogin: Sendable {
    let user: String
    /// Nothing: an empty one.
    let password: Secret?
    /// Nothing: none is opened.
    let database: String?
    let applicationName: String
    let isEncrypted: Bool
    /// Not a Unix socket, so that it could be encrypted.
    let isOnNetwork: Bool

    init(_ target: MySQLDSN) {
        user = target.user
        password = target.password
        database = target.database
        applicationName = MySQLDSN.applicationName
        isEncrypted = target.tls.mode != .disable
        isOnNetwork = if case .network = target.server { true } else { false }
    }
}
