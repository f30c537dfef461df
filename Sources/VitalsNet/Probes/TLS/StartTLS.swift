import NIOCore
import VitalsCore

/// A protocol that begins in the clear and goes on under TLS when it is asked to.
enum StartTLS: String, Sendable, CaseIterable {
    case smtp, imap, pop3, postgres

    /// What is said once the handshake is done, or will not be had.
    var farewell: ByteBuffer? {
        switch self {
        case .smtp, .pop3: ByteBuffer(string: "QUIT\r\n")
        case .imap: ByteBuffer(string: "a2 LOGOUT\r\n")
        case .postgres: nil
        }
    }

    /// The name of its servers, for people.
    var serverName: String {
        switch self {
        case .smtp: "an SMTP server"
        case .imap: "an IMAP server"
        case .pop3: "a POP3 server"
        case .postgres: "a PostgreSQL server"
        }
    }

    /// What we say first (RFC 3207, RFC 9051, RFC 2595).
    var firstWord: String {
        switch self {
        case .smtp: "EHLO localhost\r\n"
        case .imap: "a1 STARTTLS\r\n"
        case .pop3: "STLS\r\n"
        case .postgres: String(buffer: PostgresFrontend.sslRequest)
        }
    }

    /// Whether a greeting may begin so.
    func greets(with byte: UInt8) -> Bool {
        switch self {
        case .smtp: (UInt8(ascii: "2")...UInt8(ascii: "5")).contains(byte)
        case .imap: byte == UInt8(ascii: "*")
        case .pop3: byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
        case .postgres: false
        }
    }
}

/// One line of an SMTP reply (RFC 5321, 4.2): `250-STARTTLS`.
struct SMTPReplyLine: Equatable {
    let code: Int
    let isLast: Bool
    let text: Substring

    /// - Returns: nothing for a line that is none.
    init?(_ line: String) {
        let digits = line.utf8.prefix(3)
        guard digits.count == 3, digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let code = Int(line.prefix(3)), (200...599).contains(code)
        else { return nil }
        let rest = line.dropFirst(3)
        guard rest.isEmpty || rest.first == " " || rest.first == "-" else { return nil }
        self.code = code
        isLast = rest.first != "-"
        text = rest.dropFirst()
    }

    /// Whether it tells that the server can go on under TLS.
    var offersTLS: Bool {
        text.prefix { $0 != " " }.uppercased() == "STARTTLS"
    }
}
