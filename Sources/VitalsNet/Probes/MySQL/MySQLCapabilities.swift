/// What client and server can do with each other (MySQL protocol, "Capabilities Flags").
struct MySQLCapabilities: OptionSet, Sendable {
    let rawValue: UInt32

    static let longPassword = MySQLCapabilities(rawValue: 1)
    static let longFlag = MySQLCapabilities(rawValue: 1 << 2)
    static let connectWithDatabase = MySQLCapabilities(rawValue: 1 << 3)
    /// From MySQL 4.1 on; nothing older is spoken here.
    static let protocol41 = MySQLCapabilities(rawValue: 1 << 9)
    static let tls = MySQLCapabilities(rawValue: 1 << 11)
    static let transactions = MySQLCapabilities(rawValue: 1 << 13)
    /// Passwords are proven by a digest of 20 bytes.
    static let secureConnection = MySQLCapabilities(rawValue: 1 << 15)
    static let pluginAuthentication = MySQLCapabilities(rawValue: 1 << 19)
    static let connectionAttributes = MySQLCapabilities(rawValue: 1 << 20)

    /// What a login asks of a server that can do so much.
    func agreed(to login: MySQLLogin) -> MySQLCapabilities {
        var capabilities = intersection(.wanted)
        if login.database != nil { capabilities.insert(.connectWithDatabase) }
        if login.isEncrypted { capabilities.insert(.tls) }
        return capabilities
    }

    /// What a probe asks for. Not that rows end without an EOF packet, so that there is one form of their
    /// end; nor several statements or results in one, nor that a password that is over may log in.
    static let wanted: MySQLCapabilities = [
        .longPassword, .longFlag, .protocol41, .transactions, .secureConnection, .pluginAuthentication,
        .connectionAttributes,
    ]
}
