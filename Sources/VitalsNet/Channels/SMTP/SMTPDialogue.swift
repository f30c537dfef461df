import FoundationEssentials
import NIOCore
import VitalsCore

/// One mail to those of its recipients that a server takes it for (RFC 5321; RFC 3207 for STARTTLS, RFC 4954
/// for the login). One command at a time: nothing is sent before the reply to what was sent before it.
struct SMTPDialogue: ProbeDialogue, Sendable {
    /// A recipient for whom the mail was not taken.
    struct Refusal: Sendable, Equatable {
        let recipient: MailAddress
        let reply: SMTPReply
    }

    /// What is waited for.
    private enum Stage: Sendable, Equatable {
        case greeting, extendedHello, hello, startTLS
        case plain, loginUser, loginPassword, loginEnd
        case sender
        case recipient(Int)
        case data, message
    }

    /// Of the recipients, those for whom the server took it; it has the mail only if the run passed.
    private(set) var accepted: [MailAddress] = []
    private(set) var refusals: [Refusal] = []
    /// Whether it failed for a reason that will not go away by itself.
    private(set) var isFinal = false

    private let errand: SMTPErrand
    private var stage = Stage.greeting
    private var reader = SMTPReplyReader()
    private var isSecure: Bool
    private var mechanisms: Set<String> = []

    init(_ errand: SMTPErrand) {
        self.errand = errand
        isSecure = errand.security == .tls
    }

    mutating func opened() -> [ProbeStep] { [.enter(.greeting)] }

    mutating func secured() -> [ProbeStep] {
        isSecure = true
        return [.enter(.greeting)] + say("EHLO \(errand.name)", then: .extendedHello)
    }

    mutating func received(_ input: inout ByteBuffer) -> [ProbeStep] {
        var steps: [ProbeStep] = []
        while true {
            switch reader.read(&input) {
            case .more:
                return steps
            case .malformed(let message):
                return steps + [.fail(.unexpectedReply, message: message)]
            case .reply(let reply):
                guard stage == .startTLS, reply.isPositive else {
                    steps += answered(reply)
                    if steps.last?.isVerdict ?? false { return steps }
                    continue
                }
                // What is here already was not protected by the TLS that it would seem to come through.
                guard input.readableBytes == 0 else {
                    return [.fail(.unexpectedReply, message: "said something between STARTTLS and TLS")]
                }
                return steps + [.startTLS]
            }
        }
    }

    private mutating func answered(_ reply: SMTPReply) -> [ProbeStep] {
        switch stage {
        case .greeting:
            guard reply.code == 220 else { return refused(reply, "greeted with") }
            return say("EHLO \(errand.name)", then: .extendedHello)
        case .extendedHello:
            return greeted(reply)
        case .hello:
            return reply.isPositive ? begin() : refused(reply, "answered HELO with")
        case .startTLS:
            // Not for good: somebody on the way may have said so.
            return [
                .fail(.tlsUnsupported, message: "answered STARTTLS with \(reply.text)", farewell: Self.quit)
            ]
        case .plain, .loginUser, .loginPassword, .loginEnd:
            return loggingIn(reply)
        case .sender:
            guard reply.isPositive else { return refused(reply, "refused the sender \(errand.sender.text):") }
            return ask(for: 0)
        case .recipient(let index):
            return heard(reply, of: index)
        case .data:
            guard reply.code == 354 else { return refused(reply, "answered DATA with") }
            stage = .message
            return [.send(errand.message)]
        case .message:
            guard reply.isPositive else { return refused(reply, "refused the mail:") }
            return [.pass(farewell: Self.quit)]
        }
    }

    /// What the server can do is known, if it says so.
    private mutating func greeted(_ reply: SMTPReply) -> [ProbeStep] {
        let needsExtensions = errand.login != nil || errand.security == .startTLS && !isSecure
        guard reply.isPositive else {
            guard reply.isFinal, !needsExtensions else { return refused(reply, "answered EHLO with") }
            return say("HELO \(errand.name)", then: .hello)
        }
        // The first line is a greeting.
        let extensions = reply.lines.dropFirst().map { $0.uppercased() }
        if errand.security == .startTLS, !isSecure {
            guard extensions.contains(where: { $0.split(separator: " ").first == "STARTTLS" }) else {
                return [.fail(.tlsUnsupported, message: "does not offer STARTTLS", farewell: Self.quit)]
            }
            return [.enter(.tls)] + say("STARTTLS", then: .startTLS)
        }
        for words in extensions.map({ $0.split { $0 == " " || $0 == "=" } }) where words.first == "AUTH" {
            mechanisms.formUnion(words.dropFirst().map(String.init))
        }
        return begin()
    }

    /// Logs in, if that is wanted, and gives the sender.
    private mutating func begin() -> [ProbeStep] {
        guard let login = errand.login else { return giveSender() }
        if mechanisms.contains("PLAIN") {
            let text = Self.base64("\0\(login.user)\0\(login.password.revealed)")
            return [.enter(.authenticate)] + say("AUTH PLAIN \(text)", then: .plain)
        }
        return beginLogin()
    }

    private mutating func beginLogin() -> [ProbeStep] {
        guard mechanisms.contains("LOGIN") else {
            let message = "offers no login by PLAIN or LOGIN"
            return [.fail(.authFailed, message: message, farewell: Self.quit)]
        }
        return [.enter(.authenticate)] + say("AUTH LOGIN", then: .loginUser)
    }

    private mutating func loggingIn(_ reply: SMTPReply) -> [ProbeStep] {
        guard let login = errand.login else { return giveSender() }
        switch (stage, reply.code) {
        case (.plain, 504), (.plain, 534):
            // This one is not to be had after all.
            guard mechanisms.contains("LOGIN") else { return refused(reply, "refused the login:") }
            return beginLogin()
        case (.loginUser, 334):
            return say(Self.base64(login.user), then: .loginPassword)
        case (.loginPassword, 334):
            return say(Self.base64(login.password.revealed), then: .loginEnd)
        case (.plain, 200..<300), (.loginEnd, 200..<300):
            return giveSender()
        default:
            return refused(reply, "refused the login:", .authFailed)
        }
    }

    private mutating func giveSender() -> [ProbeStep] {
        [.enter(.session)] + say("MAIL FROM:<\(errand.sender.text)>", then: .sender)
    }

    private mutating func ask(for index: Int) -> [ProbeStep] {
        say("RCPT TO:<\(errand.recipients[index].text)>", then: .recipient(index))
    }

    private mutating func heard(_ reply: SMTPReply, of index: Int) -> [ProbeStep] {
        // With this the server takes its leave, whatever it was asked.
        guard reply.code != 421 else { return refused(reply, "said") }
        let recipient = errand.recipients[index]
        if reply.isPositive {
            accepted.append(recipient)
        } else {
            refusals.append(Refusal(recipient: recipient, reply: reply))
        }
        guard index + 1 == errand.recipients.count else { return ask(for: index + 1) }
        guard accepted.isEmpty else { return [.enter(.write)] + say("DATA", then: .data) }
        isFinal = refusals.allSatisfy(\.reply.isFinal)
        return [.fail(.unexpectedReply, message: "takes it for nobody", farewell: Self.quit)]
    }

    private mutating func refused(
        _ reply: SMTPReply, _ what: String, _ cause: Cause = .unexpectedReply
    ) -> [ProbeStep] {
        isFinal = reply.isFinal
        return [.fail(cause, code: "\(reply.code)", message: "\(what) \(reply.text)", farewell: Self.quit)]
    }

    private mutating func say(_ command: String, then stage: Stage) -> [ProbeStep] {
        self.stage = stage
        return [.send(ByteBuffer(string: "\(command)\r\n"))]
    }

    private static let quit = ByteBuffer(string: "QUIT\r\n")

    private static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
}
