import NIOCore
import VitalsCore

/// What a mail server answered (RFC 5321, 4.2).
struct SMTPReply: Sendable, Equatable {
    /// 200 to 599.
    let code: Int
    /// Without the codes.
    let lines: [String]

    /// Whether what was asked is done.
    var isPositive: Bool { code < 300 }
    /// Whether it will never be done; otherwise it may be later.
    var isFinal: Bool { code >= 500 }

    /// `550 5.1.1 no such user`, on one line.
    var text: String {
        let said = lines.joined(separator: " ").split(separator: " ").joined(separator: " ")
        return Printable.prefix(said.isEmpty ? "\(code)" : "\(code) \(said)", bytes: 300)
    }
}

/// Reads replies as bytes come in, and trusts nothing: lines and replies have limits.
struct SMTPReplyReader: Sendable {
    enum Progress: Equatable {
        /// All that is complete has been taken; there must be more.
        case more
        case reply(SMTPReply)
        case malformed(message: String)
    }

    private var code: Int?
    private var lines: [String] = []

    private static let longestLine = 4_096
    private static let mostLines = 100

    /// Takes the next reply, if all of it is there.
    mutating func read(_ input: inout ByteBuffer) -> Progress {
        while let line = input.readLine(limit: Self.longestLine) {
            guard let (code, isLast) = Self.start(of: line), self.code ?? code == code else {
                let start = String(decoding: line.prefix(32), as: UTF8.self)
                return .malformed(message: "said what is no SMTP: “\(Printable.text(start))”")
            }
            self.code = code
            lines.append(String(decoding: line.dropFirst(4), as: UTF8.self))
            guard !isLast else {
                defer { (self.code, lines) = (nil, []) }
                return .reply(SMTPReply(code: code, lines: lines))
            }
            guard lines.count < Self.mostLines else {
                return .malformed(message: "said more than \(Self.mostLines) lines at once")
            }
        }
        guard input.readableBytes < Self.longestLine else {
            return .malformed(message: "said a line of more than \(Self.longestLine) bytes")
        }
        return .more
    }

    /// `250-` or `250 `, or the code alone.
    private static func start(of line: ByteBufferView) -> (code: Int, isLast: Bool)? {
        let bytes = Array(line.prefix(4))
        guard bytes.count >= 3, (UInt8(ascii: "2")...UInt8(ascii: "5")).contains(bytes[0]),
            bytes[1...2].allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        let code = bytes[0...2].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        guard bytes.count == 4 else { return (code, true) }
        switch bytes[3] {
        case UInt8(ascii: " "): return (code, true)
        case UInt8(ascii: "-"): return (code, false)
        default: return nil
        }
    }
}
