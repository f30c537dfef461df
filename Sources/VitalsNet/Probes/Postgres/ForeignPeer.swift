/// Names what answers on a port where PostgreSQL was looked for.
enum ForeignPeer {
    /// - Parameters:
    ///   - bytes: the first that came, at least one.
    ///   - sent: what we had sent, to know an echo by.
    static func description(of bytes: [UInt8], after sent: [UInt8]) -> String {
        if bytes.starts(with: sent.prefix(8)) || sent.starts(with: bytes) { return "a server that echoes" }
        if isMySQL(bytes) { return "a MySQL or MariaDB server" }
        for (prefix, name) in greetings where bytes.starts(with: prefix.utf8) { return name }
        if bytes.count > 1, bytes[0] == 0x15 || bytes[0] == 0x16, bytes[1] == 3 {
            return "a server that expects TLS from the first byte"
        }
        let start = bytes.prefix(8).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return "something that begins with the bytes \(start.joined(separator: " "))"
    }

    private static let greetings = [
        ("HTTP/", "an HTTP server"), ("SSH-", "an SSH server"), ("-ERR", "a Redis server"),
        ("-DENIED", "a Redis server"), ("-NOAUTH", "a Redis server"), ("220", "an SMTP or FTP server"),
        ("+OK", "a POP3 server"), ("* OK", "an IMAP server"), ("RFB ", "a VNC server"),
        ("{", "a server that speaks JSON"), ("<", "a web server"),
    ]

    /// A packet (length in 3 bytes, number, payload) numbered 0 that holds a greeting of version 10 or an
    /// error.
    private static func isMySQL(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 5, bytes[2] == 0, bytes[3] == 0 else { return false }
        return bytes[4] == 10 || bytes[4] == 0xFF
    }
}
