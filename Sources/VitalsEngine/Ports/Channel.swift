package import VitalsCore

/// Where notifications go: one configured webhook, mailbox, ...
package protocol Channel: Sendable {
    var id: ChannelID { get }
    /// `webhook`, ...
    var kind: String { get }

    /// What is allowed and yet unwise, for its author; without any secret. Default: nothing.
    var warnings: [String] { get }

    /// Sends one message once. Never retries, never throws, and ends within `timeout`.
    ///
    /// - Parameters:
    ///   - notification: the idempotency key, the same at every attempt.
    ///   - body: the frozen JSON text.
    ///   - at: the time of this attempt, for the signature.
    func send(
        _ notification: NotificationID, body: String, at: Timestamp, timeout: Duration
    ) async -> DeliveryOutcome
}

extension Channel {
    package var warnings: [String] { [] }
}
