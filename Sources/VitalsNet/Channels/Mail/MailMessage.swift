import NIOCore
import VitalsCore

/// One mail as it goes over the wire.
struct MailMessage: Sendable {
    var from: Mailbox
    var to: [Mailbox]
    var subject: String
    /// Plain text for people.
    var text: String
    /// The same whenever the same thing is sent again: receivers know by it that they have it.
    var id: String
    /// What all mails of one page share, so that readers see them together; nothing: it stands alone.
    var thread: String?
    var sentAt: Timestamp

    /// Headers, an empty line, the text, and the dot that ends it.
    var wire: ByteBuffer {
        var headers = [
            MailHeader("From", [from]),
            MailHeader("To", to),
            MailHeader("Subject", text: subject),
            MailHeader("Date", token: Self.date(sentAt)),
            MailHeader("Message-ID", token: reference(to: id)),
        ]
        if let thread {
            headers.append(MailHeader("In-Reply-To", token: reference(to: thread)))
            headers.append(MailHeader("References", token: reference(to: thread)))
        }
        headers += [
            // Nobody's absence is to be answered to us (RFC 3834, 5).
            MailHeader("Auto-Submitted", token: "auto-generated"),
            MailHeader("MIME-Version", token: "1.0"),
            MailHeader("Content-Type", token: "text/plain; charset=utf-8"),
            MailHeader("Content-Transfer-Encoding", token: "quoted-printable"),
        ]
        return ByteBuffer(
            string: headers.map(\.text).joined() + "\r\n" + MailText.encoded(text) + ".\r\n")
    }

    private func reference(to id: String) -> String { "<\(id)@\(from.address.domain)>" }

    /// `Sat, 21 Nov 2026 10:00:03 +0000` (RFC 5322, 3.3).
    static func date(_ instant: Timestamp) -> String {
        let text = Array(instant.iso8601.utf8)
        let date = text.split(separator: UInt8(ascii: "T"))
        let parts = date[0].split(separator: UInt8(ascii: "-")).map { String(decoding: $0, as: UTF8.self) }
        let time = String(decoding: date[1].prefix(8), as: UTF8.self)
        // The epoch began on a Thursday.
        let weekday = weekdays[Int(max(0, instant.microseconds) / 86_400_000_000 % 7)]
        let month = months[(Int(parts[1]) ?? 1) - 1]
        return "\(weekday), \(parts[2]) \(month) \(parts[0]) \(time) +0000"
    }

    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
