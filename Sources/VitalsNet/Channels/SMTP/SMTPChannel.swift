import NIOCore
import Synchronization
import VitalsCore
import VitalsEngine

/// Mails each notification to people, by a server of theirs.
struct SMTPChannel: VitalsEngine.Channel {
    let id: ChannelID
    let kind = "smtp"

    private let settings: SMTPSettings
    private let target: ProbeTarget
    private let caller: Caller
    /// Who has what already; kept by all copies.
    private let progress: Progress

    init(_ id: ChannelID, _ settings: SMTPSettings, caller: Caller) {
        self.id = id
        self.settings = settings
        self.caller = caller
        progress = Progress()
        let tls = TLSSettings(
            settings.security == .none ? .disable : .verifyFull, authorities: settings.authorities)
        target = ProbeTarget(
            .host(settings.host, port: settings.port), tls: tls,
            startsWithTLS: settings.security == .tls, readLimit: 1 << 18,
            secrets: settings.login?.secrets ?? [])
    }

    var warnings: [String] { settings.warnings }

    func send(
        _ notification: NotificationID, body: String, at: Timestamp, timeout: Duration
    ) async -> DeliveryOutcome {
        let message = Message(reading: body)
        let words = MessageText(message)
        let recipients = progress.recipients.withLock { recipients in
            recipients.left(of: settings.to.map(\.address), notification)
        }
        let mail = MailMessage(
            from: settings.from, to: settings.to, subject: words.subject, text: words.body,
            id: notification.text, thread: message.episode, sentAt: at)
        let errand = SMTPErrand(
            security: settings.security, name: settings.helo, login: settings.login,
            sender: settings.from.address, recipients: recipients, message: mail.wire)
        let run = await caller.call(target, SMTPDialogue(errand), timeout: timeout) { result, dialogue in
            MailRun(
                fault: result.fault?.message, isFinal: dialogue.isFinal, accepted: dialogue.accepted,
                refusals: dialogue.refusals)
        }
        let outcome = progress.recipients.withLock { $0.ended(run, notification) }
        return outcome.shown(at: target)
    }

    private final class Progress: Sendable {
        let recipients = Mutex(MailRecipients())
    }
}

extension DeliveryOutcome {
    /// With the server's name before what is said of it, and no secret in that.
    fileprivate func shown(at target: ProbeTarget) -> DeliveryOutcome {
        func named(_ message: String) -> String {
            target.shown("\(target.endpoint): \(message)", bytes: 1_024)
        }
        return switch self {
        case .delivered(let httpStatus, let note):
            .delivered(httpStatus: httpStatus, note: note.map(named))
        case .failed(let httpStatus, let message, let retryAfter):
            .failed(httpStatus: httpStatus, message: named(message), retryAfter: retryAfter)
        case .refused(let httpStatus, let message):
            .refused(httpStatus: httpStatus, message: named(message))
        }
    }
}

extension SMTPChannel {
    /// The form for the registry.
    static func form(_ caller: Caller) -> ChannelForm {
        ChannelForm(kind: "smtp", fields: SMTPSettings.fields) {
            (id: ChannelID, settings: Settings) throws(TargetError) -> any VitalsEngine.Channel in
            SMTPChannel(id, try SMTPSettings(settings), caller: caller)
        }
    }
}
