/// What a template may put in, by its name there.
package enum MessageField: String, Sendable, CaseIterable {
    case id, type, subject, summary, text, at, episode, reason
    case systemID = "system.id"
    case systemName = "system.name"
    case healthCheck = "health_check"
    case check, kind, target, state
    case previousState = "previous_state"
    case cause, phase, code, message, failures, since
    case checkedAt = "checked_at"
    case link

    /// What it is in a message; empty when the message has none.
    package func value(of message: Message, _ words: MessageText) -> String {
        let value: String? =
            switch self {
            case .id: message.id
            case .type: message.type?.rawValue
            case .subject: words.subject
            case .summary: words.summary
            case .text: words.body
            case .at: message.at
            case .episode: message.episode
            case .reason: message.reason
            case .systemID: message.systemID
            case .systemName: message.name
            case .healthCheck: message.healthCheck
            case .check: message.check
            case .kind: message.kind
            case .target: message.address
            case .state: message.state
            case .previousState: message.previousState
            case .cause: message.cause?.rawValue
            case .phase: message.phase?.rawValue
            case .code: message.code
            case .message: message.text
            case .failures: String(message.failures)
            case .since: message.since
            case .checkedAt: message.checkedAt
            case .link: message.link
            }
        return value ?? ""
    }
}
