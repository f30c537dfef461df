import FoundationEssentials
import NIOCore
import VitalsCore

/// What one run of the dialogue is to bring to a mail server.
struct SMTPErrand: Sendable {
    /// How the connection is protected.
    enum Security: String, Sendable, CaseIterable {
        /// Begun in the middle of the dialogue; a server that has none is told nothing.
        case startTLS = "starttls"
        /// From the first byte.
        case tls
        case none
    }

    struct Login: Sendable, Equatable {
        let user: String
        let password: Secret

        /// The password in every form in which a server could repeat it.
        var secrets: [Secret] {
            let forms = [
                password.revealed, Self.base64(password.revealed),
                Self.base64("\0\(user)\0\(password.revealed)"),
            ]
            return forms.map { Secret($0) }
        }

        private static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
    }

    var security: Security
    /// How we introduce ourselves.
    var name: String
    /// Given over a connection without TLS only where there is to be none.
    var login: Login?
    var sender: MailAddress
    /// At least one.
    var recipients: [MailAddress]
    /// With the dot that ends it.
    var message: ByteBuffer
}
