import NIOCore

/// What a client says to a MySQL server.
enum MySQLFrontend {
    /// The end of a session, in order: anything else counts as aborted.
    static let quit = command(0x01)

    static func query(_ text: String) -> ByteBuffer {
        command(0x03) { $0.writeString(text) }
    }

    /// The first half of a login, for which TLS is begun ("Protocol::SSLRequest").
    static func tlsRequest(_ capabilities: MySQLCapabilities, number: UInt8) -> ByteBuffer {
        packet(number) { writeStart(of: &$0, capabilities) }
    }

    /// - Parameter proof: of the password, as the plugin has it.
    static func login(
        _ login: MySQLLogin, _ capabilities: MySQLCapabilities, plugin: MySQLPlugin, proof: [UInt8],
        number: UInt8
    ) -> ByteBuffer {
        packet(number) { buffer in
            writeStart(of: &buffer, capabilities)
            buffer.writeNullTerminatedString(login.user)
            buffer.writeInteger(UInt8(proof.count))
            buffer.writeBytes(proof)
            if let database = login.database { buffer.writeNullTerminatedString(database) }
            if capabilities.contains(.pluginAuthentication) {
                buffer.writeNullTerminatedString(plugin.rawValue)
            }
            guard capabilities.contains(.connectionAttributes) else { return }
            var attributes = ByteBuffer()
            for text in ["program_name", login.applicationName] { attributes.writeLengthEncodedText(text) }
            buffer.writeLengthEncodedInteger(attributes.readableBytes)
            buffer.writeBuffer(&attributes)
        }
    }

    /// What a plugin answers in the middle of a login.
    static func more(_ bytes: [UInt8], number: UInt8) -> ByteBuffer {
        packet(number) { $0.writeBytes(bytes) }
    }

    /// The same for request and login: 32 bytes.
    private static func writeStart(of buffer: inout ByteBuffer, _ capabilities: MySQLCapabilities) {
        buffer.writeInteger(capabilities.rawValue, endianness: .little)
        buffer.writeInteger(UInt32(1 << 24), endianness: .little)
        buffer.writeInteger(utf8mb4)
        buffer.writeRepeatingByte(0, count: 23)
    }

    /// `utf8mb4_general_ci`, which MySQL and MariaDB know by the same number.
    private static let utf8mb4: UInt8 = 45

    private static func command(_ type: UInt8, _ write: (inout ByteBuffer) -> Void = { _ in }) -> ByteBuffer {
        packet(0) { buffer in
            buffer.writeInteger(type)
            write(&buffer)
        }
    }

    private static func packet(_ number: UInt8, _ write: (inout ByteBuffer) -> Void) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeInteger(UInt32(0))
        write(&buffer)
        let length = buffer.writerIndex - 4
        precondition(length < 0xFF_FFFF)
        buffer.setInteger(UInt32(length) | UInt32(number) << 24, at: 0, endianness: .little)
        return buffer
    }
}
