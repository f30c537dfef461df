/// Names what answers on a port where something else was looked for, by how it begins to speak, or answers
/// what it does not understand.
enum ForeignPeer {
    private struct Start {
        let bytes: [ClosedRange<UInt8>]
        /// Nothing: as good as HTTP.
        let protocolName: String?
        let description: String

        init(_ bytes: [ClosedRange<UInt8>], _ protocolName: String?, _ description: String) {
            self.bytes = bytes
            self.protocolName = protocolName
            self.description = description
        }

        init(_ text: String, _ protocolName: String?, _ description: String) {
            self.init(text.utf8.map { $0...$0 }, protocolName, description)
        }

        func fits(_ bytes: [UInt8]) -> Bool {
            zip(bytes, self.bytes).allSatisfy { $1.contains($0) }
        }
    }

    /// What it is, for people.
    ///
    /// - Parameters:
    ///   - bytes: the first that came, at least one.
    ///   - sent: what we had sent, to know an echo by; may be nothing.
    static func description(of bytes: [UInt8], after sent: [UInt8]) -> String {
        let isEcho = !sent.isEmpty && (bytes.starts(with: sent.prefix(8)) || sent.starts(with: bytes))
        if isEcho { return "a server that echoes" }
        if let start = start(of: bytes) { return start.description }
        let first = bytes.prefix(8).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return "something that begins with the bytes \(first.joined(separator: " "))"
    }

    /// Which protocol it speaks instead of HTTP, if that can be told.
    static func protocolName(of bytes: [UInt8]) -> String? {
        start(of: bytes)?.protocolName
    }

    /// Whether more bytes could still make one of the protocols of these.
    static func mayFollow(_ bytes: [UInt8]) -> Bool {
        starts.contains { $0.protocolName != nil && $0.bytes.count > bytes.count && $0.fits(bytes) }
    }

    private static func start(of bytes: [UInt8]) -> Start? {
        starts.first { $0.bytes.count <= bytes.count && $0.fits(bytes) }
    }

    private static let any: ClosedRange<UInt8> = 0...255

    /// Where two protocols fit the same bytes, the shorter stands first: the name does not depend on how much
    /// has come.
    private static let starts =
        texts + [
            Start(
                [0x15...0x16, 3...3, any], "TLS: try https://",
                "a server that expects TLS from the first byte"),
            // A greeting packet: length, number 0, version 10, or an error.
            Start([any, any, 0...0, 0...0, 10...10], "MySQL", "a MySQL or MariaDB server"),
            Start([any, any, 0...0, 0...0, 255...255], "MySQL", "a MySQL or MariaDB server"),
            // A notice, with which the X protocol begins.
            Start([5...5, 0...0, 0...0, 0...0, 11...11], "MySQL X", "the X port of a MySQL server"),
            // The frame with which HTTP/2 begins: SETTINGS.
            Start(
                [0...0, any, any, 4...4, 0...1, 0...0, 0...0, 0...0, 0...0], "HTTP/2", "an HTTP/2 server"),
            Start("HTTP/", nil, "an HTTP server"), Start("{", nil, "a server that speaks JSON"),
            Start("<", nil, "a web server"),
        ]

    private static let texts = [
        Start("SSH-", "SSH", "an SSH server"),
        Start("220 ", "SMTP or FTP", "an SMTP or FTP server"),
        Start("220-", "SMTP or FTP", "an SMTP or FTP server"),
        Start("+OK", "POP3", "a POP3 server"),
        Start("* OK", "IMAP", "an IMAP server"),
        Start("-ERR", "Redis", "a Redis server"),
        Start("-DENIED", "Redis", "a Redis server"),
        Start("-NOAUTH", "Redis", "a Redis server"),
        Start("RFB ", "VNC", "a VNC server"),
        Start("ICY ", "Icecast", "an Icecast server"),
        Start("RTSP/", "RTSP", "an RTSP server"),
        Start("SIP/2.0", "SIP", "a SIP server"),
        Start("EFATAL", "PostgreSQL", "a PostgreSQL server"),
    ]
}
