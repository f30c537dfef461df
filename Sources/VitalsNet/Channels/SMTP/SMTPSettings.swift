import Glibc
import VitalsCore
import VitalsEngine

/// What an `smtp` channel is told, checked.
struct SMTPSettings: Sendable {
    let host: String
    let port: Int
    let security: SMTPErrand.Security
    let login: SMTPErrand.Login?
    let from: Mailbox
    let to: [Mailbox]
    let helo: String
    /// Path of a file with the authorities to trust, PEM; nothing: those of the system.
    let authorities: String?

    private static let mostRecipients = 100

    static let fields = [
        Field("host", .text(upTo: 255), isRequired: true, "the mail server's name or address"),
        Field("port", .integer(1...65_535), usual: "587, 465 or 25, by `security`", "the mail server's port"),
        Field(
            "security", .choice(words), usual: "starttls",
            "whether TLS begins in the dialogue (starttls), at once (tls) or not at all (none)"),
        Field("username", .text(upTo: 255), "who logs in"),
        Field("password", .text(upTo: 1_024), isSecret: true, "the password of `username`"),
        Field("from", .text(upTo: 512), isRequired: true, "the sender's address"),
        Field(
            "to", .list(.lines(upTo: 16_384), upTo: mostRecipients), isRequired: true,
            "the recipients' addresses"),
        Field("helo", .text(upTo: 255), usual: "this machine's name", "how Vitals introduces itself"),
        Field("ca", .text(upTo: 4_096), usual: "the system's", "a PEM file with the authorities to trust"),
    ]

    private static let words = [
        "starttls", "tls", "none", "ssl", "ssl_tls", "smtps", "implicit_tls", "plain", "insecure",
    ]

    init(_ settings: Settings) throws(TargetError) {
        (host, _) = try Self.checked("host") { () throws(TargetError) in
            let (host, port) = try HostAndPort.parse(settings.text("host") ?? "")
            guard port == nil else { throw TargetError("the port has a field of its own, `port`") }
            return (host, port)
        }
        security = Self.security(settings.text("security"))
        port = settings.integer("port") ?? security.port
        login = try Self.login(settings)
        from = try Self.checked("from") { () throws(TargetError) in
            try Mailbox(parsing: settings.text("from") ?? "")
        }
        to = try Self.checked("to") { () throws(TargetError) in
            var boxes: [Mailbox] = []
            for text in settings.texts("to") {
                for box in try Mailbox.list(text) where !boxes.contains(where: { $0.address == box.address })
                {
                    boxes.append(box)
                }
            }
            guard !boxes.isEmpty else { throw TargetError("has no recipient") }
            guard boxes.count <= Self.mostRecipients else {
                throw TargetError("has \(boxes.count) recipients; at most \(Self.mostRecipients)")
            }
            return boxes
        }
        helo = try Self.helo(settings.text("helo"))
        authorities = settings.text("ca")
    }

    /// What is allowed and yet unwise.
    var warnings: [String] {
        var warnings: [String] = []
        if security == .none, !isLoopback {
            warnings.append(
                login == nil
                    ? "has `security: none`: mails go over the network in clear text"
                    : "has `security: none`: the password and the mails go over the network in clear text")
        }
        if security == .startTLS, port == SMTPErrand.Security.tls.port {
            warnings.append("has port \(port), where TLS mostly begins at once: is `security: tls` meant?")
        }
        return warnings
    }

    private var isLoopback: Bool {
        host == "localhost" || host == "::1"
            || host.hasPrefix("127.") && host.allSatisfy { $0 == "." || $0.isNumber }
    }

    private static func security(_ word: String?) -> SMTPErrand.Security {
        switch word {
        case "tls", "ssl", "ssl_tls", "smtps", "implicit_tls": .tls
        case "none", "plain", "insecure": .none
        default: .startTLS
        }
    }

    private static func login(_ settings: Settings) throws(TargetError) -> SMTPErrand.Login? {
        switch (settings.text("username"), settings.secret("password")) {
        case (nil, nil): return nil
        case (let user?, let password?): return SMTPErrand.Login(user: user, password: password)
        case (_?, nil): throw TargetError("has a `username` but no `password`", field: "username")
        case (nil, _?): throw TargetError("has a `password` but no `username`", field: "password")
        }
    }

    /// A server hangs up on who introduces himself by no name.
    private static func helo(_ written: String?) throws(TargetError) -> String {
        if let written {
            let isLiteral = written.hasPrefix("[") && written.hasSuffix("]")
            guard isLiteral ? (try? MailAddress(parsing: "a@\(written)")) != nil : HostName.isValid(written)
            else {
                throw TargetError("is no host name, and no address in brackets", field: "helo")
            }
            return written
        }
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, 255) == 0 else { return "localhost" }
        let text = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return HostName.isValid(text) ? text : "localhost"
    }

    private static func checked<Value>(
        _ field: String, _ read: () throws(TargetError) -> Value
    ) throws(TargetError) -> Value {
        do {
            return try read()
        } catch {
            throw TargetError(error.message, field: field)
        }
    }
}

extension SMTPErrand.Security {
    /// Where servers listen for it.
    var port: Int {
        switch self {
        case .startTLS: 587
        case .tls: 465
        case .none: 25
        }
    }
}
