import VitalsCore

/// What one run of the dialogue brought.
struct MailRun: Sendable, Equatable {
    /// Why nobody has it; nothing: those who accepted it do.
    var fault: String?
    /// Whether that will not go away by itself.
    var isFinal = false
    var accepted: [MailAddress] = []
    var refusals: [SMTPDialogue.Refusal] = []
}

/// Who of a notification's recipients is still to get it, so that another attempt for one of them is none for
/// the others. It forgets the oldest, and everything with the process: then somebody has a mail twice, by the
/// same Message-ID.
struct MailRecipients: Sendable {
    private struct Account: Sendable {
        var delivered: Set<MailAddress> = []
        /// For good, and how.
        var refused: [SMTPDialogue.Refusal] = []
    }

    private var accounts: [NotificationID: Account] = [:]
    private var order: [NotificationID] = []

    static let most = 256

    /// Those of `all` who are still to get it.
    func left(of all: [MailAddress], _ notification: NotificationID) -> [MailAddress] {
        guard let account = accounts[notification] else { return all }
        let refused = Set(account.refused.map(\.recipient))
        let left = all.filter { !account.delivered.contains($0) && !refused.contains($0) }
        // Asked for once more by hand, all of them get it.
        return left.isEmpty ? all : left
    }

    /// A run ended.
    mutating func ended(_ run: MailRun, _ notification: NotificationID) -> DeliveryOutcome {
        var account = accounts[notification] ?? Account()
        let told = Self.told(run.refusals)
        if let fault = run.fault {
            let message = [fault, told].filter { !$0.isEmpty }.joined(separator: ": ")
            let isRefused = run.isFinal && account.delivered.isEmpty
            guard !run.isFinal else {
                accounts[notification] = nil
                return isRefused
                    ? .refused(httpStatus: nil, message: message)
                    : .delivered(httpStatus: nil, note: "not to all: \(message)")
            }
            return .failed(httpStatus: nil, message: message, retryAfter: nil)
        }
        account.delivered.formUnion(run.accepted)
        account.refused += run.refusals.filter(\.reply.isFinal)
        guard run.refusals.allSatisfy(\.reply.isFinal) else {
            keep(account, notification)
            return .failed(
                httpStatus: nil,
                message: "delivered to \(account.delivered.count), but not yet to all: \(told)",
                retryAfter: nil)
        }
        accounts[notification] = nil
        let note = account.refused.isEmpty ? nil : "not to all: \(Self.told(account.refused))"
        return .delivered(httpStatus: nil, note: note)
    }

    private mutating func keep(_ account: Account, _ notification: NotificationID) {
        if accounts.updateValue(account, forKey: notification) == nil {
            order.removeAll { accounts[$0] == nil || $0 == notification }
            order.append(notification)
            if order.count > Self.most { accounts[order.removeFirst()] = nil }
        }
    }

    /// `a@b.example: 550 no such user`, a few of them.
    private static func told(_ refusals: [SMTPDialogue.Refusal]) -> String {
        let few = refusals.prefix(3).map { "\($0.recipient.text): \($0.reply.text)" }
        let more = refusals.count > 3 ? ["and \(refusals.count - 3) more"] : []
        return (few + more).joined(separator: "; ")
    }
}
