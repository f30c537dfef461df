import VitalsCore

/// What a dialogue with a PostgreSQL server needs to know.
struct PostgresLogin: Sendable {
    let user: String
    let password: Secret?
    let database: String
    let applicationName: String
    let isEncrypted: Bool
    /// Not a Unix socket, so that it could be encrypted.
    let isOnNetwork: Bool
    /// Whether what is sent stays on this machine.
    let isLocal: Bool
    let channelBinding: ScramBinding.Wish
    let keys: ScramKeyCache

    init(_ target: PostgresDSN, keys: ScramKeyCache) {
        user = target.user
        password = target.password
        database = target.database
        applicationName = target.applicationName
        isEncrypted = target.tls.mode != .disable
        isOnNetwork = if case .network = target.server { true } else { false }
        isLocal = target.isLocal
        channelBinding = target.channelBinding
        self.keys = keys
    }
}
