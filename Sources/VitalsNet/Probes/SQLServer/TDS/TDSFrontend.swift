import NIOCore
import VitalsCore

/// What a client says to a SQL Server.
enum TDSFrontend {
    static func prelogin(_ encryption: TDSPrelogin.Encryption) -> ByteBuffer {
        TDSPacket.packets(.prelogin, TDSPrelogin.message(encryption))
    }

    /// "Give up what you are doing" ([MS-TDS] 2.2.1.7).
    static let attention = TDSPacket.packets(.attention, ByteBuffer())

    /// - Parameters:
    ///   - transaction: which the session is in; 0: none.
    ///   - length: of the longest packet.
    static func batch(_ text: String, in transaction: UInt64, length: Int) -> ByteBuffer {
        var message = ByteBuffer()
        // All headers, 22 bytes: one that names the transaction ([MS-TDS] 2.2.5.3.2).
        message.writeInteger(UInt32(22), endianness: .little)
        message.writeInteger(UInt32(18), endianness: .little)
        message.writeInteger(UInt16(2), endianness: .little)
        message.writeInteger(transaction, endianness: .little)
        message.writeInteger(UInt32(1), endianness: .little)
        message.writeUTF16(text)
        return TDSPacket.packets(.batch, message, length: length)
    }

    /// A login by name and password ([MS-TDS] 2.2.6.4, LOGIN7).
    ///
    /// - Parameter isStrict: whether TDS 8.0 is spoken, which begins with TLS.
    static func login(_ login: SQLServerLogin, isStrict: Bool) -> ByteBuffer {
        var message = ByteBuffer()
        message.writeInteger(UInt32(0))
        message.writeInteger(isStrict ? 0x0800_0000 : UInt32(0x7400_0004), endianness: .little)
        message.writeInteger(UInt32(TDSPacket.usualLength), endianness: .little)
        // Version of the program, its process, the connection: nothing that a server needs.
        message.writeRepeatingByte(0, count: 12)
        // The database or nothing, and told of a change of it and of the language; as ODBC sets a session.
        message.writeInteger(UInt8(0xE0))
        message.writeInteger(UInt8(0x02))
        message.writeInteger(UInt8(login.isReadOnly ? 0x20 : 0))
        message.writeInteger(UInt8(0))
        // Time zone and language.
        message.writeRepeatingByte(0, count: 8)
        write(parts(of: login), to: &message)
        message.setInteger(UInt32(message.readableBytes), at: 0, endianness: .little)
        return TDSPacket.packets(.login, message)
    }

    private enum Part {
        case text(String)
        case password(String)
        /// The address of a network card, which takes six bytes in the place of an offset and a length.
        case card
    }

    private static func parts(of login: SQLServerLogin) -> [Part] {
        [
            .text(login.clientName), .text(login.user), .password(login.password?.revealed ?? ""),
            .text(login.applicationName), .text(login.serverName),
            // No extensions; the library; the user's language.
            .text(""), .text(login.applicationName), .text(""), .text(login.database ?? ""), .card,
            // No login by the system, no file to attach, no new password.
            .text(""), .text(""), .text(""),
        ]
    }

    private static func write(_ parts: [Part], to message: inout ByteBuffer) {
        // Four bytes a part, six for the card, four for the length of a long login by the system.
        var offset = message.writerIndex + (parts.count - 1) * 4 + 6 + 4
        var texts = ByteBuffer()
        for part in parts {
            switch part {
            case .card: message.writeRepeatingByte(0, count: 6)
            case .text(let text), .password(let text):
                message.writeInteger(UInt16(offset), endianness: .little)
                message.writeInteger(UInt16(text.utf16.count), endianness: .little)
                offset += 2 * text.utf16.count
                if case .text = part { texts.writeUTF16(text) } else { writeHidden(text, to: &texts) }
            }
        }
        message.writeInteger(UInt32(0))
        message.writeBuffer(&texts)
    }

    /// A password: each byte with its halves exchanged and some bits turned over, which hides it from nobody.
    private static func writeHidden(_ password: String, to buffer: inout ByteBuffer) {
        var plain = ByteBuffer()
        plain.writeUTF16(password)
        buffer.writeBytes(plain.readableBytesView.map { ($0 << 4 | $0 >> 4) ^ 0xA5 })
    }
}
