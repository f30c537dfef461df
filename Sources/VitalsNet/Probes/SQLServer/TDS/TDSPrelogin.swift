import NIOCore

/// What both sides say before a login ([MS-TDS] 2.2.6.5): which version they have, and what is encrypted.
struct TDSPrelogin: Equatable {
    enum Encryption: UInt8 {
        /// Only the login.
        case off = 0
        case on = 1
        case notSupported = 2
        case required = 3
    }

    /// Of the server: major, minor and build; nothing: it did not say.
    let version: String?
    let encryption: Encryption

    private static let versionOption: UInt8 = 0
    private static let encryptionOption: UInt8 = 1
    private static let end: UInt8 = 0xFF

    /// - Parameter message: the server's.
    init(_ message: ByteBuffer) throws(TDSWireError) {
        let start = message.readerIndex
        var heads = message
        var version: String?
        var encryption: Encryption?
        while let option = heads.readInteger(as: UInt8.self), option != Self.end {
            guard let offset = heads.readInteger(as: UInt16.self),
                let length = heads.readInteger(as: UInt16.self),
                let value = message.getBytes(at: start + Int(offset), length: Int(length))
            else { throw .malformed("its first answer") }
            switch option {
            case Self.versionOption where value.count >= 4:
                version = "\(value[0]).\(value[1]).\(Int(value[2]) << 8 | Int(value[3]))"
            case Self.encryptionOption: encryption = value.first.flatMap(Encryption.init(rawValue:))
            default: break
            }
        }
        guard let encryption else { throw .malformed("its first answer") }
        self.version = version
        self.encryption = encryption
    }

    /// What we say.
    static func message(_ encryption: Encryption) -> ByteBuffer {
        let options: [(UInt8, [UInt8])] = [
            // Ours says nothing of what we can do.
            (versionOption, [0, 0, 0, 0, 0, 0]), (encryptionOption, [encryption.rawValue]),
            // No instance is asked for by name; no thread; one result at a time.
            (2, [0]), (3, [0, 0, 0, 0]), (4, [0]),
        ]
        var message = ByteBuffer()
        var offset = options.count * 5 + 1
        for (option, value) in options {
            message.writeInteger(option)
            message.writeInteger(UInt16(offset))
            message.writeInteger(UInt16(value.count))
            offset += value.count
        }
        message.writeInteger(end)
        for (_, value) in options { message.writeBytes(value) }
        return message
    }
}
