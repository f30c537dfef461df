import NIOCore

/// What a client says to a PostgreSQL server (protocol 3.0, "Message Formats").
enum PostgresFrontend {
    static let sslRequest: ByteBuffer = {
        var buffer = ByteBuffer()
        buffer.writeInteger(UInt32(8))
        buffer.writeInteger(UInt32(80_877_103))
        return buffer
    }()

    /// On a connection of its own, in place of all else.
    static func cancelRequest(_ key: PostgresBackendKey) -> ByteBuffer {
        withLength { buffer in
            buffer.writeInteger(UInt32(80_877_102))
            buffer.writeInteger(key.processID)
            buffer.writeInteger(key.secret)
        }
    }

    /// Nothing is asked for beyond what every pooler takes: `options` or a setting would be refused by some.
    static func startup(user: String, database: String, applicationName: String) -> ByteBuffer {
        let parameters = [
            ("user", user), ("database", database), ("application_name", applicationName),
            ("client_encoding", "UTF8"),
        ]
        return withLength { buffer in
            buffer.writeInteger(UInt32(196_608))
            for (name, value) in parameters {
                buffer.writeNullTerminatedString(name)
                buffer.writeNullTerminatedString(value)
            }
            buffer.writeInteger(UInt8(0))
        }
    }

    /// A password, in the clear or as an md5 digest.
    static func password(_ text: String) -> ByteBuffer {
        message("p") { $0.writeNullTerminatedString(text) }
    }

    static func saslInitial(mechanism: String, _ response: [UInt8]) -> ByteBuffer {
        message("p") { buffer in
            buffer.writeNullTerminatedString(mechanism)
            buffer.writeInteger(UInt32(response.count))
            buffer.writeBytes(response)
        }
    }

    static func saslResponse(_ response: [UInt8]) -> ByteBuffer {
        message("p") { $0.writeBytes(response) }
    }

    static func query(_ text: String) -> ByteBuffer {
        message("Q") { $0.writeNullTerminatedString(text) }
    }

    /// One statement and no more, whatever its text says: the server refuses a second one. It returns at most
    /// so many rows.
    static func statement(_ text: String, mostRows: Int) -> ByteBuffer {
        var buffer = message("P") { buffer in
            buffer.writeNullTerminatedString("")
            buffer.writeNullTerminatedString(text)
            buffer.writeInteger(UInt16(0))
        }
        let rest = [
            // Neither portal nor statement has a name; no formats, no values, no formats of columns.
            message("B") { $0.writeBytes([0, 0, 0, 0, 0, 0, 0, 0]) },
            message("D") { $0.writeBytes([UInt8(ascii: "P"), 0]) },
            message("E") { buffer in
                buffer.writeInteger(UInt8(0))
                buffer.writeInteger(UInt32(mostRows))
            },
            message("S") { _ in },
        ]
        for var part in rest { buffer.writeBuffer(&part) }
        return buffer
    }

    static let terminate = message("X") { _ in }

    private static func message(_ type: Unicode.Scalar, _ write: (inout ByteBuffer) -> Void) -> ByteBuffer {
        withLength(after: UInt8(ascii: type), write)
    }

    /// The length counts itself and what follows, not the type.
    private static func withLength(
        after type: UInt8? = nil, _ write: (inout ByteBuffer) -> Void
    ) -> ByteBuffer {
        var buffer = ByteBuffer()
        if let type { buffer.writeInteger(type) }
        let start = buffer.writerIndex
        buffer.writeInteger(UInt32(0))
        write(&buffer)
        buffer.setInteger(UInt32(buffer.writerIndex - start), at: start)
        return buffer
    }
}
