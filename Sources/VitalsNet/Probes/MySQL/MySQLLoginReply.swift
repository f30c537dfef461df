import NIOCore

/// What a server answers while somebody logs in.
enum MySQLLoginReply: Equatable {
    case ok
    case error(MySQLServerError)
    /// The account proves its password by another plugin, with another challenge.
    case change(plugin: String, challenge: [UInt8])
    /// What a plugin has to say.
    case more([UInt8])

    /// How a password was proven before MySQL 4.1.
    static let oldPlugin = "mysql_old_password"
    private static let longestName = 100

    init?(_ payload: ByteBuffer) {
        var payload = payload
        switch payload.getInteger(at: payload.readerIndex, as: UInt8.self) {
        case MySQLMark.ok: self = .ok
        case MySQLMark.error:
            guard let error = MySQLServerError(payload) else { return nil }
            self = .error(error)
        case MySQLMark.moreData:
            self = .more(Array(payload.readableBytesView.dropFirst()))
        case MySQLMark.end:
            payload.moveReaderIndex(forwardBy: 1)
            guard payload.readableBytes > 0 else {
                self = .change(plugin: Self.oldPlugin, challenge: [])
                return
            }
            guard let name = payload.readZeroTerminatedBytes() else { return nil }
            self = .change(
                plugin: String(decoding: name.prefix(Self.longestName), as: UTF8.self),
                challenge: Array(payload.readableBytesView))
        default: return nil
        }
    }
}
