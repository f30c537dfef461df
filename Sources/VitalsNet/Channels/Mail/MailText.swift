import VitalsCore

/// The text of a mail as it goes over the wire: quoted-printable (RFC 2045, 6.7), no line longer than 76,
/// lines ended by CR LF, no line beginning with a single dot (RFC 5321, 4.5.2).
enum MailText {
    private static let lineLength = 76

    /// Line ends of any kind are line ends; other control characters go as `=XX`.
    static func encoded(_ text: String) -> String {
        var output: [UInt8] = []
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        while lines.last?.isEmpty == true { lines.removeLast() }
        for line in lines { write(Array(line.utf8), to: &output) }
        return String(decoding: output, as: UTF8.self)
    }

    private static func write(_ line: [UInt8], to output: inout [UInt8]) {
        var length = 0
        for (index, byte) in line.enumerated() {
            let isLast = index == line.count - 1
            let piece = isPlain(byte, isLast: isLast) ? [byte] : escape(byte)
            // The last place is for the sign that the line goes on.
            if length + piece.count > lineLength - (isLast ? 0 : 1) {
                output += "=\r\n".utf8
                length = 0
            }
            // A dot may end the message when it stands alone: encoded it never does.
            let written = length == 0 && byte == UInt8(ascii: ".") ? escape(byte) : piece
            output += written
            length += written.count
        }
        output += "\r\n".utf8
    }

    /// A blank at the end of a line may be lost on its way.
    private static func isPlain(_ byte: UInt8, isLast: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "="): false
        case UInt8(ascii: " "), UInt8(ascii: "\t"): !isLast
        default: (0x21...0x7E).contains(byte)
        }
    }

    private static func escape(_ byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
}
