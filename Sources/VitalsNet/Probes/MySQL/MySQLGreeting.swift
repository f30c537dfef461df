import NIOCore

/// What a server says first ("Protocol::HandshakeV10").
struct MySQLGreeting: Equatable {
    /// Of the protocol, with which the packet begins.
    static let version: UInt8 = 10

    /// As the server has it: `8.4.2`, `5.5.5-10.11.19-MariaDB-0+deb12u1`.
    let serverVersion: String
    /// By which the session may be killed.
    let connection: UInt32
    /// 20 bytes that the password is proven with.
    let challenge: [UInt8]
    let capabilities: MySQLCapabilities
    /// By which the server proposes to prove the password.
    let plugin: String

    static let challengeLength = 20
    private static let longestText = 200

    init?(_ payload: ByteBuffer) {
        var payload = payload
        guard payload.readInteger(as: UInt8.self) == Self.version,
            let version = payload.readZeroTerminatedBytes(), version.count <= Self.longestText,
            let connection = payload.readInteger(endianness: .little, as: UInt32.self),
            let start = payload.readBytes(length: 8), payload.readInteger(as: UInt8.self) != nil,
            let low = payload.readInteger(endianness: .little, as: UInt16.self),
            // Character set, status.
            payload.readBytes(length: 3) != nil,
            let high = payload.readInteger(endianness: .little, as: UInt16.self),
            // How long the challenge is, and what is reserved.
            payload.readBytes(length: 11) != nil,
            let rest = payload.readBytes(length: Self.challengeLength - start.count)
        else { return nil }
        // The zero byte that ends the challenge.
        payload.moveReaderIndex(forwardBy: min(1, payload.readableBytes))
        serverVersion = String(decoding: version, as: UTF8.self)
        self.connection = connection
        challenge = start + rest
        capabilities = MySQLCapabilities(rawValue: UInt32(high) << 16 | UInt32(low))
        let name = payload.readZeroTerminatedBytes() ?? Array(payload.readableBytesView)
        plugin = String(decoding: name.prefix(Self.longestText), as: UTF8.self)
    }
}
